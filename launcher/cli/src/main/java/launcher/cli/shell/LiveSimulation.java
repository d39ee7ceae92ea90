package launcher.cli.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import launcher.cli.run.FinishedRun;
import launcher.cli.run.RefusedRunException;
import launcher.cli.run.RunExecution;
import launcher.cli.run.ScenarioFigures;
import launcher.report.Counters;
import launcher.report.RunSummary;
import launcher.report.SummarySink;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioException;
import launcher.scenario.ScenarioFiles;
import launcher.scenario.Setting;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.run.Journal;
import launcher.scenario.run.LiveRun;
import launcher.scenario.run.RunMailbox;
import launcher.scenario.run.RunOptions;
import launcher.scenario.run.RunOutcome;
import launcher.scenario.run.RunSnapshot;
import launcher.scenario.run.RunState;
import launcher.scenario.run.SavedRun;

/** One run of a shell. */
final class LiveSimulation implements AutoCloseable {
  private static final long WAKE_WALL_MS = 20;
  private static final long ANSWER_WALL_S = 10;

  private final String name;
  private final Scenario scenario;
  private final List<Setting> settings;
  private final ScenarioFiles files;
  private final SummarySink sink;
  private final LiveRun run;
  private volatile String suspended = "";
  private volatile Counters counters = Counters.NONE;

  /** What a command asked for, which the run's thread gives it, whose the sink is. */
  private Runnable wanted;

  private LiveSimulation(
      String name,
      Scenario scenario,
      List<Setting> settings,
      ScenarioFiles files,
      PolicyLookup policies)
      throws RefusedRunException {
    this.name = name;
    this.scenario = scenario;
    this.settings = settings;
    this.files = files;
    sink = new SummarySink();
    run =
        RunExecution.compose(
            name, scenario, policies, RunOptions.DEFAULT.with(sink), this::progressed);
  }

  /**
   * Reads a file and composes a run of it.
   *
   * @param name what it is called; empty for the name of its scenario
   * @throws ScenarioException if anything is wrong with the file
   * @throws RefusedRunException if no run can be made of it
   */
  static LiveSimulation of(String name, Path file, List<Setting> settings, PolicyLookup policies)
      throws ScenarioException, RefusedRunException {
    ScenarioFiles files = ScenarioFiles.onDisk();
    Scenario scenario = ScenarioFigures.reader(policies).reading(files).read(file, settings);
    String called = name.isEmpty() ? scenario.name() : name;
    return new LiveSimulation(called, scenario, settings, files, policies);
  }

  /** On the run's thread. */
  private synchronized void progressed(RunSnapshot now) {
    counters = sink.counters();
    if (wanted != null) {
      wanted.run();
      wanted = null;
    }
    notifyAll();
  }

  void start(double speed, boolean paused) {
    run.mailbox().speed(speed);
    if (paused) {
      run.startPaused();
    } else {
      run.start();
    }
  }

  String name() {
    return name;
  }

  /** What was counted so far, a tenth of a second of wall time ago at most. */
  Counters counters() {
    return counters;
  }

  /** The run with all that it takes to repeat it elsewhere. */
  SavedRun saved() throws Exception {
    return new SavedRun(journal(), settings, files.readSoFar());
  }

  Scenario scenario() {
    return scenario;
  }

  RunMailbox mailbox() {
    return run.mailbox();
  }

  /**
   * Waits until the run has come to a virtual time, is over, or stands still for want of a policy.
   *
   * @throws IllegalStateException if it is paused, and would be for ever
   */
  synchronized RunSnapshot await(long timeNs) throws InterruptedException {
    // Ends: the run's thread tells of its progress ten times a second, and last of its end.
    while (true) {
      RunSnapshot now = run.mailbox().snapshot();
      switch (now.state()) {
        case ENDED, FAILED, SUSPENDED -> {
          return now;
        }
        case PAUSED -> throw new IllegalStateException("the run is paused; sim:resume it first");
        default -> {
          if (now.nowNs() >= timeNs) {
            return now;
          }
        }
      }
      wait(WAKE_WALL_MS);
    }
  }

  /** Waits for some wall time, or until the run is over; whether it is. */
  synchronized boolean isOverWithin(long wallMs) throws InterruptedException {
    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wallMs);
    while (!mailbox().snapshot().state().isOver()) {
      long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
      if (leftMs <= 0) {
        return false;
      }
      wait(leftMs);
    }
    return true;
  }

  /** The run after whatever it was told before. */
  RunSnapshot settled() throws InterruptedException {
    try {
      mailbox().journal().get(ANSWER_WALL_S, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return mailbox().snapshot(); // It is over, or was never started.
    }
    return mailbox().snapshot();
  }

  /** What a command was answered; throws what it was refused with. */
  static <T> T answer(CompletableFuture<T> answer) throws Exception {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception refused) {
        throw refused;
      }
      throw e;
    }
  }

  /** What has happened to the run from outside so far. */
  Journal journal() throws Exception {
    if (run.mailbox().snapshot().state().isOver()) {
      run.await();
      return run.journal();
    }
    return answer(run.mailbox().journal());
  }

  /** The figures so far. */
  RunSummary summary() throws InterruptedException {
    return onItsThread(sink::summary);
  }

  /** What was counted so far. */
  Counters countersNow() throws InterruptedException {
    return onItsThread(sink::counters);
  }

  private <T> T onItsThread(Supplier<T> figures) throws InterruptedException {
    CompletableFuture<T> asked = new CompletableFuture<>();
    synchronized (this) {
      wanted = () -> asked.complete(figures.get());
    }
    // Ends: the run tells of its progress each time it has answered a command, if a tenth of a
    // second has passed, or it is over.
    while (!asked.isDone()) {
      if (run.mailbox().snapshot().state().isOver()) {
        run.await();
        return figures.get();
      }
      run.mailbox().journal();
      synchronized (this) {
        wait(WAKE_WALL_MS);
      }
    }
    return asked.join();
  }

  /** Remembers, before it is ended, what it waits for. */
  void noteSuspension() throws InterruptedException {
    RunSnapshot before = settled();
    suspended = before.state() == RunState.SUSPENDED ? before.message() : "";
  }

  /** What it came to, once it is over. */
  FinishedRun finished() throws InterruptedException {
    RunOutcome outcome = run.await();
    return new FinishedRun(scenario, outcome, sink.summary(), suspended, run.journal());
  }

  /** Ends the run, if it isn't over, and waits for that. */
  @Override
  public void close() {
    run.close();
  }
}
