package mm.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import mm.core.file.OpenFile;
import mm.core.file.RwFlag;
import mm.core.file.RwFlags;
import mm.core.testing.PageCacheFixture;
import mm.core.writeback.BdiWriteback;
import mm.core.writeback.WbStat;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.ExecContext;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

class DontcacheWriteTest {
  private static final MachineProfile FREE = MachineProfile.ofCpus(4).withoutCosts();

  /** What each step of a write, its writeback and its drop costs; all else is free. */
  private static final MachineProfile PRICED =
      FREE.with(Cost.FOLIO_LOOKUP, 10)
          .with(Cost.FOLIO_ADD, 100)
          .with(Cost.PAGE_COPY, 1_000)
          .with(Cost.FOLIO_DIRTY, 20)
          .with(Cost.FOLIO_WRITEBACK, 200)
          .with(Cost.FOLIO_END_WRITEBACK, 3_000)
          .with(Cost.FOLIO_DROP, 30_000);

  private PageCacheFixture fixture = new PageCacheFixture(FREE).withInlineWriteback();

  private PageCacheFixture endingIn(ExecContext context) {
    fixture.fileSystem().endingIn(context);
    return fixture;
  }

  private long dropped(DropOutcome outcome) {
    return fixture.cache().dropbehindPages(outcome);
  }

  private BdiWriteback wb() {
    return fixture.device().wbs().get(0);
  }

  @Test
  void aWriteCostsItsFoliosAndItsRangeIsFlushedInTheWriter() {
    fixture = new PageCacheFixture(PRICED).withInlineWriteback();
    OpenFile file = fixture.newFile();
    fixture.taskAt(0, 0, fixture.write(file, 0, 2, RwFlags.DONTCACHE));
    // Two folios of 10 + 100 + 1000 + 20 ns, then 200 ns each to submit.
    assertEquals(List.of("write=8192@2660"), fixture.runToIdle());
  }

  @Test
  void aFlushIsPaidForThoughItFindsNothingToWrite() {
    fixture = new PageCacheFixture(FREE.with(Cost.WRITEPAGES, 700)).withInlineWriteback();
    OpenFile file = fixture.newFile();
    fixture.taskAt(0, 0, fixture.write(file, 0, 1, RwFlags.DONTCACHE));
    fixture.taskAt(10_000, 0, fixture.write(file, 0, 1, RwFlags.DONTCACHE));
    // The second finds its folio under writeback, for 100 us from 700.
    assertEquals(List.of("write=4096@700", "write=4096@10700"), fixture.runToIdle());
    assertEquals("uptodate|dirty|dropbehind|lru", fixture.flags(file, 0));
  }

  @Test
  void aDropInATaskFollowsItsFoliosEndOfWriteback() {
    fixture = new PageCacheFixture(PRICED).withInlineWriteback();
    endingIn(ExecContext.TASK);
    OpenFile file = fixture.newFile();
    fixture.taskAt(0, 0, fixture.write(file, 0, 2, RwFlags.DONTCACHE));
    // Submitted at 2660, done 100 us later; 3 us each to end and 30 us to drop, in turn.
    long done = 102_660;
    fixture.runUntil(done + 2_999);
    assertEquals("uptodate|dropbehind|lru", fixture.flags(file, 0));
    assertEquals("uptodate|writeback|dropbehind|lru", fixture.flags(file, 1));
    fixture.runUntil(done + 3_000);
    assertEquals("absent", fixture.flags(file, 0), "dropped in the step after its end");
    fixture.runUntil(done + 33_000);
    assertEquals("uptodate|dropbehind|lru", fixture.flags(file, 1));
    fixture.runUntil(done + 36_000);
    assertEquals("absent", fixture.flags(file, 1));
    fixture.runToIdle();
    assertEquals(2, dropped(DropOutcome.DROPPED));
    assertEquals(0, fixture.cache().folios().folioCount());
  }

