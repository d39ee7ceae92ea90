package launcher.cli.shell;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import launcher.cli.run.FinishedRun;
import launcher.cli.run.RefusedRunException;
import launcher.cli.run.RunExecution;
import launcher.report.RunSummary;
import launcher.report.SummarySink;
import launcher.scenario.Scenario;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.run.Journal;
import launcher.scenario.run.LiveRun;
import launcher.scenario.run.RunMailbox;
import launcher.scenario.run.RunOptions;
import launcher.scenario.run.RunOutcome;
import launcher.scenario.run.RunSnapshot;
import launcher.scenario.run.RunState;

/** The one run of a shell. */
final class LiveSimulation implements AutoCloseable {
  private static final long WAKE_WALL_MS = 20;

  private final Scenario scenario;
  private final SummarySink sink;
  private final LiveRun run;

  /** Asked for by a command and given by the run's thread, whose the sink is. */
  private CompletableFuture<RunSummary> wanted;

  /**
   * Composes the run.
   *
   * @throws RefusedRunException if no run can be made of the scenario
   */
  LiveSimulation(Scenario scenario, PolicyLookup policies) throws RefusedRunException {
    this.scenario = scenario;
    sink = new SummarySink();
    run = RunExecution.compose(scenario, policies, RunOptions.DEFAULT.with(sink), this::progressed);
  }

  /** On the run's thread. */
  private synchronized void progressed(RunSnapshot now) {
    if (wanted != null) {
      wanted.complete(sink.summary());
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
    CompletableFuture<RunSummary> asked = new CompletableFuture<>();
    synchronized (this) {
      wanted = asked;
    }
    // Ends: the run tells of its progress each time it has answered a command, if a tenth of a
    // second has passed, or it is over.
    while (!asked.isDone()) {
      if (run.mailbox().snapshot().state().isOver()) {
        run.await();
        return sink.summary();
      }
      run.mailbox().journal();
      synchronized (this) {
        wait(WAKE_WALL_MS);
      }
    }
    return asked.join();
  }

  /** Ends the run, if it isn't over; what it has come to. */
  FinishedRun finish() throws InterruptedException {
    RunSnapshot before = run.mailbox().snapshot();
    run.close();
    boolean suspended = before.state() == RunState.SUSPENDED;
    RunOutcome outcome = run.await();
    return new FinishedRun(
        scenario, outcome, sink.summary(), suspended ? before.message() : "", run.journal());
  }

  @Override
  public void close() {
    run.close();
  }
}
