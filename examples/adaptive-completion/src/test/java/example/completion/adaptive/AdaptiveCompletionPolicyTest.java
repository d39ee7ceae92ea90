package example.completion.adaptive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import block.bio.testing.CompletionFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/** The only costs: 6 us to wake a task of an idle CPU, 1.3 us to switch a busy one. */
class AdaptiveCompletionPolicyTest {
  private static CompletionFixture fixture(long ageUs) {
    return new CompletionFixture(
        MachineProfile.ofCpus(2)
            .withoutCosts()
            .with(Cost.WORKER_WAKEUP, 6_000)
            .with(Cost.CONTEXT_SWITCH, 1_300),
        AdaptiveCompletionPolicy.ID,
        new AdaptiveCompletionPolicy(new TestConfig(ageUs, 50)));
  }

  @Test
  void onAnIdleCpuTheWorkerEndsThem() {
    CompletionFixture fixture = fixture(500);
    fixture.interruptAt(10_000, 0, 1);
    fixture.interruptAt(12_000, 0, 2);
    // The worker is awake at 16000, and neither is 500 us old.
    assertEquals(List.of("1@16000", "2@16000"), fixture.endedAtLast());
  }

  @Test
  void besideABusyTaskTheNextBioCallsTheThreadWhenTheFirstIsOld() {
    CompletionFixture fixture = fixture(500);
    fixture.busyTaskAt(0, 0, 20_000_000);
    fixture.interruptAt(1_000_000, 0, 1);
    fixture.interruptAt(1_499_999, 0, 2);
    fixture.interruptAt(1_500_000, 0, 3);
    // The second comes 1 ns too early; the third calls the thread, which is there one switch later.
    assertEquals(List.of("1@1501300", "2@1501300", "3@1501300"), fixture.endedAtLast());
  }

  @Test
  void besideABusyTaskALoneBioWaitsForTheTick() {
    CompletionFixture fixture = fixture(500);
    fixture.busyTaskAt(0, 0, 20_000_000);
    fixture.interruptAt(1_000_000, 0, 1);
    // Nobody comes to see how old it is: as with completion.workqueue.
    assertEquals(List.of("1@4001300"), fixture.endedAtLast());
  }

  @Test
  void whatIsPendingIsHandedOverWhenThePolicyLeaves() {
    CompletionFixture fixture = fixture(500);
    fixture.busyTaskAt(0, 0, 20_000_000);
    fixture.interruptAt(1_000_000, 0, 1, 2);
    fixture.machine().runUntil(1_100_000);
    fixture.slot().suspend();
    assertEquals(2, fixture.slot().pending());
    fixture
        .slot()
        .use(AdaptiveCompletionPolicy.ID, new AdaptiveCompletionPolicy(TestConfig.DEFAULT));
    fixture.endedAtLast();
    assertEquals(0, fixture.layer().bios().inUse());
  }

  @Test
  void anAgeOutOfRangeIsRefused() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new AdaptiveCompletionPolicy(new TestConfig(-1, 50)));
    assertEquals(
        "completion.adaptive: age.us is -1; it must be from 0 to 1000000", refused.getMessage());
  }
}
