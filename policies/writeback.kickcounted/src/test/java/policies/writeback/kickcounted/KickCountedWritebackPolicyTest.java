package policies.writeback.kickcounted;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.testing.CacheFixture;
import mm.core.writeback.WbStat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/**
 * The only costs: 6 us to wake a task of an idle CPU and 150 ns for who wakes it, 1 us to copy a
 * page, 400 ns to submit one.
 */
class KickCountedWritebackPolicyTest {
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
    fixture
        .cache()
        .writebackSlot()
        .use(KickCountedWritebackPolicy.ID, new KickCountedWritebackPolicy());
  }

  private long wakeUps() {
    return fixture.machine().workqueues().wakeUps();
  }

  @Test
  void theCallReturnsWhenTheFlusherIsWoken() {
    fixture.writeAt(10_000, 0, "writer", first, 0, 4, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    // Awake at 16000, copied at 20000; the flusher runs from 26000 on the other CPU.
    assertEquals(List.of("writer@20150"), fixture.returned());
    assertEquals(List.of("1: 0-3 by kworker@27600"), fixture.submitted());
  }

  @Test
  void onePageAsksForFourMebibytesOfTheOldestInodeAndMayNotBeAmongThem() {
    fixture.writeAt(0, 0, "other", first, 0, 3_000, RwFlags.NONE);
    fixture.writeAt(10_000_000, 1, "writer", second, 7, 1, RwFlags.DONTCACHE);
    fixture.machine().runUntil(20_000_000);
    // A budget of 1 page, rounded up to the chunk of 1024, and used up by the older file.
    assertEquals(List.of("1: 0-1023 by kworker@10422600"), fixture.submitted());
    assertEquals(1, fixture.device().wbs().get(0).statSum(WbStat.DONTCACHE_DIRTY));
    fixture.cache().verify();
  }

  @Test
  void asManyPagesAreWrittenAsAreDirtyAndDropbehind() {
    fixture.writeAt(0, 0, "other", first, 0, 1_100, RwFlags.NONE);
    fixture.writeAt(10_000_000, 1, "writer", second, 0, 1_500, RwFlags.DONTCACHE);
    fixture.machine().runUntil(20_000_000);
    // A budget of 1500: all 1100 of the first file fit in its chunk of 2048, and what is left, 400,
    // is rounded up to 1024 of the second. 476 stay. The flusher runs from 11512000.
    assertEquals(
        List.of("1: 0-1099 by kworker@11952000", "2: 0-1023 by kworker@12361600"),
        fixture.submitted());
    assertEquals(476, fixture.device().wbs().get(0).statSum(WbStat.DONTCACHE_DIRTY));
  }

  @Test
  void kicksBeforeTheFlusherBeginsAreOne() {
    fixture.writeAt(10_000, 0, "one", first, 0, 1, RwFlags.DONTCACHE);
    fixture.writeAt(14_000, 1, "two", second, 0, 1, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    // The first kick is at 17000; at 21000 it is still pending, so the second wakes nobody.
    assertEquals(List.of("one@17150", "two@21000"), fixture.returned());
    assertEquals(1, wakeUps());
  }

  @Test
  void aWriteThatEndsWhileTheFlusherWritesIsNotForgotten() {
    fixture.writeAt(10_000, 0, "one", first, 0, 100, RwFlags.DONTCACHE);
    fixture.writeAt(120_000, 0, "two", second, 0, 1, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    // Kicked at 116000, the flusher writes 100 pages from 122000 to 162000. The second write ends
    // at 127000 and kicks again, since the bit was cleared first.
    assertEquals(
        List.of("1: 0-99 by kworker@162000", "2: 0-0 by kworker@162400"), fixture.submitted());
  }
}
