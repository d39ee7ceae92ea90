package launcher.scenario.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.run.testing.ListedCompletionPolicy;
import launcher.scenario.run.testing.ListedCompletionPolicy.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Policies whose configuration changes while a run goes on, and journals that tell of it. */
@Timeout(60)
class ConfiguredRunTest {
  private static final String COST = "cost.ns";
  private static final Map<String, String> CHEAP = Map.of(COST, "0");
  private static final Map<String, String> DEAR = Map.of(COST, "5000");

  private final RunRig rig = new RunRig();

  ConfiguredRunTest() {
    rig.policies.add(
        PolicyFamily.COMPLETION,
        RunRig.LISTED,
        CHEAP,
        values -> new ListedCompletionPolicy(Fault.NONE, Long.parseLong(values.get(COST))));
  }

  private LiveRun live(RunOptions options) {
    return new LiveRun(
        "a",
        rig.scenario(),
        rig.policies,
        options,
        snapshot -> {},
        new LiveRun.Patience(Duration.ofSeconds(20), StepWatch.patience()));
  }

  private static RunSnapshot stepNs(LiveRun live, long ns) throws Exception {
    return live.mailbox().stepNs(ns).get(30, TimeUnit.SECONDS);
  }

  private Journal reconfiguredInTheMiddle() throws Exception {
    try (LiveRun live = live(RunOptions.DEFAULT).startPaused()) {
      stepNs(live, 3_000_000);
      rig.policies.set(PolicyFamily.COMPLETION, RunRig.LISTED, DEAR);
      live.mailbox().resume();
      assertTrue(live.await().isGood());
      return live.journal();
    }
  }

  @Test
  void aConfigurationIsASwapAtOneVirtualTimeAndStandsInTheJournal() throws Exception {
    Journal journal = reconfiguredInTheMiddle();
    assertEquals(Map.of(RunRig.LISTED, CHEAP), journal.configurations());
    assertEquals(
        List.of("3000000 SUSPEND completion.listed {}", "3000000 RESUME completion.listed " + DEAR),
        journal.entries().stream()
            .map(e -> e.timeNs() + " " + e.kind() + " " + e.policyId() + " " + e.configuration())
            .toList());
  }

  @Test
  void aReplayHasTheConfigurationsOfItsJournal() throws Exception {
    Journal journal = reconfiguredInTheMiddle();
    // What the policies have now is the end's configuration; the replay asks for the start's.
    try (LiveRun again = live(RunOptions.DEFAULT.replaying(journal)).start()) {
      assertEquals(journal.digest(), again.await().digest());
      assertTrue(again.await().isGood(), again.await()::toString);
    }
    rig.policies.set(PolicyFamily.COMPLETION, RunRig.LISTED, CHEAP);
    SimulationRun cheap = rig.run();
    cheap.runToEnd();
    assertNotEquals(cheap.outcome().digest(), journal.digest());
  }

  @Test
  void aConfigurationOfAPolicyNotInUseIsThereWhenItComesIntoUse() throws Exception {
    Journal journal;
    try (LiveRun live = live(RunOptions.DEFAULT).startPaused()) {
      stepNs(live, 500_000);
      live.mailbox().use(PolicyFamily.COMPLETION, RunRig.OTHER);
      stepNs(live, 500_000);
      rig.policies.set(PolicyFamily.COMPLETION, RunRig.LISTED, DEAR);
      live.mailbox().use(PolicyFamily.COMPLETION, RunRig.LISTED);
      live.mailbox().resume();
      live.await();
      journal = live.journal();
    }
    assertEquals(
        List.of(Map.of(), DEAR),
        journal.entries().stream().map(JournalEntry::configuration).toList());
    try (LiveRun again = live(RunOptions.DEFAULT.replaying(journal)).start()) {
      assertEquals(journal.digest(), again.await().digest());
    }
  }
}
