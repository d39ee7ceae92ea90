package launcher.cli.run;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import launcher.cli.Interrupt;
import launcher.report.SummarySink;
import launcher.scenario.Scenario;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.run.Journal;
import launcher.scenario.run.LiveRun;
import launcher.scenario.run.RunOptions;
import launcher.scenario.run.RunOutcome;
import launcher.scenario.run.RunSnapshot;
import launcher.scenario.run.RunState;
import sim.kernel.spi.PolicyRefusedException;

/**
 * Runs scenarios to their end, or to the moment at which the user wants no more.
 *
 * <p>Nobody is there to bring a policy back, so a run that is suspended is ended.
 */
public final class RunExecution {
  private final PolicyLookup policies;
  private final Interrupt interrupt;

  /**
   * An execution of any number of runs, at one time or one after the other.
   *
   * @param interrupt ends the runs that are going on
   */
  public RunExecution(PolicyLookup policies, Interrupt interrupt) {
    this.policies = policies;
    this.interrupt = interrupt;
  }

  /**
   * Runs a scenario.
   *
   * @param replay repeats what this says in place of the scenario's swaps
   * @param progress told of the run now and then, on its thread
   * @throws RefusedRunException if a run can't be made of it
   */
  public FinishedRun run(
      Scenario scenario, boolean digest, Optional<Journal> replay, Consumer<RunSnapshot> progress)
      throws RefusedRunException, InterruptedException {
    RunOptions options = RunOptions.DEFAULT;
    if (!digest && replay.isEmpty()) {
      options = options.withoutDigest();
    }
    if (replay.isPresent()) {
      options = options.replaying(replay.get());
    }
    return run(scenario, options, progress);
  }

  /**
   * Runs a scenario.
   *
   * @param wanted what the run is made with; its figures are folded beside that
   * @param progress told of the run now and then, on its thread
   * @throws RefusedRunException if a run can't be made of it
   */
  public FinishedRun run(Scenario scenario, RunOptions wanted, Consumer<RunSnapshot> progress)
      throws RefusedRunException, InterruptedException {
    SummarySink sink = new SummarySink();
    RunOptions options = wanted.with(sink);
    AtomicReference<LiveRun> live = new AtomicReference<>();
    AtomicReference<String> suspended = new AtomicReference<>("");
    Consumer<RunSnapshot> watch =
        snapshot -> {
          progress.accept(snapshot);
          if (snapshot.state() == RunState.SUSPENDED) {
            suspended.set(snapshot.message());
            live.get().mailbox().stop();
          }
        };
    try (LiveRun run = compose(scenario, policies, options, watch)) {
      live.set(run);
      run.start();
      try (Interrupt.Registration stopping = interrupt.onRaise(() -> run.mailbox().stop())) {
        RunOutcome outcome = run.await();
        return new FinishedRun(scenario, outcome, sink.summary(), suspended.get(), run.journal());
      }
    }
  }

  /**
   * Composes a run.
   *
   * @throws RefusedRunException if no run can be made of the scenario
   */
  public static LiveRun compose(
      Scenario scenario, PolicyLookup policies, RunOptions options, Consumer<RunSnapshot> progress)
      throws RefusedRunException {
    return compose(scenario.name(), scenario, policies, options, progress);
  }

  /**
   * Composes one of several runs.
   *
   * @param name what it is called
   * @throws RefusedRunException if no run can be made of the scenario
   */
  public static LiveRun compose(
      String name,
      Scenario scenario,
      PolicyLookup policies,
      RunOptions options,
      Consumer<RunSnapshot> progress)
      throws RefusedRunException {
    try {
      return new LiveRun(name, scenario, policies, options, progress);
    } catch (IllegalArgumentException | PolicyRefusedException refused) {
      throw new RefusedRunException(scenario.file(), refused);
    }
  }
}