  @Test
  void inAnInterruptTheFolioStaysWithItsFlag() {
    for (ExecContext context : List.of(ExecContext.HARDIRQ, ExecContext.SOFTIRQ)) {
      fixture = new PageCacheFixture(FREE).withInlineWriteback();
      endingIn(context);
      OpenFile file = fixture.newFile();
      fixture.taskAt(0, 0, fixture.write(file, 0, 3, RwFlags.DONTCACHE));
      fixture.runToIdle();
      assertEquals("uptodate|dropbehind|lru", fixture.flags(file, 2), context.toString());
      assertEquals(3, dropped(DropOutcome.NOT_TASK));
      assertEquals(0, fixture.machine().checker().count());
    }
  }

  @Test
  void aFileSystemWithoutFopDontcacheRefusesBeforeAnyIo() {
    fixture.fileSystem().withDontcache(false);
    OpenFile file = fixture.newFile(4096);
    fixture.taskAt(
        0,
        0,
        fixture.write(file, 0, 1, RwFlags.DONTCACHE),
        fixture.read(file, 0, 1, RwFlags.DONTCACHE));
    assertEquals(List.of("write=-95@0", "read=-95@0"), fixture.runToIdle());
    assertEquals("absent", fixture.flags(file, 0));
  }

  @Test
  void aFolioThatWasThereBeforeIsNeverMarked() {
    endingIn(ExecContext.TASK);
    OpenFile file = fixture.newFile();
    fixture.taskAt(
        0,
        0,
        fixture.write(file, 0, 1, RwFlags.NONE),
        fixture.write(file, 0, 2, RwFlags.DONTCACHE));
    fixture.runToIdle();
    assertEquals("uptodate|lru", fixture.flags(file, 0));
    assertEquals("absent", fixture.flags(file, 1));
  }

  @Test
  void aPlainWriteClearsTheFlagAndItsCount() {
    fixture = new PageCacheFixture(FREE).withoutWriteback();
    OpenFile file = fixture.newFile();
    fixture.taskAt(0, 0, fixture.write(file, 0, 4, RwFlags.DONTCACHE));
    fixture.runUntil(1_000);
    assertEquals(4, wb().statSum(WbStat.DONTCACHE_DIRTY));
    fixture.taskAt(2_000, 1, fixture.write(file, 1, 2, RwFlags.NONE));
    fixture.runUntil(3_000);
    assertEquals("uptodate|dirty|lru", fixture.flags(file, 1));
    assertEquals("uptodate|dirty|dropbehind|lru", fixture.flags(file, 3));
    assertEquals(2, wb().statSum(WbStat.DONTCACHE_DIRTY));
    assertEquals(4, wb().statSum(WbStat.RECLAIMABLE));
    fixture.cache().verify();
  }

  @Test
  void aPlainWriteBetweenTheEndOfWritebackAndTheDropKeepsTheFolio() {
    // The look-up comes while FOLIO_END_WRITEBACK elapses: after step 3, before step 4.
    fixture =
        new PageCacheFixture(FREE.with(Cost.FOLIO_END_WRITEBACK, 1_000)).withInlineWriteback();
    endingIn(ExecContext.TASK);
    OpenFile file = fixture.newFile();
    fixture.taskAt(0, 0, fixture.write(file, 0, 1, RwFlags.DONTCACHE));
    fixture.taskAt(100_500, 1, fixture.write(file, 0, 1, RwFlags.NONE));
    fixture.runToIdle();
    assertEquals("uptodate|dirty|lru", fixture.flags(file, 0));
    assertEquals(1, dropped(DropOutcome.FLAG_CLEARED));
  }

  @Test
  void aRedirtiedFolioKeepsItsFlagAndTheNextEndDropsIt() {
    endingIn(ExecContext.TASK);
    OpenFile file = fixture.newFile();
    fixture.taskAt(0, 0, fixture.write(file, 0, 1, RwFlags.DONTCACHE));
    // Dirtied under writeback by a DONTCACHE write, whose flush skips it: WB_SYNC_NONE.
    fixture.taskAt(50_000, 1, fixture.write(file, 0, 1, RwFlags.DONTCACHE));
    fixture.runUntil(150_000);
    assertEquals("uptodate|dirty|dropbehind|lru", fixture.flags(file, 0));
    assertEquals(1, dropped(DropOutcome.DIRTY_OR_WRITEBACK));
    assertEquals(1, wb().statSum(WbStat.DONTCACHE_DIRTY));
    fixture.taskAt(200_000, 1, fixture.fsync(file));
    fixture.runToIdle();
    assertEquals("absent", fixture.flags(file, 0));
    assertEquals(1, dropped(DropOutcome.DROPPED));
  }

