package policies.completion.workqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.testing.CompletionFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;

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

  @Test
  void aBioThatCompletesInATaskUnderASpinlockIsDeferred() {
    fixture.taskAt(
        10_000,
        0,
        x -> {
          x.preemptDisable();
          fixture.layer().endBio(x, fixture.bio(1));
          x.preemptEnable();
        });
    // The task runs at 16000, and the worker when it has exited.
    assertEquals(List.of("1@17300"), fixture.endedAtLast());
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
  void biosOfTheBringUpWindowAreQueuedWhenTheWorkIsEnabled() {
    fixture.withHotplugNs(100_000);
    fixture.downAt(1_000_000, 1);
    fixture.upAt(2_000_000, 1);
    fixture.interruptAt(2_050_000, 1, 1);
    // The CPU is up from 2006000, its thread is busy from 2012000 to 2112000 and then enables.
    assertEquals(List.of("1@2113300 cpu1"), fixture.endedAtLast());
  }

  @Test
  void goingDownWaitsForTheRunningWorker() {
    KernelBuild preemptible = new KernelBuild(PreemptModel.FULL, false, false, 250);
    CompletionFixture full =
        new CompletionFixture(
                MACHINE.with(preemptible),
                WorkqueueCompletionPolicy.ID,
                new WorkqueueCompletionPolicy())
            .withEndNs(300_000);
    full.interruptAt(900_000, 1, 1, 2);
    full.downAt(1_000_000, 1);
    full.machine().runUntil(1_400_000);
    // CPU 1's thread preempts the worker at 1006000, and gives way to it: two switches.
    assertEquals(List.of("1@906000 cpu1", "2@1208600 cpu1"), full.ended());
    assertTrue(full.machine().cpu(1).isOnline());
    full.endedAtLast();
    assertFalse(full.machine().cpu(1).isOnline());
  }

  @Test
  void anOwnerThatAsksForATaskIsCalledAgainOnceWhereABuildCannotTellATask() {
    CompletionFixture fixture =
        new CompletionFixture(
                MachineProfile.ofCpus(1)
                    .withoutCosts()
                    .with(Cost.WORKER_WAKEUP, 6_000)
                    .with(new KernelBuild(PreemptModel.NONE, false, false, 250)),
                WorkqueueCompletionPolicy.ID,
                new WorkqueueCompletionPolicy())
            .withAskingOwners();
    fixture.interruptAt(10_000, 0, 1);
    assertEquals(List.of("1@16000"), fixture.endedAtLast());
    assertEquals(List.of(), fixture.machine().checker().complaints());
  }
}
