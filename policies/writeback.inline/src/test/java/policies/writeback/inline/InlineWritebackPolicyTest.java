package policies.writeback.inline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.testing.CacheFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/**
 * The only costs: 6 us to wake a task of an idle CPU and 150 ns for who wakes it, 1 us to copy a
 * page, 400 ns to submit one.
 */
class InlineWritebackPolicyTest {
  private final CacheFixture fixture =
      new CacheFixture(
          MachineProfile.ofCpus(4)
              .withoutCosts()
              .with(Cost.WORKER_WAKEUP, 6_000)
              .with(Cost.WAKE, 150)
              .with(Cost.PAGE_COPY, 1_000)
              .with(Cost.FOLIO_WRITEBACK, 400));

  private final OpenFile first = fixture.newFile();
  private final OpenFile second = fixture.newFile();

  @BeforeEach
  void usePolicy() {
    fixture.cache().writebackSlot().use(InlineWritebackPolicy.ID, new InlineWritebackPolicy());
  }

  private long wakeUps() {
    return fixture.machine().workqueues().wakeUps();
  }

  @Test
  void theWriterSubmitsItsPagesBeforeItsCallReturns() {
    fixture.writeAt(10_000, 0, "writer", first, 0, 4, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    // Awake at 16000, 4 pages copied at 20000, and 4 x 400 ns in the writer's own time.
    assertEquals(List.of("1: 0-3 by writer@21600"), fixture.submitted());
    assertEquals(List.of("writer@21600"), fixture.returned());
    assertEquals(0, wakeUps());
  }

  @Test
  void onlyTheRangeOfTheCallIsWritten() {
    fixture.writeAt(0, 0, "other", first, 0, 10, RwFlags.NONE);
    fixture.writeAt(0, 1, "another", second, 0, 10, RwFlags.NONE);
    fixture.writeAt(100_000, 0, "writer", first, 4, 2, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    assertEquals(List.of("1: 4-5 by writer@108800"), fixture.submitted());
    fixture.cache().verify();
  }

  @Test
  void eachCallPaysForItsOwnPages() {
    fixture.writeAt(10_000, 0, "one", first, 0, 1, RwFlags.DONTCACHE);
    fixture.writeAt(10_000, 1, "two", first, 1, 1, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    // The inode lock orders the copies; the second spins for it until 17000, as its owner runs. Its
    // copy has the lock of the file's tree promised until 18000: the first's folio, handed out at
    // 17400, is under writeback only then.
    assertEquals(List.of("one@18000", "two@18400"), fixture.returned());
    assertEquals(0, wakeUps());
  }
}
