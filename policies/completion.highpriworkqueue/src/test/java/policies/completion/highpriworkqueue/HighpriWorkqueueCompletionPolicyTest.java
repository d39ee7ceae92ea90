package policies.completion.highpriworkqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.testing.CompletionFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/** The only costs: 6 us to wake a worker of an idle CPU, 1.3 us to switch a busy one. */
class HighpriWorkqueueCompletionPolicyTest {
  private final CompletionFixture fixture =
      new CompletionFixture(
          MachineProfile.ofCpus(2)
              .withoutCosts()
              .with(Cost.WORKER_WAKEUP, 6_000)
              .with(Cost.CONTEXT_SWITCH, 1_300),
          HighpriWorkqueueCompletionPolicy.ID,
          new HighpriWorkqueueCompletionPolicy());

  @Test
  void anIsolatedBioWaitsForItsWorkerToWake() {
    fixture.interruptAt(10_000, 0, 1);
    assertEquals(List.of("1@16000"), fixture.endedAtLast());
  }

  @Test
  void theWorkerRunsAheadOfABusyTaskOfNiceZero() {
    fixture.busyTaskAt(0, 0, 20_000_000);
    fixture.interruptAt(1_000_000, 0, 1);
    // Its virtual deadline is the earlier one: one switch, and no wait for the tick of 4 ms.
    assertEquals(List.of("1@1001300"), fixture.endedAtLast());
  }

  @Test
  void biosOfADyingCpuAreEndedByTheControllingTask() {
    fixture.withHotplugNs(100_000);
    fixture.downAt(1_000_000, 1);
    fixture.interruptAt(1_050_000, 1, 1);
    // CPU 1's thread has disabled the work at 1012000 and is busy until 1112000; the controlling
    // task needs 6 us to hear of it, and 6 us more to hear that the CPU is dead.
    assertEquals(List.of("1@1124000"), fixture.endedAtLast());
  }

  @Test
  void biosOfAnAbortedOfflineAreQueuedWhenTheCpuIsBack() {
    fixture.withHotplugNs(100_000);
    fixture.abortedDownAt(1_000_000, 1);
    fixture.interruptAt(1_050_000, 1, 1);
    fixture.interruptAt(2_000_000, 1, 2);
    // Refused at 1112000 and enabled again; one switch from CPU 1's thread to the worker.
    assertEquals(List.of("1@1113300 cpu1", "2@2006000 cpu1"), fixture.endedAtLast());
  }

  @Test
  void pendingBiosAreHandedOver() {
    fixture.withEndNs(1_000);
    fixture.interruptAt(10_000, 0, 1, 2);
    fixture.at(
        16_500,
        () ->
            fixture
                .slot()
                .use(HighpriWorkqueueCompletionPolicy.ID, new HighpriWorkqueueCompletionPolicy()));
    assertEquals(List.of("1@16000", "2@17000"), fixture.endedAtLast());
    assertEquals(0, fixture.layer().bios().inUse());
  }
}
