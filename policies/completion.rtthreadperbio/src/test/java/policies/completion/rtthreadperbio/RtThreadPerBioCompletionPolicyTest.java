package policies.completion.rtthreadperbio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import block.bio.testing.CompletionFixture;
import java.lang.annotation.Annotation;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/** The only costs: 6 us to wake a thread of an idle CPU, 1.3 us to switch a busy one. */
class RtThreadPerBioCompletionPolicyTest {
  private record TestConfig(int priority) implements RtThreadPerBioCompletionPolicy.Config {
    @Override
    public Class<? extends Annotation> annotationType() {
      return RtThreadPerBioCompletionPolicy.Config.class;
    }
  }

  private static RtThreadPerBioCompletionPolicy policy(int priority) {
    return new RtThreadPerBioCompletionPolicy(new TestConfig(priority));
  }

  private final CompletionFixture fixture =
      new CompletionFixture(
              MachineProfile.ofCpus(2)
                  .withoutCosts()
                  .with(Cost.WORKER_WAKEUP, 6_000)
                  .with(Cost.CONTEXT_SWITCH, 1_300),
              RtThreadPerBioCompletionPolicy.ID,
              policy(50))
          .withRtWish(2, 4);

  @Test
  void onlyABioThatAsksRunsAheadOfABusyFairTask() {
    fixture.busyTaskAt(0, 0, 20_000_000);
    fixture.interruptAt(1_000_000, 0, 1, 2);
    // The tick of 4 ms finds the slice used, and one switch leads to the worker.
    assertEquals(List.of("2@1001300", "1@4001300"), fixture.endedAtLast());
  }

  @Test
  void aBioThatDoesNotAskWakesNoThread() {
    fixture.interruptAt(10_000, 0, 1, 3);
    assertEquals(List.of("1@16000", "3@16000"), fixture.endedAtLast());
    assertEquals(1, fixture.machine().workqueues().wakeUps());
  }

  @Test
  void biosOfBothKindsAreHandedOver() {
    fixture.interruptAt(10_000, 0, 1, 2, 3, 4);
    fixture.machine().runUntil(12_000);
    assertEquals(4, fixture.slot().suspend().bios());
    fixture.slot().use(RtThreadPerBioCompletionPolicy.ID, policy(1));
    assertEquals(4, fixture.endedAtLast().size());
    assertEquals(0, fixture.layer().bios().inUse());
    assertEquals(0, fixture.machine().checker().count());
  }

  @Test
  void aPriorityOutOfRangeIsRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> policy(100));
    assertEquals(
        "completion.rt-thread-per-bio: priority is 100; it must be from 1 to 99",
        refused.getMessage());
  }
}
