package mm.core.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import mm.core.DropOutcome;
import mm.core.testing.PageCacheFixture;
import org.junit.jupiter.api.Test;
import sim.kernel.ExecContext;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

class ReadTest {
  private static final MachineProfile FREE = MachineProfile.ofCpus(4).withoutCosts();
  private static final RwFlags NOWAIT = RwFlags.of(RwFlag.NOWAIT);

  private PageCacheFixture fixture = new PageCacheFixture(FREE);

  private long cached(OpenFile file) {
    return file.mapping().nrPages();
  }

  @Test
  void aDontcacheReadLeavesNothingAndDropsInTheReader() {
    fixture =
        new PageCacheFixture(
            FREE.with(Cost.FOLIO_ADD, 100)
                .with(Cost.PAGE_COPY, 1_000)
                .with(Cost.FOLIO_END_READ, 10)
                .with(Cost.FOLIO_DROP, 700));
    fixture.device().setReadaheadPages(0);
    OpenFile file = fixture.newFile(2 << 12);
    fixture.taskAt(0, 0, fixture.read(file, 0, 2, RwFlags.DONTCACHE));
    // Page by page: 100 ns to add, 100 us to read, 10 ns to end it, 1000 to copy, 700 to drop.
    assertEquals(List.of("read=8192@203620"), fixture.runToIdle());
    assertEquals(0, cached(file));
    assertEquals(2, fixture.cache().dropbehindPages(DropOutcome.DROPPED));
    assertEquals(0, fixture.machine().checker().count());
  }

  @Test
  void aDontcacheReadLeavesWhatWasCachedBefore() {
    OpenFile file = fixture.newFile(8 << 12);
    fixture.taskAt(
        0, 0, fixture.read(file, 0, 4, RwFlags.NONE), fixture.read(file, 0, 8, RwFlags.DONTCACHE));
    fixture.runToIdle();
    // The first read's window was 8 pages: 4 asked for, rounded up and doubled.
    assertEquals(8, cached(file));
    assertEquals(0, fixture.cache().dropbehindPages(DropOutcome.DROPPED));
  }

  @Test
  void aPlainReadDoesNotClearTheFlagButPrunesWhatIsClean() {
    fixture.withInlineWriteback();
    OpenFile file = fixture.newFile();
    fixture.taskAt(0, 0, fixture.write(file, 0, 2, RwFlags.DONTCACHE));
    fixture.taskAt(50_000, 1, fixture.read(file, 0, 2, RwFlags.NONE));
    fixture.runUntil(60_000);
    assertEquals("uptodate|writeback|dropbehind|lru", fixture.flags(file, 0), "under writeback");
    // Ended in an interrupt: cached, clean and still to be dropped; the next reader does it.
    fixture.taskAt(200_000, 1, fixture.read(file, 0, 1, RwFlags.NONE));
    fixture.runToIdle();
    assertEquals("absent", fixture.flags(file, 0));
    assertEquals("uptodate|dropbehind|lru", fixture.flags(file, 1));
  }

  @Test
  void twoReadersOfOneFileReadEachPageOnce() {
    OpenFile file = fixture.newFile(64 << 12);
    OpenFile again = new OpenFile(file.mapping());
    fixture.taskAt(0, 0, fixture.read(file, 0, 64, RwFlags.NONE));
    fixture.taskAt(10, 1, fixture.read(again, 0, 64, RwFlags.NONE));
    fixture.runToIdle();
    assertEquals(64, fixture.fileSystem().pagesRead());
  }

  @Test
  void twoDontcacheReadersOfOneFileBothGetAllOfIt() {
    OpenFile file = fixture.newFile(640 << 12);
    OpenFile again = new OpenFile(file.mapping());
    fixture.taskAt(0, 0, fixture.read(file, 0, 640, RwFlags.DONTCACHE));
    fixture.taskAt(10, 1, fixture.read(again, 0, 640, RwFlags.DONTCACHE));
    fixture.runUntilIdleWithin(1_000_000_000);
    assertEquals(2, fixture.log().size());
    fixture.log().forEach(line -> assertEquals("read=2621440", line.split("@")[0]));
    assertEquals(0, cached(file));
  }

  @Test
  void readaheadIsOneWindowAheadOfASequentialReader() {
    OpenFile file = fixture.newFile(1 << 20);
    for (int page = 0; page < 40; page++) {
      fixture.taskAt(page * 1_000_000L, 0, fixture.read(file, page, 1, RwFlags.NONE));
    }
    fixture.runUntil(500_000);
    assertEquals(4, cached(file), "1 page asked for, times 4");
    // The marker is on page 1: the next window is 8 pages, then 16, then 32 at most.
    fixture.runUntil(1_500_000);
    assertEquals(4 + 8, cached(file));
    fixture.runUntil(4_500_000);
    assertEquals(4 + 8 + 16, cached(file));
    fixture.runUntil(12_500_000);
    assertEquals(4 + 8 + 16 + 32, cached(file));
  }

  @Test
  void aReadThatMayNotWaitStartsReadaheadAndComesBackLater() {
    OpenFile file = fixture.newFile(4 << 12);
    fixture.taskAt(0, 0, fixture.read(file, 0, 1, NOWAIT));
    fixture.taskAt(200_000, 0, fixture.read(file, 0, 1, NOWAIT));
    assertEquals(List.of("read=-11@0", "read=4096@200000"), fixture.runToIdle());
  }

  @Test
  void aFailedReadIsTriedOnceMoreAndThenReported() {
    OpenFile file = fixture.newFile(4 << 12);
    fixture.fileSystem().failNext(1);
    fixture.taskAt(0, 0, fixture.read(file, 0, 1, RwFlags.NONE));
    fixture.fileSystem().endingIn(ExecContext.SOFTIRQ);
    assertEquals(List.of("read=4096@200000"), fixture.runToIdle());
    OpenFile broken = fixture.newFile(4 << 12);
    fixture.fileSystem().failNext(2);
    fixture.taskAt(5_000_000, 0, fixture.read(broken, 0, 1, RwFlags.NONE));
    assertEquals("read=-5@5200000", fixture.runToIdle().get(1));
  }

  @Test
  void aReadOfAFileThatIsTruncatedMeanwhileIsShort() {
    fixture = new PageCacheFixture(FREE.with(Cost.PAGE_COPY, 1_000));
    OpenFile file = fixture.newFile(100 << 12);
    fixture.taskAt(0, 0, fixture.read(file, 0, 100, RwFlags.NONE));
    // In the middle of the copy of the first 31 pages.
    fixture.taskAt(110_000, 1, x -> fixture.cache().truncate(x, file.mapping(), 40 << 12));
    fixture.runToIdle();
    assertEquals("read=" + (40 << 12), fixture.log().get(0).split("@")[0]);
  }

  @Test
  void aReadAtTheEndGivesNothing() {
    OpenFile file = fixture.newFile(100);
    fixture.taskAt(
        0,
        0,
        fixture.logged("read", x -> fixture.cache().read(x, file, 40, 1_000, RwFlags.NONE)),
        fixture.logged("read", x -> fixture.cache().read(x, file, 100, 1_000, RwFlags.NONE)));
    assertEquals(List.of("read=60@100000", "read=0@100000"), fixture.runToIdle());
  }
}
