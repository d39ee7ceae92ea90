package policies.completion.skip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.testing.CompletionFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

class SkipCompletionPolicyTest {
  private final CompletionFixture fixture =
      new CompletionFixture(
          MachineProfile.ofCpus(1).withoutCosts().with(Cost.WORKER_WAKEUP, 6_000),
          SkipCompletionPolicy.ID,
          new SkipCompletionPolicy());

  @Test
  void aBioEndsInTheInterruptThatCompletesIt() {
    fixture.interruptAt(10_000, 0, 1);
    assertEquals(List.of("1@10000 HARDIRQ"), fixture.endedAtLast());
  }

  @Test
  void aBioThatCompletesInATaskEndsThere() {
    fixture.taskAt(10_000, 0, x -> fixture.layer().endBio(x, fixture.bio(1)));
    assertEquals(List.of("1@16000"), fixture.endedAtLast());
  }
}
