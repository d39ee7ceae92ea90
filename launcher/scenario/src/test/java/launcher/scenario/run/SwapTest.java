package launcher.scenario.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.Bio;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionPolicy;
import java.util.List;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.run.testing.ListedCompletionPolicy;
import launcher.scenario.run.testing.ListedCompletionPolicy.Fault;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.hotplug.CpuHotplug;
import sim.kernel.hotplug.CpuHotplugState;

class SwapTest {
  private final RunRig rig = new RunRig();

  /** Advances a run to the first instant from a time on at which bios are pending. */
  private static int advanceToPendingBios(SimulationRun run, long fromNs) {
    run.advanceToNs(fromNs);
    while (run.state() == RunState.RUNNING && run.snapshot().biosPending() == 0) {
      run.advanceByInstants(1);
    }
    int pending = run.snapshot().biosPending();
    assertTrue(pending > 0, "bios pending at " + run.nowNs());
    return pending;
  }

  private static void assertEndsWell(SimulationRun run) {
    assertEquals(RunState.ENDED, run.runToEnd(), () -> RunRig.whatIsWrong(run));
    assertEquals("", RunRig.whatIsWrong(run));
  }

  private void assertReplays(SimulationRun run, String... more) throws Exception {
    Journal journal = Journal.read("j", run.journal().text());
    assertEquals(run.journal(), journal);
    SimulationRun again =
        new SimulationRun(rig.scenario(more), rig.policies, RunOptions.DEFAULT.replaying(journal));
    again.runToEnd();
    assertEquals(run.outcome().digest(), again.outcome().digest());
    assertEquals(journal.entries(), again.journal().entries());
    assertEquals(List.of(), again.outcome().invariantFailures());
  }

  @Test
  void biosPendingAtASwapGoToTheNextPolicyAndTheJournalRepeatsIt() throws Exception {
    SimulationRun run = rig.run();
    int pending = advanceToPendingBios(run, 1_000_000);
    long atNs = run.nowNs();
    run.use(PolicyFamily.COMPLETION, RunRig.OTHER);
    JournalEntry entry = run.journal().entries().get(0);
    assertEquals(
        List.of(atNs, JournalEntry.Kind.SWAP, RunRig.OTHER, pending),
        List.of(entry.timeNs(), entry.kind(), entry.policyId(), entry.handedOver()));
    assertEquals(RunRig.OTHER, run.snapshot().policies().get(0).policyId());
    assertEndsWell(run);
    assertReplays(run);
    assertNotEquals(digestWithoutSwap(), run.outcome().digest(), "the swap is in the trace");
  }

  /** A policy that takes a hotplug state which has room for one. */
  private static CompletionPolicy alone() {
    return host -> {
      CpuHotplug hotplug = host.machine().hotplug();
      int state = hotplug.register(CpuHotplugState.PAGE_ALLOC_DEAD, "alone", null, null);
      CompletionDeferral inner = new ListedCompletionPolicy(Fault.NONE).attach(host);
      return new CompletionDeferral() {
        @Override
        public void defer(Exec x, Bio bio) {
          inner.defer(x, bio);
        }

        @Override
        public List<Bio> detach() {
          hotplug.remove(state);
          return inner.detach();
        }

        @Override
        public int pending() {
          return inner.pending();
        }
      };
    };
  }

  @Test
  void aPolicyThatIsSwappedForItselfGoesBeforeItComes() throws Exception {
    rig.policies.add(PolicyFamily.COMPLETION, "completion.alone", alone());
    SimulationRun run = rig.run();
    run.use(PolicyFamily.COMPLETION, "completion.alone");
    int pending = advanceToPendingBios(run, 1_000_000);
    run.use(PolicyFamily.COMPLETION, "completion.alone");
    JournalEntry entry = run.journal().entries().get(1);
    assertEquals(
        List.of(JournalEntry.Kind.SWAP, "completion.alone", pending),
        List.of(entry.kind(), entry.policyId(), entry.handedOver()));
    assertEndsWell(run);
    assertReplays(run);
  }

  private String digestWithoutSwap() {
    SimulationRun run = rig.run();
    run.runToEnd();
    return run.outcome().digest();
  }

  @Test
  void aScenariosSwapTakesEffectAfterEverythingDueAtItsTime() throws Exception {
    String swaps = "swaps: [{at: 2 ms, completion: other}, {at: 3 ms, writeback: also-inline}]";
    SimulationRun run = rig.run(swaps);
    assertEndsWell(run);
    assertEquals(
        List.of("2000000 completion.other", "3000000 writeback.also-inline"),
        run.journal().entries().stream().map(e -> e.timeNs() + " " + e.policyId()).toList());
    assertReplays(run, swaps);

    // By hand, in a run without planned swaps: the same trace.
    SimulationRun byHand = rig.run();
    byHand.advanceToNs(2_000_000);
    byHand.use(PolicyFamily.COMPLETION, RunRig.OTHER);
    byHand.advanceToNs(3_000_000);
    byHand.use(PolicyFamily.WRITEBACK, "writeback.also-inline");
    assertEndsWell(byHand);
    assertEquals(run.outcome().digest(), byHand.outcome().digest());
  }

