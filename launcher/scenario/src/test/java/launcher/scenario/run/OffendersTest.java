package launcher.scenario.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.run.testing.AtOnceEvictionPolicy;
import launcher.scenario.run.testing.ListedDropbehindPolicy;
import launcher.scenario.run.testing.offenders.Offence;
import launcher.scenario.run.testing.offenders.Offenders;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sim.kernel.check.Complaint;
import sim.kernel.check.Rule;

/**
 * Every offence, of a policy of every family, under every response: nothing is lost or doubled, the
 * culprit is named, and the journal repeats it.
 */
class OffendersTest {
  /** What a family has no way to do. */
  private static final Map<PolicyFamily<?>, Set<Offence>> IMPOSSIBLE =
      Map.of(
          PolicyFamily.WRITEBACK,
          Set.of(
              Offence.ENDS_TWICE,
              Offence.KEEPS_WITHOUT_BOUND,
              Offence.NEVER_DRAINS,
              Offence.DETACH_RETURNS_TOO_FEW,
              Offence.DETACH_RETURNS_TOO_MANY,
              Offence.DETACH_RETURNS_FOREIGN));

  private static final int PENDING_MAX = 8;

  /**
   * One look of reclaim at the list has fewer folios to give away, and asks for them at its end.
   */
  private static final int PENDING_MAX_EVICTION = 1;

  private static final Map<PolicyFamily<?>, String> OTHER =
      Map.of(
          PolicyFamily.COMPLETION, "completion.other",
          PolicyFamily.DROPBEHIND, "dropbehind.other",
          PolicyFamily.WRITEBACK, "writeback.also-inline",
          PolicyFamily.EVICTION, "eviction.other");

  private final RunRig rig = new RunRig();

  static Stream<Arguments> offences() {
    List<Arguments> all = new ArrayList<>();
    for (PolicyFamily<?> family : PolicyFamily.all()) {
      for (Offence offence : Offence.values()) {
        if (!IMPOSSIBLE.getOrDefault(family, Set.of()).contains(offence)) {
          all.add(Arguments.of(family, offence));
        }
      }
    }
    return all.stream();
  }

  private String bad(PolicyFamily<?> family) {
    return family.key() + ".bad";
  }

  /** A run in which the family has something to do, and the offender comes at 1 ms. */
  private SimulationRun run(PolicyFamily<?> family, Offence offence, String response) {
    rig.policies
        .add(PolicyFamily.COMPLETION, "completion.bad", Offenders.completion(offence))
        .add(PolicyFamily.DROPBEHIND, "dropbehind.bad", Offenders.dropbehind(offence))
        .add(PolicyFamily.WRITEBACK, "writeback.bad", Offenders.writeback(offence))
        .add(PolicyFamily.EVICTION, "eviction.bad", Offenders.eviction(offence))
        .add(PolicyFamily.DROPBEHIND, "dropbehind.other", new ListedDropbehindPolicy(1 << 20))
        .add(PolicyFamily.EVICTION, "eviction.other", new AtOnceEvictionPolicy());
    boolean evicts = family == PolicyFamily.EVICTION;
    return rig.runOf(
        """
        scenario: offended
        machine: {cpus: 2}
        device: {model: nvme, latency-jitter: 10 %%}
        filesystem: {type: iomap, writes: overwrite, iomap-dontcache: %s}
        memory: {size: 256 MiB%s}
        policies: {completion: listed, dropbehind: other, writeback: inline, eviction: at-once}
        workload: [{writer: {count: 2, %s, file-size: %s}}]
        swaps: [{at: 100 us, %s: bad}]
        on-policy-fault: %s
        policy-pending-max: %d
        """
            .formatted(
                family == PolicyFamily.DROPBEHIND ? "as-it-comes" : "bio-by-folio",
                evicts ? ", limit: 4 MiB, swap: 64 MiB" : "",
                evicts
                    ? "backing: anonymous, io-size: 4 KiB"
                    : "flags: [dontcache], io-size: 64 KiB, access: random, end-fsync: true",
                evicts ? "12 MiB" : "4 MiB",
                family.key(),
                response,
                offence == Offence.KEEPS_WITHOUT_BOUND
                    ? (evicts ? PENDING_MAX_EVICTION : PENDING_MAX)
                    : 1 << 20));
  }

  private static long bytes(PolicyFamily<?> family) {
    return (family == PolicyFamily.EVICTION ? 24L : 8L) << 20;
  }

