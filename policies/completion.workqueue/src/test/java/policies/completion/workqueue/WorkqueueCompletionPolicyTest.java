package policies.completion.workqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.testing.CompletionFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/** The only costs: 6 us to wake a worker of an idle CPU, 1.3 us to switch a busy one. */
class WorkqueueCompletionPolicyTest {
  private static final MachineProfile MACHINE =
      MachineProfile.ofCpus(2)
          .withoutCosts()
          .with(Cost.WORKER_WAKEUP, 6_000)
          .with(Cost.CONTEXT_SWITCH, 1_300);

  private final CompletionFixture fixture =
      new CompletionFixture(MACHINE, WorkqueueCompletionPolicy.ID, new WorkqueueCompletionPolicy());

  private long wakeUps() {
    return fixture.machine().workqueues().wakeUps();
  }

  @Test
  void anIsolatedBioWaitsForItsWorkerToWake() {
    fixture.interruptAt(10_000, 0, 1);
    assertEquals(List.of("1@16000"), fixture.endedAtLast());
  }

  @Test
  void biosThatArriveBeforeTheWorkerRunsShareItsWakeUp() {
    fixture.interruptAt(10_000, 0, 1, 2);
    fixture.interruptAt(15_999, 0, 3); // 1 ns before the worker runs
    assertEquals(List.of("1@16000", "2@16000", "3@16000"), fixture.endedAtLast());
    assertEquals(1, wakeUps());
  }

  @Test
  void aBioThatArrivesAfterTheWorkerSleptWakesItAgain() {
    fixture.interruptAt(10_000, 0, 1);
    fixture.interruptAt(16_001, 0, 2);
    assertEquals(List.of("1@16000", "2@22001"), fixture.endedAtLast());
    assertEquals(2, wakeUps());
  }

  @Test
  void aBioThatInterruptsTheWorkerIsEndedInTheSameRound() {
    fixture.withEndNs(1_000);
    fixture.interruptAt(10_000, 0, 1, 2);
    fixture.interruptAt(16_500, 0, 3); // while 1 is ended
    assertEquals(List.of("1@16000", "2@17000", "3@18000"), fixture.endedAtLast());
    assertEquals(1, wakeUps());
  }

  @Test
  void eachCpuHasItsOwnListAndWorker() {
    fixture.interruptAt(10_000, 0, 1);
    fixture.interruptAt(11_000, 1, 2);
    assertEquals(List.of("1@16000", "2@17000 cpu1"), fixture.endedAtLast());
    assertEquals(2, wakeUps());
  }

  @Test
  void theWorkerWaitsForABusyTaskOfTheSameClass() {
    fixture.busyTaskAt(0, 0, 20_000_000);
    fixture.interruptAt(1_000_000, 0, 1);
    // The busy task has used its slice of 2.8 ms when the tick of 4 ms comes; then one switch.
    assertEquals(List.of("1@4001300"), fixture.endedAtLast());
  }

  @Test
  void biosTheWorkerHadTakenAreHandedOver() {
    fixture.withEndNs(1_000);
    fixture.interruptAt(10_000, 0, 1, 2);
    fixture.interruptAt(16_500, 0, 3);
    fixture.machine().runUntil(16_800); // 1 is being ended, 2 is taken, 3 is listed
    assertEquals(2, fixture.slot().pending());
    assertEquals("", fixture.slot().suspend().fault());
    assertEquals(2, fixture.slot().pending());
    fixture.slot().use(WorkqueueCompletionPolicy.ID, new WorkqueueCompletionPolicy());
    // The same kernel worker goes on with the new policy's work when 1 is ended, at 17000.
    assertEquals(List.of("1@16000", "2@17000", "3@18000"), fixture.endedAtLast());
    assertEquals(0, fixture.layer().bios().inUse());
  }
}
