package policies.completion.delayedworkv6;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.testing.CompletionFixture;
import java.lang.annotation.Annotation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sim.kernel.machine.Cost;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;

/** The only costs: 6 us to wake a worker of an idle CPU, 1.3 us to switch a busy one. */
class DelayedWorkV6CompletionPolicyTest {
  private record TestConfig(long delay_ticks) implements DelayedWorkV6CompletionPolicy.Config {
    @Override
    public Class<? extends Annotation> annotationType() {
      return DelayedWorkV6CompletionPolicy.Config.class;
    }
  }

  private static DelayedWorkV6CompletionPolicy policy(long delayTicks) {
    return new DelayedWorkV6CompletionPolicy(new TestConfig(delayTicks));
  }

  private static CompletionFixture fixture(int hz, long delayTicks) {
    return fixture(1, hz, delayTicks);
  }

  private static CompletionFixture fixture(int cpus, int hz, long delayTicks) {
    MachineProfile machine =
        MachineProfile.ofCpus(cpus)
            .withoutCosts()
            .with(Cost.WORKER_WAKEUP, 6_000)
            .with(Cost.CONTEXT_SWITCH, 1_300)
            .with(new KernelBuild(PreemptModel.NONE, true, false, hz));
    return new CompletionFixture(machine, DelayedWorkV6CompletionPolicy.ID, policy(delayTicks));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 250, 1000})
  void anIsolatedBioJustBehindATickWaitsAlmostTwoTicks(int hz) {
    long tickNs = 1_000_000_000 / hz;
    CompletionFixture fixture = fixture(hz, 1);
    fixture.interruptAt(5 * tickNs + 1, 0, 1);
    // The timer is armed in tick 5 for 1 more and rounded up by 1: tick 7, then the wake-up.
    assertEquals(List.of("1@" + (7 * tickNs + 6_000)), fixture.endedAtLast());
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 250, 1000})
  void anIsolatedBioJustBeforeATickWaitsLittleMoreThanOne(int hz) {
    long tickNs = 1_000_000_000 / hz;
    CompletionFixture fixture = fixture(hz, 1);
    fixture.interruptAt(6 * tickNs - 1, 0, 1);
    assertEquals(List.of("1@" + (7 * tickNs + 6_000)), fixture.endedAtLast());
  }

  @Test
  void theDelayIsCountedFromTheFirstBioOfABatch() {
    CompletionFixture fixture = fixture(250, 1);
    fixture.interruptAt(100, 0, 1);
    fixture.interruptAt(7_999_999, 0, 2); // 1 ns before the timer
    fixture.interruptAt(8_007_000, 0, 3); // behind the worker: arms its own, for tick 4
    assertEquals(List.of("1@8006000", "2@8006000", "3@16006000"), fixture.endedAtLast());
    assertEquals(2, fixture.machine().workqueues().wakeUps());
  }

  @Test
  void withoutADelayTheWorkIsQueuedAtOnce() {
    CompletionFixture fixture = fixture(250, 0);
    fixture.interruptAt(10_000, 0, 1);
    assertEquals(List.of("1@16000"), fixture.endedAtLast());
  }

  @Test
  void theWorkerMakesWayBehindAListIfTheCpuIsWanted() {
    CompletionFixture fixture = fixture(250, 1).withEndNs(5_000_000);
    fixture.interruptAt(100, 0, 1);
    fixture.busyTaskAt(8_100_000, 0, 1_000_000);
    fixture.interruptAt(9_000_000, 0, 2);
    // 1 is ended at 13006000; the tick of 12 ms has found that the worker's slice was used, so the
    // busy task runs first: two switches and 1 ms. A worker that goes on would end 2 at 13006000.
    assertEquals(List.of("1@8006000", "2@14008600"), fixture.endedAtLast());
  }

  @Test
  void biosBehindTheTimerAreHandedOver() {
    CompletionFixture fixture = fixture(250, 1);
    fixture.interruptAt(100, 0, 1, 2);
    fixture.machine().runUntil(1_000_000);
    assertEquals(2, fixture.slot().pending());
    assertEquals("", fixture.slot().suspend().fault());
    fixture.slot().use(DelayedWorkV6CompletionPolicy.ID, policy(0));
    assertEquals(List.of("1@1006000", "2@1006000"), fixture.endedAtLast());
  }

  @Test
  void biosOfADyingCpuAreEndedByTheControllingTask() {
    CompletionFixture fixture = fixture(2, 250, 1).withHotplugNs(100_000);
    fixture.downAt(1_000_000, 1);
    fixture.interruptAt(1_005_000, 1, 1); // arms the timer, which is taken back
    fixture.interruptAt(1_050_000, 1, 2); // finds the list not empty
    // CPU 1's thread has disabled the work at 1012000 and is busy until 1112000; the controlling
    // task needs 6 us to hear of it, and 6 us more to hear that the CPU is dead.
    assertEquals(List.of("1@1124000", "2@1124000"), fixture.endedAtLast());
  }

  @Test
  void biosOfAnAbortedOfflineAreLeftForEver() {
    CompletionFixture fixture = fixture(2, 250, 1).withHotplugNs(100_000);
    fixture.abortedDownAt(1_000_000, 1);
    fixture.interruptAt(1_050_000, 1, 1);
    fixture.interruptAt(2_000_000, 1, 2);
    // The kick of 1 was refused, and 2 finds the list not empty: the stall that was mended later.
    assertEquals(List.of(), fixture.endedAtLast());
    assertEquals(2, fixture.slot().pending());
    // Looks 1 ms behind 1, and 1 ms behind that: the CPU is on its way until 1.118 ms.
    assertEquals(
        List.of(
            "3050000 completion.delayed-work-v6: keeps bios of CPU 1, 2 since 1050000 ns: nothing"
                + " that would end them is pending or running"),
        complaints(fixture));
  }

  @Test
  void biosOfTheBringUpWindowAreLeftForEver() {
    CompletionFixture fixture = fixture(2, 250, 1).withHotplugNs(100_000);
    fixture.downAt(1_000_000, 1);
    fixture.upAt(2_000_000, 1);
    fixture.interruptAt(2_050_000, 1, 1);
    assertEquals(List.of(), fixture.endedAtLast());
    assertEquals(1, fixture.slot().pending());
    assertEquals(1, complaints(fixture).size());
  }

  @Test
  void aListMayStandWhileItsCpuIsOnItsWay() {
    CompletionFixture fixture = fixture(2, 250, 1).withHotplugNs(100_000_000);
    fixture.downAt(1_000_000, 1);
    fixture.interruptAt(2_000_000, 1, 1);
    // Nobody comes for 99 ms, and then the controlling task: 6 us to go there, and 6 and 6 as in
    // biosOfADyingCpuAreEndedByTheControllingTask.
    assertEquals(List.of("1@101024000"), fixture.endedAtLast());
    assertEquals(List.of(), complaints(fixture));
  }

  private static CompletionFixture asking(boolean preemptCount) {
    MachineProfile machine =
        MachineProfile.ofCpus(1)
            .withoutCosts()
            .with(Cost.WORKER_WAKEUP, 6_000)
            .with(new KernelBuild(PreemptModel.NONE, preemptCount, false, 250));
    return new CompletionFixture(machine, DelayedWorkV6CompletionPolicy.ID, policy(0))
        .withAskingOwners();
  }

  @Test
  void anOwnerThatAsksForATaskIsCalledAgainThere() {
    CompletionFixture fixture = asking(true);
    fixture.interruptAt(10_000, 0, 1);
    assertEquals(List.of("1@16000"), fixture.endedAtLast());
    assertEquals(List.of(), complaints(fixture));
  }

  @Test
  void anOwnerThatAsksIsDeferredForEverWhereABuildCannotTellATask() {
    CompletionFixture fixture = asking(false);
    fixture.interruptAt(10_000, 0, 1);
    assertEquals(List.of(), fixture.endedAtLast());
    // Without costs all thousand turns are at one instant.
    assertEquals(
        List.of(
            "16000 completion.delayed-work-v6: deferred bio 1 (WRITE 0 + 0) from its own end 1000"
                + " times, and would for ever"),
        complaints(fixture));
    assertEquals(1, fixture.slot().pending(), "taken back from the policy");
    assertTrue(fixture.slot().isSuspended());
  }

  private static List<String> complaints(CompletionFixture fixture) {
    return fixture.machine().checker().complaints().stream()
        .map(complaint -> complaint.timeNs() + " " + complaint.what())
        .toList();
  }

  @Test
  void aDelayOutOfRangeIsRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> policy(-1));
    assertEquals(
        "completion.delayed-work-v6: delay.ticks is -1; it must be from 0 to 1000",
        refused.getMessage());
  }
}
