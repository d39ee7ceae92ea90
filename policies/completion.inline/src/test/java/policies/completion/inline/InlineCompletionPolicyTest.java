package policies.completion.inline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.testing.CompletionFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/** The only costs: 6 us to wake a worker of an idle CPU, 1.3 us to switch a busy one. */
class InlineCompletionPolicyTest {
  private final CompletionFixture fixture =
      new CompletionFixture(
          MachineProfile.ofCpus(2)
              .withoutCosts()
              .with(Cost.WORKER_WAKEUP, 6_000)
              .with(Cost.CONTEXT_SWITCH, 1_300),
          InlineCompletionPolicy.ID,
          new InlineCompletionPolicy());

  @Test
  void aBioEndsInTheInterruptAndTheCheckerSaysSo() {
    fixture.interruptAt(10_000, 0, 1);
    assertEquals(List.of("1@10000 HARDIRQ"), fixture.endedAtLast());
    assertEquals(1, fixture.machine().checker().count());
    String complaint = fixture.machine().checker().complaints().get(0).toString();
    assertTrue(
        complaint.contains(
            "CP-2: completion.inline ended bio 1 (WRITE 0 + 0) where it can't sleep"),
        complaint);
  }

  @Test
  void aBioThatCompletesInATaskEndsThereWithoutComplaint() {
    fixture.taskAt(10_000, 0, x -> fixture.layer().endBio(x, fixture.bio(1)));
    assertEquals(List.of("1@16000"), fixture.endedAtLast());
    assertEquals(0, fixture.machine().checker().count());
  }
}
