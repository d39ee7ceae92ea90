package policies.completion.unboundworkqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.testing.CompletionFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/** The only costs: 6 us to wake a worker of an idle CPU, 1.3 us to switch a busy one. */
class UnboundWorkqueueCompletionPolicyTest {
  private final CompletionFixture fixture =
      new CompletionFixture(
          MachineProfile.ofCpus(2)
              .withoutCosts()
              .with(Cost.WORKER_WAKEUP, 6_000)
              .with(Cost.CONTEXT_SWITCH, 1_300),
          UnboundWorkqueueCompletionPolicy.ID,
          new UnboundWorkqueueCompletionPolicy());

  @Test
  void anIsolatedBioWaitsForAWorkerToWake() {
    fixture.interruptAt(10_000, 0, 1);
    assertEquals(List.of("1@16000"), fixture.endedAtLast());
  }

  @Test
  void aBusyCpuDoesNotHoldItsBiosUp() {
    fixture.busyTaskAt(0, 0, 20_000_000);
    fixture.interruptAt(1_000_000, 0, 1);
    assertEquals(List.of("1@1006000 cpu1"), fixture.endedAtLast());
  }

  @Test
  void aDyingCpuHoldsNothingBack() {
    fixture.withHotplugNs(100_000);
    fixture.downAt(1_000_000, 1);
    fixture.interruptAt(1_050_000, 1, 1);
    assertEquals(List.of("1@1056000"), fixture.endedAtLast());
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
                .use(UnboundWorkqueueCompletionPolicy.ID, new UnboundWorkqueueCompletionPolicy()));
    assertEquals(List.of("1@16000", "2@17000"), fixture.endedAtLast());
    assertEquals(0, fixture.layer().bios().inUse());
  }
}
