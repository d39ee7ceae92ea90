package policies.completion.ideal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.testing.CompletionFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.CpuTime;
import sim.kernel.machine.MachineProfile;

class IdealCompletionPolicyTest {
  private final CompletionFixture fixture =
      new CompletionFixture(
          MachineProfile.ofCpus(1).withoutCosts(),
          IdealCompletionPolicy.ID,
          new IdealCompletionPolicy());

  @Test
  void aBioEndsInATaskAtTheInstantItCompletes() {
    fixture.interruptAt(10_000, 0, 1, 2);
    assertEquals(List.of("1@10000", "2@10000"), fixture.endedAtLast());
  }

  @Test
  void theOwnersTimeIsNobodysAndNoWorkerWakes() {
    fixture.withEndNs(700);
    fixture.interruptAt(10_000, 0, 1, 2);
    assertEquals(List.of("1@10000", "2@10000"), fixture.endedAtLast());
    assertEquals(0, fixture.machine().cpu(0).timeNs(CpuTime.HARDIRQ));
    assertEquals(0, fixture.machine().workqueues().wakeUps());
    assertEquals(0, fixture.machine().checker().count());
  }
}
