package launcher.scenario.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.run.testing.ListedCompletionPolicy;
import launcher.scenario.run.testing.ListedCompletionPolicy.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sim.kernel.check.Complaint;
import sim.kernel.check.Rule;

class PolicyFaultTest {
  private static final String BAD = "completion.bad";
  private static final String SUSPEND = "on-policy-fault: suspend";

  private static final String FALLBACK = "on-policy-fault: fallback:completion.other";

  private final RunRig rig = new RunRig();

  /** A run in which a policy that breaks a rule is swapped in at 1 ms and out at 7 ms. */
  private SimulationRun runWith(Fault fault, String... more) {
    rig.policies.add(PolicyFamily.COMPLETION, BAD, new ListedCompletionPolicy(fault));
    String[] lines = new String[more.length + 1];
    lines[0] = "swaps: [{at: 1 ms, completion: bad}, {at: 7 ms, completion: listed}]";
    System.arraycopy(more, 0, lines, 1, more.length);
    return rig.run(lines);
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aFaultEndsTheRunAndNamesThePolicy(Fault fault) {
    SimulationRun run = runWith(fault);
    assertEquals(RunState.FAILED, run.runToEnd());
    RunOutcome outcome = run.outcome();
    assertTrue(outcome.failure().startsWith(BAD + ": "), outcome.failure());
    assertEquals(List.of(BAD), outcome.faults().stream().map(PolicyFault::policyId).toList());
    assertEquals(64, outcome.digest().length(), "the trace has ended");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"ATTACH_THROWS", "DEFER_THROWS"})
  void aRunThatIsToSuspendWaitsForAnotherPolicyAndLosesNothing(Fault fault) throws Exception {
    SimulationRun run = runWith(fault, SUSPEND);
    assertEquals(RunState.SUSPENDED, run.runToEnd());
    assertTrue(run.snapshot().message().startsWith(BAD), run.snapshot().message());
    run.use(PolicyFamily.COMPLETION, RunRig.OTHER);
    assertEquals(RunState.ENDED, run.runToEnd());
    assertEquals("", RunRig.whatIsWrong(run));
    assertEquals(1, run.outcome().faults().size());
    assertReplays(run);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"ATTACH_THROWS", "DEFER_THROWS"})
  void aFallbackTakesTheFaultyPolicysPlaceAtTheSameInstant(Fault fault) throws Exception {
    rig.policies.add(PolicyFamily.COMPLETION, BAD, new ListedCompletionPolicy(fault));
    SimulationRun run = rig.run("swaps: [{at: 1 ms, completion: bad}]", FALLBACK);
    assertEquals(RunState.ENDED, run.runToEnd());
    assertEquals("", RunRig.whatIsWrong(run));
    assertEquals(RunRig.OTHER, run.snapshot().policies().get(0).policyId());
    List<JournalEntry> entries = run.journal().entries();
    JournalEntry found = entries.get(entries.size() - 2);
    JournalEntry fallback = entries.get(entries.size() - 1);
    assertEquals(
        List.of(JournalEntry.Kind.FAULT, BAD, JournalEntry.Kind.RESUME, RunRig.OTHER),
        List.of(found.kind(), found.policyId(), fallback.kind(), fallback.policyId()));
    assertEquals(found.timeNs(), fallback.timeNs());
    assertEquals(found.handedOver(), fallback.handedOver(), "all that was taken back");
    assertReplays(run);
  }

  @Test
  void aPolicyThatForgetsIsReplacedByItsFallbackWhenNothingHappensAnyMore() throws Exception {
    rig.policies.add(PolicyFamily.COMPLETION, BAD, new ListedCompletionPolicy(Fault.FORGETS));
    SimulationRun run = rig.run("swaps: [{at: 1 ms, completion: bad}]", FALLBACK);
    assertEquals(RunState.ENDED, run.runToEnd());
    assertEquals(RunRig.BYTES, run.snapshot().bytesDone());
    assertEquals(List.of(), run.outcome().invariantFailures());
    assertEquals(RunRig.OTHER, run.snapshot().policies().get(0).policyId());
    assertReplays(run);
  }

  @Test
  void aFallbackThatIsFaultyItselfHasNone() throws Exception {
    rig.policies.add(PolicyFamily.COMPLETION, BAD, new ListedCompletionPolicy(Fault.DEFER_THROWS));
    rig.policies.add(
        PolicyFamily.COMPLETION,
        "completion.worse",
        new ListedCompletionPolicy(Fault.DEFER_THROWS));
    String swap = "swaps: [{at: 1 ms, completion: bad}]";
    SimulationRun ends = rig.run(swap, "on-policy-fault: fallback:completion.worse");
    assertEquals(RunState.FAILED, ends.runToEnd());
    assertTrue(ends.outcome().failure().startsWith("completion.worse: "), ends.outcome().failure());
    SimulationRun waits = rig.run(swap, "on-policy-fault: [fallback:completion.worse, suspend]");
    assertEquals(RunState.SUSPENDED, waits.runToEnd());
    waits.use(PolicyFamily.COMPLETION, RunRig.OTHER);
    assertEquals(RunState.ENDED, waits.runToEnd());
    assertEquals("", RunRig.whatIsWrong(waits));
    assertEquals(
        List.of(BAD, "completion.worse"),
        waits.outcome().faults().stream().map(PolicyFault::policyId).toList());
    assertReplays(waits);
  }

  @Test
  void aFallbackIsOfNoUseWhereTheSuccessorIsInPlace() throws Exception {
    rig.policies.add(PolicyFamily.COMPLETION, BAD, new ListedCompletionPolicy(Fault.DETACH_THROWS));
    String fallback = "on-policy-fault: fallback:completion.listed";
    SimulationRun run =
        rig.run("swaps: [{at: 1 ms, completion: bad}, {at: 2 ms, completion: other}]", fallback);
    assertEquals(RunState.ENDED, run.runToEnd());
    assertEquals(1, run.outcome().faults().size());
    assertEquals(RunRig.OTHER, run.snapshot().policies().get(0).policyId());
    assertReplays(run);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"DETACH_THROWS", "DETACH_RETURNS_FEWER", "DETACH_RETURNS_FOREIGN"})
  void whatALeavingPolicyKeepsIsTakenBack(Fault fault) throws Exception {
    rig.policies.add(PolicyFamily.COMPLETION, BAD, new ListedCompletionPolicy(fault));
    SimulationRun run = rig.run(SUSPEND);
    run.use(PolicyFamily.COMPLETION, BAD);
    run.advanceToNs(1_000_000);
    while (run.snapshot().biosPending() == 0) {
      run.advanceByInstants(1);
    }
    int pending = run.snapshot().biosPending();
    run.use(PolicyFamily.COMPLETION, RunRig.OTHER);
    assertEquals(pending, run.journal().entries().get(1).handedOver());
    assertEquals(RunState.ENDED, run.runToEnd());
    assertEquals("", RunRig.whatIsWrong(run));
    PolicyFault found = run.outcome().faults().get(0);
    assertTrue(found.text().startsWith(BAD + ": CP-4: "), found.text());
    assertReplays(run);
  }

  @Test
  void biosThatAPolicyForgetsAreTakenBackWhenNothingHappensAnyMore() throws Exception {
    rig.policies.add(PolicyFamily.COMPLETION, BAD, new ListedCompletionPolicy(Fault.FORGETS));
    SimulationRun run = rig.run(SUSPEND);
    run.use(PolicyFamily.COMPLETION, BAD);
    assertEquals(RunState.SUSPENDED, run.runToEnd());
    assertTrue(run.snapshot().biosPending() > 0);
    assertTrue(
        run.snapshot().message().contains("pending and ends none"), run.snapshot().message());
    assertTrue(run.nowNs() <= 310_000_000_000L, "a look every 10 s, 300 s of patience");
    run.use(PolicyFamily.COMPLETION, RunRig.OTHER);
    assertEquals(RunState.ENDED, run.runToEnd());
    Complaint first = run.outcome().complaints().get(0);
    assertEquals(Rule.STRANDED_LIST, first.rule(), "this policy can't say whether somebody comes");
    assertTrue(first.timeNs() > 30_000_000_000L && first.timeNs() < 32_000_000_000L, first.text());
    assertEquals(BAD, run.outcome().complaintReports().get(0).policyId());
    assertEquals(
        Set.of(Rule.STRANDED_LIST),
        run.outcome().complaints().stream().map(Complaint::rule).collect(Collectors.toSet()));
    assertEquals(List.of(), run.outcome().invariantFailures());
    assertEquals(RunRig.BYTES, run.snapshot().bytesDone());
    assertReplays(run);
  }

  @Test
  void whenNothingIsDueAnyMoreIsFoundAtOneTimeHoweverTheRunIsAdvanced() {
    rig.policies.add(PolicyFamily.COMPLETION, BAD, new ListedCompletionPolicy(Fault.FORGETS));
    SimulationRun whole = rig.run("swaps: [{at: 1 ms, completion: bad}]");
    assertEquals(RunState.FAILED, whole.runToEnd());
    SimulationRun sliced = rig.run("swaps: [{at: 1 ms, completion: bad}]");
    for (long ns = 0; !sliced.state().isOver(); ns += 1_700_000_001L) {
      sliced.advanceToNs(ns);
    }
    assertEquals(whole.outcome().endNs(), sliced.outcome().endNs());
    assertEquals(whole.outcome().digest(), sliced.outcome().digest());
  }

  @Test
  void aPolicyThatRefusesALiveSwapLeavesTheOneBeforeInUse() throws Exception {
    rig.policies.add(PolicyFamily.COMPLETION, BAD, new ListedCompletionPolicy(Fault.ATTACH_THROWS));
    SimulationRun run = rig.run();
    run.advanceToNs(1_000_000);
    assertThrows(UnsupportedOperationException.class, () -> run.use(PolicyFamily.COMPLETION, BAD));
    assertEquals(RunRig.LISTED, run.snapshot().policies().get(0).policyId());
    assertEquals(RunState.ENDED, run.runToEnd());
    assertEquals("", RunRig.whatIsWrong(run));
    assertReplays(run);
  }

  private void assertReplays(SimulationRun run) throws Exception {
    Journal journal = Journal.read("j", run.journal().text());
    SimulationRun again =
        new SimulationRun(run.scenario(), rig.policies, RunOptions.DEFAULT.replaying(journal));
    again.runToEnd();
    assertEquals(run.outcome().digest(), again.outcome().digest());
    assertEquals(journal.entries(), again.journal().entries());
  }
}