  @Test
  void aLockedFolioIsNotWaitedFor() {
    endingIn(ExecContext.TASK);
    OpenFile file = fixture.newFile();
    fixture.taskAt(0, 0, fixture.write(file, 0, 1, RwFlags.DONTCACHE));
    fixture.taskAt(
        50_000,
        1,
        x -> fixture.cache().lock(x, fixture.folio(file, 0)),
        x -> fixture.machine().timers().sleep(x, 100_000),
        x -> fixture.cache().unlock(x, fixture.folio(file, 0)));
    fixture.runToIdle();
    assertEquals("uptodate|dropbehind|lru", fixture.flags(file, 0));
    assertEquals(1, dropped(DropOutcome.TRYLOCK_FAILED));
  }

  @Test
  void aFileSystemThatKeepsItsStateMakesTheFolioAnOrdinaryOne() {
    fixture = new PageCacheFixture(FREE).withoutWriteback();
    endingIn(ExecContext.TASK).fileSystem().withReleases(false);
    OpenFile file = fixture.newFile();
    fixture.taskAt(
        0,
        0,
        fixture.write(file, 0, 1, RwFlags.DONTCACHE),
        x -> fixture.fileSystem().attachPrivate(fixture.folio(file, 0)),
        fixture.fsync(file));
    fixture.runToIdle();
    assertEquals("uptodate|private|lru", fixture.flags(file, 0));
    assertEquals(1, dropped(DropOutcome.BUSY));
  }

  @Test
  void aFolioThatWasTruncatedMeanwhileIsNoLongerDropped() {
    fixture =
        new PageCacheFixture(FREE.with(Cost.FOLIO_END_WRITEBACK, 1_000)).withInlineWriteback();
    endingIn(ExecContext.TASK);
    OpenFile file = fixture.newFile();
    fixture.taskAt(0, 0, fixture.write(file, 0, 1, RwFlags.DONTCACHE));
    // Waits for writeback, is woken at its end, and removes the folio before the drop.
    fixture.taskAt(50_000, 1, x -> fixture.cache().truncate(x, file.mapping(), 0));
    fixture.runToIdle();
    assertEquals(1, dropped(DropOutcome.NO_MAPPING));
    assertEquals(0, fixture.cache().folios().folioCount());
  }

  @Test
  void othersReferencesDontKeepTheFolioInThePageCache() {
    endingIn(ExecContext.TASK);
    OpenFile file = fixture.newFile();
    fixture.taskAt(0, 0, fixture.write(file, 0, 1, RwFlags.DONTCACHE));
    int[] held = new int[1];
    fixture.taskAt(
        50_000,
        1,
        (Exec x) -> {
          held[0] = fixture.folio(file, 0);
          fixture.cache().folios().get(held[0]);
        });
    fixture.runUntilIdleWithin(1_000_000_000L);
    assertEquals("absent", fixture.flags(file, 0));
    assertEquals(1, fixture.cache().folios().folioCount(), "its memory is freed with the last one");
    fixture.cache().put(held[0]);
    assertEquals(0, fixture.cache().folios().folioCount());
  }

  @Test
  void aSynchronousDontcacheWriteAsksNoPolicy() {
    endingIn(ExecContext.TASK);
    fixture.withWriteback(
        "writeback.refuses",
        (host, x, mapping, pos, bytes) -> {
          throw new IllegalStateException("asked");
        });
    OpenFile file = fixture.newFile();
    RwFlags flags = RwFlags.of(RwFlag.DONTCACHE, RwFlag.DSYNC);
    fixture.taskAt(0, 0, fixture.write(file, 0, 1, flags));
    assertEquals(List.of("write=4096@100000"), fixture.runToIdle());
    assertEquals("absent", fixture.flags(file, 0));
  }
}