  /** An offender that is found out by what it does when it leaves is swapped out, if it has any. */
  private void provoke(PolicyFamily<?> family, Offence offence, SimulationRun run) {
    if (offence.isSeenInUse()) {
      return;
    }
    int seat = PolicyFamily.all().indexOf(family);
    boolean hasPending = family != PolicyFamily.WRITEBACK;
    while (!run.state().isOver()
        && run.state() != RunState.SUSPENDED
        && (run.nowNs() < 200_000
            || hasPending && run.snapshot().policies().get(seat).pending() == 0)) {
      run.advanceByInstants(1);
    }
    if (!run.state().isOver() && offence != Offence.NEVER_DRAINS) {
      run.use(family, OTHER.get(family));
    }
  }

  @ParameterizedTest
  @MethodSource("offences")
  void theRunGoesOnWithItsFallback(PolicyFamily<?> family, Offence offence) throws Exception {
    SimulationRun run = run(family, offence, "fallback:" + OTHER.get(family));
    provoke(family, offence, run);
    run.runToEnd();
    assertWellExceptThe(family, offence, run);
    assertEquals(RunState.ENDED, run.state(), run.outcome().failure());
  }

  @ParameterizedTest
  @MethodSource("offences")
  void theRunWaitsForAnother(PolicyFamily<?> family, Offence offence) throws Exception {
    SimulationRun run = run(family, offence, "suspend");
    provoke(family, offence, run);
    run.runToEnd();
    if (run.state() == RunState.SUSPENDED) {
      String why = run.snapshot().message();
      assertTrue(why.startsWith(bad(family)), why);
      run.use(family, OTHER.get(family));
      run.runToEnd();
    } else {
      assertTrue(!offence.isSeenInUse(), "it is suspended, but where its successor is in place");
    }
    assertWellExceptThe(family, offence, run);
  }

  @ParameterizedTest
  @MethodSource("offences")
  void theRunFails(PolicyFamily<?> family, Offence offence) throws Exception {
    assumeTrue(offence != Offence.NEVER_DRAINS || family != PolicyFamily.DROPBEHIND);
    SimulationRun run = run(family, offence, "fail");
    provoke(family, offence, run);
    assertEquals(RunState.FAILED, run.runToEnd());
    assertTrue(run.outcome().failure().startsWith(bad(family) + ": "), run.outcome().failure());
    assertReplays(run);
  }

  private void assertWellExceptThe(PolicyFamily<?> family, Offence offence, SimulationRun run)
      throws Exception {
    RunOutcome outcome = run.outcome();
    assertEquals("", outcome.failure());
    assertEquals(bytes(family), run.snapshot().bytesDone());
    assertEquals(0, run.snapshot().biosInUse());
    if (offence == Offence.NEVER_DRAINS && family == PolicyFamily.DROPBEHIND) {
      // The jobs have ended before anybody could see it: the end of the run names it.
      assertTrue(outcome.complaints().get(0).text().contains(bad(family)));
      return;
    }
    assertEquals(List.of(), outcome.invariantFailures());
    assertEquals(
        List.of(bad(family)), outcome.faults().stream().map(PolicyFault::policyId).toList());
    if (offence == Offence.KEEPS_WITHOUT_BOUND) {
      String what = outcome.faults().get(0).what();
      assertTrue(what.contains(" pending, which is the bound"), what);
    }
    Set<Rule> expected =
        switch (offence) {
          case CALL_STEP_THROWS_HOLDING ->
              // It asks for a flush with preemption disabled, before its own step comes.
              family == PolicyFamily.WRITEBACK
                  ? Set.of(Rule.LEAKED_ATOMIC, Rule.SLEEP_IN_ATOMIC)
                  : Set.of(Rule.LEAKED_ATOMIC);
          case CALL_THROWS_HOLDING, STEP_THROWS_HOLDING -> Set.of(Rule.LEAKED_ATOMIC);
          case ENDS_TWICE -> family == PolicyFamily.EVICTION ? Set.of() : Set.of(Rule.DOMAIN);
          case NEVER_DRAINS ->
              family == PolicyFamily.EVICTION ? Set.of() : Set.of(Rule.STRANDED_LIST);
          default -> Set.of();
        };
    for (Complaint complaint : outcome.complaints()) {
      assertTrue(expected.contains(complaint.rule()), complaint.text());
    }
    assertEquals(expected.isEmpty(), outcome.complaints().isEmpty());
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
