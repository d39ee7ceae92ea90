package policies.writeback.ideal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.testing.CacheFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sim.kernel.CpuTime;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/**
 * One CPU. The only costs: 6 us to wake a task of an idle CPU, 1 us to copy a page, 400 ns to
 * submit one.
 */
class IdealWritebackPolicyTest {
  private final CacheFixture fixture =
      new CacheFixture(
          MachineProfile.ofCpus(1)
              .withoutCosts()
              .with(Cost.WORKER_WAKEUP, 6_000)
              .with(Cost.PAGE_COPY, 1_000)
              .with(Cost.FOLIO_WRITEBACK, 400));

  private final OpenFile file = fixture.newFile();

  @BeforeEach
  void usePolicy() {
    fixture.cache().writebackSlot().use(IdealWritebackPolicy.ID, new IdealWritebackPolicy());
  }

  @Test
  void theRangeIsSubmittedAtTheInstantAtWhichTheWriteEnds() {
    fixture.writeAt(10_000, 0, "writer", file, 0, 4, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    // Awake at 16000, copied at 20000.
    assertEquals(List.of("writer@20000"), fixture.returned());
    assertEquals(List.of("1: 0-3 by flush-ideal@20000"), fixture.submitted());
  }

  @Test
  void nobodyPaysForTheSubmission() {
    fixture.writeAt(10_000, 0, "writer", file, 0, 4, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    // What the CPU was busy for: the wake-up and four pages.
    assertEquals(10_000, fixture.machine().cpu(0).timeNs(CpuTime.SYSTEM));
    assertEquals(0, fixture.machine().cpu(0).timeNs(CpuTime.WORKER));
    assertEquals(0, fixture.machine().workqueues().wakeUps());
    assertEquals(0, fixture.machine().checker().count());
  }

  @Test
  void theFlushWaitsForALockedFolioAndTheWriterDoesNot() {
    fixture.writeAt(10_000, 0, "writer", file, 0, 2, RwFlags.DONTCACHE);
    fixture.at(17_500, () -> fixture.cache().trylock(file.mapping().pages().load(0)));
    fixture.taskAt(
        50_000, 0, "holder", x -> fixture.cache().unlock(x, file.mapping().pages().load(0)));
    fixture.machine().runUntil(1_000_000);
    // The first page was copied at 17000 and is locked until the holder is awake, at 56000.
    assertEquals(List.of("writer@18000"), fixture.returned());
    assertEquals(List.of("1: 0-1 by flush-ideal@56000"), fixture.submitted());
  }

  @Test
  void aFlushThatWaitsHoldsNoOtherUp() {
    fixture.writeAt(10_000, 0, "one", file, 0, 2, RwFlags.DONTCACHE);
    fixture.at(17_500, () -> fixture.cache().trylock(file.mapping().pages().load(0)));
    fixture.writeAt(20_000, 0, "two", file, 2, 1, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    // The first flush waits for page 0 for ever; the second write is awake at 26000.
    assertEquals(List.of("one@18000", "two@27000"), fixture.returned());
    assertEquals(List.of("1: 2-2 by flush-ideal@27000"), fixture.submitted());
  }
}