  @Test
  void aRunWaitsForItsPolicyWithItsClockStoppedAndGoesOnWhenItIsBack() throws Exception {
    SimulationRun run = rig.run();
    int pending = advanceToPendingBios(run, 1_000_000);
    long atNs = run.nowNs();
    ListedCompletionPolicy policy =
        (ListedCompletionPolicy)
            rig.policies.find(PolicyFamily.COMPLETION, RunRig.LISTED).orElseThrow();
    rig.policies.remove(PolicyFamily.COMPLETION, RunRig.LISTED);
    run.policyLeaving(PolicyFamily.COMPLETION, RunRig.LISTED, policy);
    assertEquals(RunState.SUSPENDED, run.runToEnd());
    assertEquals(atNs, run.nowNs());
    assertEquals("completion.listed has left", run.snapshot().message());
    assertEquals(pending, run.snapshot().biosPending());

    run.policyArrived(PolicyFamily.COMPLETION, RunRig.OTHER);
    assertEquals(RunState.SUSPENDED, run.state(), "another id is not what it waits for");

    rig.policies.add(
        PolicyFamily.COMPLETION, RunRig.LISTED, new ListedCompletionPolicy(Fault.NONE));
    run.policyArrived(PolicyFamily.COMPLETION, RunRig.LISTED);
    assertEquals(RunState.RUNNING, run.state());
    assertEndsWell(run);
    assertEquals(
        List.of("SUSPEND " + pending, "RESUME " + pending),
        run.journal().entries().stream().map(e -> e.kind() + " " + e.handedOver()).toList());
    assertReplays(run);
  }

  @Test
  void aSuccessorThatIsThereAlreadyTakesOverAtTheSameInstant() throws Exception {
    SimulationRun run = rig.run();
    advanceToPendingBios(run, 1_000_000);
    Object before = rig.policies.find(PolicyFamily.COMPLETION, RunRig.LISTED).orElseThrow();
    rig.policies.add(
        PolicyFamily.COMPLETION, RunRig.LISTED, new ListedCompletionPolicy(Fault.NONE));
    run.policyArrived(PolicyFamily.COMPLETION, RunRig.LISTED);
    run.policyLeaving(PolicyFamily.COMPLETION, RunRig.LISTED, before);
    assertEquals(RunState.RUNNING, run.state());
    assertEndsWell(run);
    assertReplays(run);
  }

  @Test
  void twoFamiliesMayBeMissingAtOnce() throws Exception {
    SimulationRun run = rig.run();
    advanceToPendingBios(run, 1_000_000);
    Object completion = rig.policies.find(PolicyFamily.COMPLETION, RunRig.LISTED).orElseThrow();
    Object writeback = rig.policies.find(PolicyFamily.WRITEBACK, "writeback.inline").orElseThrow();
    rig.policies.remove(PolicyFamily.COMPLETION, RunRig.LISTED);
    rig.policies.remove(PolicyFamily.WRITEBACK, "writeback.inline");
    run.policyLeaving(PolicyFamily.COMPLETION, RunRig.LISTED, completion);
    run.policyLeaving(PolicyFamily.WRITEBACK, "writeback.inline", writeback);
    run.use(PolicyFamily.COMPLETION, RunRig.OTHER);
    assertEquals(RunState.SUSPENDED, run.runToEnd());
    assertEquals("writeback.inline has left", run.snapshot().message());
    run.use(PolicyFamily.WRITEBACK, "writeback.also-inline");
    assertEndsWell(run);
    rig.policies.add(
        PolicyFamily.COMPLETION, RunRig.LISTED, new ListedCompletionPolicy(Fault.NONE));
    rig.policies.add(
        PolicyFamily.WRITEBACK,
        "writeback.inline",
        new launcher.scenario.run.testing.InlineWritebackPolicy());
    assertReplays(run);
  }

  @Test
  void aPolicyThatIsNotThereIsRefusedAndNothingChanges() {
    SimulationRun run = rig.run();
    run.advanceToNs(1_000_000);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> run.use(PolicyFamily.COMPLETION, "completion.nobody"));
    assertEquals(
        """
        policies.completion: no policy 'completion.nobody'
          registered: completion.listed, completion.other\
        """,
        e.getMessage());
    assertEndsWell(run);
    assertEquals(List.of(), run.journal().entries());
  }

  @Test
  void aRunThatIsStoppedEndsThereAndReplays() throws Exception {
    SimulationRun run = rig.run();
    advanceToPendingBios(run, 1_000_000);
    long atNs = run.nowNs();
    run.stop();
    assertEquals(RunState.ENDED, run.state());
    assertTrue(run.outcome().cutShort());
    assertEquals(atNs, run.outcome().endNs());
    assertReplays(run);
  }

  @Test
  void aJournalOfAnotherSeedIsRefused() {
    SimulationRun run = rig.run("seed: 2");
    run.runToEnd();
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new SimulationRun(
                    rig.scenario(), rig.policies, RunOptions.DEFAULT.replaying(run.journal())));
    assertTrue(e.getMessage().startsWith("journal: seed is 2; the scenario's is 1"));
  }

  @Test
  void anEntryThatStandsElsewhereThanItWasWrittenIsFound() {
    SimulationRun run = rig.run();
    run.advanceToNs(1_000_000);
    run.use(PolicyFamily.COMPLETION, RunRig.OTHER);
    run.runToEnd();
    Journal journal = run.journal();
    JournalEntry entry = journal.entries().get(0);
    JournalEntry moved =
        new JournalEntry(
            entry.timeNs(),
            entry.record() + 1,
            entry.kind(),
            entry.family(),
            entry.policyId(),
            entry.handedOver());
    Journal wrong =
        new Journal(
            journal.scenario(),
            journal.file(),
            journal.seed(),
            journal.version(),
            journal.policies(),
            journal.configurations(),
            journal.digest(),
            List.of(moved));
    SimulationRun again =
        new SimulationRun(rig.scenario(), rig.policies, RunOptions.DEFAULT.replaying(wrong));
    assertEquals(RunState.FAILED, again.runToEnd());
    assertTrue(again.outcome().failure().startsWith("journal: at 1000000 ns it was written after"));
    assertFalse(again.outcome().isGood());
  }
}
