package policies.completion.rtthread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import block.bio.testing.CompletionFixture;
import java.lang.annotation.Annotation;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;

/** The only costs: 6 us to wake a thread of an idle CPU, 1.3 us to switch a busy one. */
class RtThreadCompletionPolicyTest {
  private static final MachineProfile MACHINE =
      MachineProfile.ofCpus(2)
          .withoutCosts()
          .with(Cost.WORKER_WAKEUP, 6_000)
          .with(Cost.CONTEXT_SWITCH, 1_300);

  private record TestConfig(int priority) implements RtThreadCompletionPolicy.Config {
    @Override
    public Class<? extends Annotation> annotationType() {
      return RtThreadCompletionPolicy.Config.class;
    }
  }

  private static RtThreadCompletionPolicy policy(int priority) {
    return new RtThreadCompletionPolicy(new TestConfig(priority));
  }

  private final CompletionFixture fixture =
      new CompletionFixture(MACHINE, RtThreadCompletionPolicy.ID, policy(50));

  @Test
  void anIsolatedBioWaitsForTheThreadToWake() {
    fixture.interruptAt(10_000, 1, 1);
    assertEquals(List.of("1@16000 cpu1"), fixture.endedAtLast());
  }

  @Test
  void theThreadRunsAheadOfABusyFairTask() {
    fixture.busyTaskAt(0, 0, 20_000_000);
    fixture.interruptAt(1_000_000, 0, 1);
    // User time can be preempted at once, by one context switch.
    assertEquals(List.of("1@1001300"), fixture.endedAtLast());
  }

  @Test
  void biosThatArriveBeforeTheThreadRunsShareItsWakeUp() {
    fixture.withEndNs(1_000);
    fixture.interruptAt(10_000, 0, 1, 2);
    fixture.interruptAt(15_999, 0, 3);
    fixture.interruptAt(16_500, 0, 4); // while 1 is ended
    assertEquals(List.of("1@16000", "2@17000", "3@18000", "4@19000"), fixture.endedAtLast());
  }

  /** Ends of two bios of 50 us, the second handed over at 20000 to threads of that priority. */
  private static List<String> endedWhenHandedFrom1To(int priority) {
    KernelBuild preemptible = new KernelBuild(PreemptModel.FULL, false, false, 250);
    CompletionFixture low =
        new CompletionFixture(MACHINE.with(preemptible), RtThreadCompletionPolicy.ID, policy(1))
            .withEndNs(50_000);
    low.interruptAt(10_000, 0, 1, 2);
    low.at(20_000, () -> low.slot().use(RtThreadCompletionPolicy.ID, policy(priority)));
    return low.endedAtLast();
  }

  @Test
  void thePriorityDecidesWhoPreemptsWhom() {
    // 1 is being ended from 16000 to 66000. One switch at 20000, or behind it.
    assertEquals(List.of("1@16000", "2@21300"), endedWhenHandedFrom1To(50));
    assertEquals(List.of("1@16000", "2@67300"), endedWhenHandedFrom1To(1));
  }

  @Test
  void biosTheThreadHasNotEndedAreHandedOver() {
    fixture.withEndNs(1_000);
    fixture.interruptAt(10_000, 0, 1, 2, 3);
    fixture.machine().runUntil(16_500); // 1 is being ended
    assertEquals(2, fixture.slot().pending());
    assertEquals("", fixture.slot().suspend().fault());
    fixture.slot().use(RtThreadCompletionPolicy.ID, policy(1));
    assertEquals(List.of("1@16000", "2@18300", "3@19300"), fixture.endedAtLast());
    assertEquals(0, fixture.layer().bios().inUse());
  }

  @Test
  void aDyingCpusThreadEndsWhatItHasAndLaterBiosGoElsewhere() {
    fixture.withHotplugNs(100_000).withEndNs(10_000);
    fixture.downAt(1_000_000, 1);
    fixture.interruptAt(1_005_000, 1, 1, 2);
    fixture.interruptAt(1_050_000, 1, 3);
    // CPU 1's hotplug thread comes at 1012300, of lower priority, and waits for its neighbour until
    // that has ended 2; then bio 3 finds no thread, and CPU 0 is idle.
    assertEquals(List.of("1@1011000 cpu1", "2@1021000 cpu1", "3@1056000"), fixture.endedAtLast());
  }

  @Test
  void aCpuThatComesBackHasAThreadAgain() {
    fixture.downAt(1_000_000, 1);
    fixture.upAt(2_000_000, 1);
    fixture.interruptAt(3_000_000, 1, 1);
    assertEquals(List.of("1@3006000 cpu1"), fixture.endedAtLast());
  }

  @Test
  void aPriorityOutOfRangeIsRefused() {
    for (int priority : new int[] {0, 100}) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> policy(priority));
      assertEquals(
          "completion.rt-thread: priority is " + priority + "; it must be from 1 to 99",
          refused.getMessage());
    }
  }
}
