package policies.completion.llistv5;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.testing.CompletionFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sim.kernel.machine.Cost;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;

/** The only costs: 6 us to wake a worker of an idle CPU, 1.3 us to switch a busy one. */
class LlistV5CompletionPolicyTest {
  private static CompletionFixture fixture(int hz) {
    return new CompletionFixture(
        MachineProfile.ofCpus(2)
            .withoutCosts()
            .with(Cost.WORKER_WAKEUP, 6_000)
            .with(Cost.CONTEXT_SWITCH, 1_300)
            .with(new KernelBuild(PreemptModel.NONE, true, false, hz)),
        LlistV5CompletionPolicy.ID,
        new LlistV5CompletionPolicy());
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 250, 1000})
  void anIsolatedBioWaitsOneToTwoTicks(int hz) {
    long tickNs = 1_000_000_000 / hz;
    CompletionFixture fixture = fixture(hz);
    fixture.interruptAt(5 * tickNs + 1, 0, 1);
    fixture.interruptAt(10 * tickNs - 1, 0, 2);
    // Armed in ticks 5 and 9 for 1 more and rounded up by 1; then the wake-up.
    assertEquals(
        List.of("1@" + (7 * tickNs + 6_000), "2@" + (11 * tickNs + 6_000)), fixture.endedAtLast());
  }

  @Test
  void theWorkerGoesOnThoughTheCpuIsWanted() {
    CompletionFixture fixture = fixture(250).withEndNs(5_000_000);
    fixture.interruptAt(100, 0, 1);
    fixture.busyTaskAt(8_100_000, 0, 1_000_000);
    fixture.interruptAt(9_000_000, 0, 2);
    assertEquals(List.of("1@8006000", "2@13006000"), fixture.endedAtLast());
  }

  @Test
  void biosBehindTheTimerOfADeadCpuAreEndedByTheControllingTask() {
    CompletionFixture fixture = fixture(250).withHotplugNs(100_000);
    fixture.downAt(1_000_000, 1);
    fixture.interruptAt(1_050_000, 1, 1);
    // The CPU is dead at 1118000, and the controlling task hears of it 6 us later.
    assertEquals(List.of("1@1124000"), fixture.endedAtLast());
  }

  @Test
  void biosBehindTheTimerAreHandedOver() {
    CompletionFixture fixture = fixture(250);
    fixture.interruptAt(100, 0, 1, 2);
    fixture.machine().runUntil(1_000_000);
    assertEquals(2, fixture.slot().suspend().bios());
    fixture.slot().use(LlistV5CompletionPolicy.ID, new LlistV5CompletionPolicy());
    // Armed anew, in the same tick.
    assertEquals(List.of("1@8006000", "2@8006000"), fixture.endedAtLast());
  }
}
