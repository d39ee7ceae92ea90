package launcher.scenario.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.run.testing.ListedDropbehindPolicy;
import org.junit.jupiter.api.Test;

/** The dropbehind family in a run in which writeback ends in interrupts. */
class DropbehindSeatTest {
  private static final long FILE_BYTES = 16 << 20;

  private final RunRig rig = new RunRig();

  /** One writer of 16 MiB; ioends end where their bios do, and no file grows. */
  private SimulationRun run(String dropbehind) {
    rig.policies
        .add(PolicyFamily.DROPBEHIND, "dropbehind.list", new ListedDropbehindPolicy(1 << 20))
        .add(PolicyFamily.DROPBEHIND, "dropbehind.list-too", new ListedDropbehindPolicy(1 << 20));
    return rig.runOf(
        """
        scenario: in-irq
        device: nvme
        memory: 256 MiB
        filesystem: {type: iomap, writes: overwrite, iomap-dontcache: as-it-comes}
        policies: {completion: listed, dropbehind: %s, writeback: inline, eviction: at-once}
        workload:
          - writer: {flags: [dontcache], io-size: 128 KiB, file-size: 16 MiB, end-fsync: true}
        """
            .formatted(dropbehind));
  }

  @Test
  void thePolicyOfTheScenarioDecidesWhetherFoliosStay() {
    SimulationRun leaves = run("leaves");
    assertEquals(RunState.ENDED, leaves.runToEnd());
    assertEquals("[][]", whatIsWrong(leaves));
    assertEquals(FILE_BYTES / 4096, leaves.snapshot().cachedPages(), "each page of 16 MiB");
    SimulationRun drops = run("list");
    assertEquals(RunState.ENDED, drops.runToEnd());
    assertEquals("[][]", whatIsWrong(drops));
    // A 128 KiB write has 32 pages; the last may still wait for their worker at the end.
    assertTrue(drops.snapshot().cachedPages() <= 32, () -> "" + drops.snapshot().cachedPages());
  }

  @Test
  void foliosPendingAtASwapGoToTheNextPolicyAndTheJournalRepeatsIt() throws Exception {
    SimulationRun run = run("list");
    run.advanceToNs(1_000_000);
    while (pending(run) == 0) {
      run.advanceByInstants(1);
    }
    int pending = pending(run);
    run.use(PolicyFamily.DROPBEHIND, "dropbehind.list-too");
    assertEquals(pending, run.journal().entries().get(0).handedOver());
    assertEquals(RunState.ENDED, run.runToEnd());
    assertEquals("[][]", whatIsWrong(run));
    assertTrue(run.snapshot().cachedPages() <= 32, () -> "" + run.snapshot().cachedPages());
    Journal journal = Journal.read("j", run.journal().text());
    SimulationRun again =
        new SimulationRun(run.scenario(), rig.policies, RunOptions.DEFAULT.replaying(journal));
    again.runToEnd();
    assertEquals(run.outcome().digest(), again.outcome().digest());
    assertEquals(List.of(), again.outcome().invariantFailures());
  }

  private static String whatIsWrong(SimulationRun run) {
    assertEquals(FILE_BYTES, run.snapshot().bytesDone());
    return run.outcome().failure() + run.outcome().complaints() + run.outcome().invariantFailures();
  }

  private static int pending(SimulationRun run) {
    return run.snapshot().policies().get(1).pending();
  }
}
