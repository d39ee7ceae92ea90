package launcher.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioReader;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.run.Journal;
import launcher.scenario.run.LiveRun;
import launcher.scenario.run.RunOptions;
import launcher.scenario.run.RunOutcome;
import launcher.scenario.run.RunSnapshot;
import launcher.scenario.run.RunState;
import launcher.scenario.run.SimulationRun;

/** Runs of the framework's policies, in which bios wait for their ends. */
final class LiveRuns {
  static final long ANSWER_S = 60;

  /** Buffer heads end each page by a bio of its own, so that many are pending at one time. */
  private static final String SCENARIO =
      """
      scenario: swap
      filesystem: {type: block-device, folio-order: 0}
      workload: [{writer: {flags: [dontcache], io-size: 128 KiB, file-size: 8 MiB}}]
      """;

  private final PolicyLookup policies;

  LiveRuns(PolicyLookup policies) {
    this.policies = policies;
  }

  private Scenario scenario() throws Exception {
    return new ScenarioReader(policies, Map.of(), Map.of())
        .readText("swap.yaml", SCENARIO, List.of());
  }

  /** A run that stands still before its first event. */
  LiveRun paused() throws Exception {
    return new LiveRun(scenario(), policies, RunOptions.DEFAULT, now -> {}).startPaused();
  }

  /** A run that stands still while bios wait for their ends with its completion policy. */
  LiveRun withBiosPending() throws Exception {
    LiveRun run = paused();
    RunSnapshot now = run.mailbox().snapshot();
    while (now.biosPending() == 0 && !now.state().isOver()) {
      now = run.mailbox().stepInstants(1).get(ANSWER_S, TimeUnit.SECONDS);
    }
    assertTrue("bios pending: " + now, now.biosPending() > 0);
    return run;
  }

  /** The run as it is after whatever it was told before. */
  RunSnapshot now(LiveRun run) throws Exception {
    // A command's answer comes after whatever was posted before it.
    return run.mailbox().pause().get(ANSWER_S, TimeUnit.SECONDS);
  }

  /** Swaps to a policy by its whole id. */
  RunSnapshot use(LiveRun run, String id) throws Exception {
    PolicyFamily<?> family = PolicyFamily.of(id.substring(0, id.indexOf('.'))).orElseThrow();
    return run.mailbox().use(family, id).get(ANSWER_S, TimeUnit.SECONDS);
  }

  /** Runs on to the end: all is whole there, and the journal repeats it. */
  Journal finish(LiveRun run) throws Exception {
    run.mailbox().resume().get(ANSWER_S, TimeUnit.SECONDS);
    RunOutcome outcome = run.await();
    assertEquals(RunState.ENDED, outcome.state());
    assertTrue(outcome.toString(), outcome.isGood());
    Journal journal = run.journal();
    SimulationRun again =
        new SimulationRun(scenario(), policies, RunOptions.DEFAULT.replaying(journal));
    again.runToEnd();
    assertEquals("digest of the replay", outcome.digest(), again.outcome().digest());
    return journal;
  }

  /** What was done, in its order. */
  static List<String> kinds(Journal journal) {
    return journal.entries().stream().map(entry -> entry.kind().name()).toList();
  }
}
