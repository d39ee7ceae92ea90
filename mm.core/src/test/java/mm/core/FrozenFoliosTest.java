package mm.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import mm.core.file.OpenFile;
import mm.core.testing.CacheFixture;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.check.Complaint;
import sim.kernel.machine.MachineProfile;
import sim.kernel.wait.WaitQueue;

class FrozenFoliosTest {
  private final CacheFixture fixture = new CacheFixture(MachineProfile.ofCpus(2).withoutCosts());
  private final PageCache cache = fixture.cache();
  private final OpenFile file = fixture.newFile();
  private final int folio = fixture.fill(file, 1)[0];

  /** A task freezes the folio at 100 us, does something, and thaws it. */
  private void frozen(Step offence) {
    fixture.taskAt(
        100_000,
        0,
        "offender",
        x -> {
          assertTrue(cache.trylock(folio));
          assertTrue(cache.freeze(x, folio, 1));
          x.then(this::thaw);
          x.then(offence);
        });
    fixture.machine().runUntil(1_000_000);
  }

  private void thaw(Exec x) {
    cache.unfreeze(x, folio, 1);
    cache.unlock(x, folio);
  }

  private List<String> complaints() {
    return fixture.machine().checker().complaints().stream().map(Complaint::text).toList();
  }

  private static String domain(String time, String what, int folio) {
    return "[0." + time + "] BUG: broken invariant: folio " + folio + ": " + what;
  }

  private void assertComplaint(String right) {
    assertEquals(1, complaints().size(), complaints().toString());
    assertTrue(complaints().get(0).startsWith(right), complaints().get(0));
  }

  @Test
  void sleepingIsAComplaint() {
    WaitQueue never = new WaitQueue();
    fixture.at(100_500, () -> never.wakeAll(null));
    frozen(never::sleep);
    assertEquals(2, complaints().size(), complaints().toString());
    String asked = "[0.000100] BUG: sleeping function called from invalid context";
    assertTrue(complaints().get(0).startsWith(asked), complaints().get(0));
    String done = "[0.000100] BUG: scheduling while atomic";
    assertTrue(complaints().get(1).startsWith(done), complaints().get(1));
  }

  @Test
  void startingIoIsAComplaint() {
    int other = fixture.fill(fixture.newFile(), 1)[0];
    frozen(
        x -> {
          cache.trylock(other);
          cache.startWriteback(x, other);
          cache.unlock(x, other);
        });
    assertComplaint(domain("000100", "I/O was started while it was frozen", folio));
  }

  @Test
  void waitingForATlbFlushIsAComplaint() {
    frozen(x -> cache.evictionSlot().tlbs().flush(x, new long[] {2}, 1));
    assertComplaint(domain("000100", "a TLB flush was waited for while it was frozen", folio));
  }

  @Test
  void moreThanAMicrosecondIsAComplaint() {
    frozen(x -> x.charge(1_001));
    assertComplaint(domain("000101", "was frozen for 1001 ns", folio));
  }

  @Test
  void aMicrosecondIsNone() {
    frozen(x -> x.charge(1_000));
    assertEquals(List.of(), complaints());
  }

  @Test
  void whatOthersDoMeanwhileIsNoOffence() {
    int other = fixture.fill(fixture.newFile(), 1)[0];
    fixture.taskAt(
        100_000,
        1,
        "bystander",
        x -> {
          cache.trylock(other);
          cache.startWriteback(x, other);
          cache.unlock(x, other);
        });
    frozen(x -> x.charge(500));
    assertEquals(List.of(), complaints());
  }
}
