package policies.completion.workqueuev4;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.testing.CompletionFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;

/** The only costs: 6 us to wake a worker of an idle CPU, 1.3 us to switch a busy one. */
class WorkqueueV4CompletionPolicyTest {
  private final CompletionFixture fixture =
      new CompletionFixture(
          MachineProfile.ofCpus(2)
              .withoutCosts()
              .with(Cost.WORKER_WAKEUP, 6_000)
              .with(Cost.CONTEXT_SWITCH, 1_300)
              .with(new KernelBuild(PreemptModel.NONE, false, false, 250)),
          WorkqueueV4CompletionPolicy.ID,
          new WorkqueueV4CompletionPolicy());

  @Test
  void anIsolatedBioWaitsForItsWorkerToWake() {
    fixture.interruptAt(10_000, 0, 1);
    assertEquals(List.of("1@16000"), fixture.endedAtLast());
  }

  @Test
  void aBioThatCompletesInATaskEndsThereEvenIfTheBuildCannotTell() {
    // This build has no preempt count: bio_in_atomic() of later versions says yes and defers.
    fixture.taskAt(10_000, 0, x -> fixture.layer().endBio(x, fixture.bio(1)));
    assertEquals(List.of("1@16000"), fixture.endedAtLast());
    assertEquals(0, fixture.machine().workqueues().wakeUps());
  }

  @Test
  void aBioThatInterruptsTheWorkerIsEndedInTheSameRound() {
    fixture.withEndNs(1_000);
    fixture.interruptAt(10_000, 0, 1, 2);
    fixture.interruptAt(16_500, 0, 3); // while 1 is ended
    assertEquals(List.of("1@16000", "2@17000", "3@18000"), fixture.endedAtLast());
  }

  @Test
  void biosOfADyingCpuAreEndedByAWorkerElsewhere() {
    fixture.withHotplugNs(100_000);
    fixture.downAt(1_000_000, 1);
    fixture.interruptAt(1_050_000, 1, 1);
    // Nobody disables the work: the CPU's workers may run anywhere from 1012000 on.
    assertEquals(List.of("1@1056000"), fixture.endedAtLast());
  }

  @Test
  void pendingBiosAreHandedOver() {
    fixture.withEndNs(1_000);
    fixture.interruptAt(10_000, 0, 1, 2);
    fixture.at(
        12_000,
        () ->
            fixture.slot().use(WorkqueueV4CompletionPolicy.ID, new WorkqueueV4CompletionPolicy()));
    assertEquals(List.of("1@16000", "2@17000"), fixture.endedAtLast());
    assertEquals(0, fixture.layer().bios().inUse());
  }
}
