package mm.core.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.StringJoiner;
import mm.core.DropOutcome;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.NodeStat;
import mm.core.mmap.Mm;
import mm.core.mmap.Vma;
import mm.core.reclaim.Memcg;
import mm.core.reclaim.MemorySettings;
import mm.core.testing.PageCacheFixture;
import mm.core.writeback.VmSettings;
import mm.core.writeback.WbStat;
import org.junit.jupiter.api.Test;
import sim.kernel.ExecContext;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/** Folios of several pages: which are made, and that they count with all their pages. */
class LargeFolioTest {
  private static final int ORDER_MAX = FolioStore.ORDER_MAX;

  private final PageCacheFixture fixture =
      new PageCacheFixture(MachineProfile.ofCpus(2).withoutCosts()).withoutWriteback();
  private final OpenFile file = large(fixture, 0);

  private static OpenFile large(PageCacheFixture fixture, long pages) {
    OpenFile file = fixture.newFile(pages << 12);
    file.mapping().setOrderRange(0, ORDER_MAX);
    return file;
  }

  /** First page and order of each folio. */
  private static String folios(PageCacheFixture fixture, OpenFile file) {
    FolioStore folios = fixture.cache().folios();
    StringJoiner text = new StringJoiner(" ");
    int folio = file.mapping().pages().next(0, Long.MAX_VALUE);
    while (folio != 0) {
      text.add(folios.index(folio) + ":" + folios.order(folio));
      long end = folios.index(folio) + folios.nrPages(folio);
      folio = file.mapping().pages().next(end, Long.MAX_VALUE);
    }
    return text.toString();
  }

  private String folios() {
    return folios(fixture, file);
  }

  private void write(long page, long pages, RwFlags flags) {
    fixture.spawn(0, fixture.write(file, page, pages, flags));
    fixture.runToIdle();
  }

  private long dirty() {
    return fixture.cache().stats().get(NodeStat.FILE_DIRTY);
  }

  private long dontcacheDirty() {
    return file.mapping().inode().wb().statSum(WbStat.DONTCACHE_DIRTY);
  }

  // Orders of a write.

  @Test
  void aFolioIsAsLargeAsWhatIsLeftToWriteAndItsIndexIsAligned() {
    // 16 pages from page 4: index 4 allows 4 pages; of the 12 left from 8, 8 are a power of two;
    // then 4.
    write(4, 16, RwFlags.NONE);
    assertEquals("4:2 8:3 16:2", folios());
    assertEquals(16, dirty());
  }

  @Test
  void aFolioIsNoLargerThanTheMappingAllows() {
    file.mapping().setOrderRange(0, 2);
    write(0, 10, RwFlags.NONE);
    assertEquals("0:2 4:2 8:1", folios());
  }

  @Test
  void aFolioStopsBeforeOneThatIsCached() {
    write(5, 1, RwFlags.NONE);
    // 8 pages at 0 would have page 5: 4 pages do not. From 4, neither 4 nor 2 pages are free.
    write(0, 8, RwFlags.NONE);
    assertEquals("0:2 4:0 5:0 6:1", folios());
  }

  @Test
  void aFolioStepsDownWhereItsGroupHasNoRoom() {
    Memcg group = fixture.cache().memory().newMemcg("small");
    group.setLimitPages(11);
    fixture.taskAt(
        0,
        0,
        x -> fixture.cache().memory().setMemcg(x.task(), group),
        fixture.write(file, 0, 16, RwFlags.of(RwFlag.NOWAIT)));
    fixture.runToIdle();
    // 16 are too many, 8 fit, and a page for the node of their tree; from 8, 8 and 4 are too many,
    // 2 fit; then not even one.
    assertEquals("0:3 8:1", folios());
    assertEquals(List.of("write=40960@0"), fixture.log());
    assertEquals(11, group.usagePages());
  }

  @Test
  void ofAShortMachineNoMoreThanEightPagesAreAskedForAtOnce() {
    // 256 pages: the watermarks are 32, 40 and 48.
    PageCacheFixture small =
        new PageCacheFixture(
            MachineProfile.ofCpus(1).withoutCosts(),
            new MemorySettings(256, 0),
            VmSettings.DEFAULT.withRatios(100, 100).withIntervals(0, 3_000));
    OpenFile filler = large(small, 0);
    small.spawn(0, small.write(filler, 0, 212, RwFlags.NONE));
    small.runToIdle();
    assertEquals(44, small.cache().memory().freePages());
    assertFalse(small.cache().memory().mayEnlarge(16), "44 - 16 is below 32");
    assertTrue(small.cache().memory().mayEnlarge(12), "44 - 12 is not: a group is short");
    assertTrue(small.cache().memory().mayEnlarge(8), "reclaim may find eight in one piece");
  }

  @Test
  void eachFurtherPageOfANewFolioHasItsOwnCost() {
    PageCacheFixture costly =
        new PageCacheFixture(
            MachineProfile.ofCpus(1)
                .withoutCosts()
                .with(Cost.FOLIO_ADD, 900)
                .with(Cost.FOLIO_ADD_PAGE, 60)
                .with(Cost.FOLIO_LOOKUP, 7)
                .with(Cost.PAGE_COPY, 400));
    OpenFile written = large(costly, 0);
    costly.spawn(0, costly.write(written, 0, 8, RwFlags.NONE));
    // One folio of 8 pages: 7 + 900 + 7 * 60 + 8 * 400 = 4527.
    assertEquals(List.of("write=32768@4527"), costly.runToIdle());
  }

  // Counts by pages.

  @Test
  void aDontcacheFolioIsCountedWrittenAndDroppedWithAllItsPages() {
    fixture.fileSystem().endingIn(ExecContext.TASK);
    write(0, 8, RwFlags.DONTCACHE);
    assertEquals("0:3", folios());
    assertEquals(8, dirty());
    assertEquals(8, dontcacheDirty());
    fixture.spawn(0, fixture.fsync(file));
    fixture.runToIdle();
    assertEquals("", folios());
    assertEquals(0, dontcacheDirty());
    assertEquals(8, fixture.fileSystem().pagesWritten());
    assertEquals(8, fixture.cache().dropbehindPages(DropOutcome.DROPPED));
  }

  @Test
  void oneFolioMayOverdrawTheBudgetOfAFlush() {
    write(0, 8, RwFlags.NONE);
    write(8, 8, RwFlags.NONE);
    fixture.spawn(0, x -> fixture.cache().flushRangeUpTo(x, file.mapping(), 0, 1 << 16, 1));
    fixture.runToIdle();
    assertEquals(8, fixture.fileSystem().pagesWritten());
    assertEquals(8, dirty());
  }

  // Readahead.

  @Test
  void foliosOfAWindowGrowFourfoldWithEachMarker() {
    OpenFile read = large(fixture, 64);
    for (int page = 0; page < 64; page++) {
      fixture.spawn(0, fixture.read(read, page, 1, RwFlags.NONE));
      fixture.runToIdle();
    }
    // Windows: [0, 4) by pages; [4, 12) in fours; 16 pages from 12 with folios of 16 would end at
    // 28, so they end at 16, and there is only room for a folio of 4; 8 pages from 16, as 24 has no
    // 16 in front of it behind 16; 16 pages from 24 with folios of 32 end at 32 instead of 40; 16
    // pages from 32, one folio; 32 from 48, of which the file has 16.
    assertEquals("0:0 1:0 2:0 3:0 4:2 8:2 12:2 16:3 24:3 32:4 48:4", folios(read));
    assertEquals(64, fixture.fileSystem().pagesRead());
  }

  private String folios(OpenFile of) {
    return folios(fixture, of);
  }

  /** Reads page {@code cached}, and then the first pages of the file one by one. */
  private String readAround(long cached, int pages) {
    OpenFile read = large(fixture, 64);
    fixture.spawn(0, fixture.read(read, cached, 1, RwFlags.NONE));
    fixture.runToIdle();
    assertEquals(cached + ":0", folios(read), "a random read brings its page");
    for (int page = 0; page < pages; page++) {
      fixture.spawn(0, fixture.read(read, page, 1, RwFlags.NONE));
      fixture.runToIdle();
    }
    return folios(read);
  }

  @Test
  void aWindowThatComesToACachedFolioGoesOnByPages() {
    // [4, 12) in fours: [4, 8) fits, then page 8 is there; 10 would be a place for two pages.
    assertEquals("0:0 1:0 2:0 3:0 4:2 8:0 9:0 10:0 11:0", readAround(8, 2));
  }

  @Test
  void aWindowWhoseFolioHasNoRoomGoesOnByPages() {
    // [32, 48) would be one folio, and has page 47: all of it comes by pages.
    String folios = readAround(47, 25);
    assertTrue(folios.contains(" 16:3 24:3 32:0 33:0 34:0 35:0 36:0 "), folios);
    assertTrue(folios.endsWith(" 43:0 44:0 45:0 46:0 47:0"), folios);
  }

  @Test
  void aFolioThatIsReadPieceByPieceIsUsedOnce() {
    write(0, 8, RwFlags.NONE);
    assertFalse(fixture.flags(file, 0).contains("referenced"));
    for (int page = 0; page < 8; page++) {
      fixture.spawn(0, fixture.read(file, page, 1, RwFlags.NONE));
      fixture.runToIdle();
    }
    assertTrue(fixture.flags(file, 0).contains("referenced"), fixture.flags(file, 0));
    assertFalse(fixture.flags(file, 0).contains("active"), fixture.flags(file, 0));
  }

  // Removal.

  @Test
  void dontneedKeepsAFolioThatIsOnlyPartlyInTheRange() {
    write(0, 8, RwFlags.NONE);
    write(8, 8, RwFlags.NONE);
    fixture.spawn(0, fixture.fsync(file));
    fixture.runToIdle();
    fixture.spawn(0, x -> fixture.cache().dontneed(x, file.mapping(), 4 << 12, (16 << 12) - 1));
    fixture.runToIdle();
    assertEquals("0:3", folios());
    fixture.spawn(0, x -> fixture.cache().dontneed(x, file.mapping(), 0, (7 << 12) - 1));
    fixture.runToIdle();
    assertEquals("0:3", folios());
  }

  @Test
  void invalidationTakesTheWholeFolioThatTheRangeTouches() {
    write(0, 8, RwFlags.NONE);
    fixture.spawn(0, fixture.fsync(file));
    fixture.runToIdle();
    fixture.spawn(0, x -> fixture.cache().invalidate(x, file.mapping(), 5 << 12, (6 << 12) - 1));
    fixture.runToIdle();
    assertEquals("", folios());
  }

  private void truncate(long bytes) {
    fixture.spawn(0, x -> fixture.cache().truncate(x, file.mapping(), bytes));
    fixture.runUntilIdleWithin(1_000_000_000);
    fixture.cache().verifyLevels();
  }

  @Test
  void truncationSplitsTheFolioAtTheNewEnd() {
    write(0, 8, RwFlags.DONTCACHE);
    truncate((3 << 12) + 100);
    // Halved at 4, then 2, then 3, where the end is: page 3 stays for its first 100 bytes.
    assertEquals("0:1 2:0 3:0", folios());
    assertEquals(4, dirty());
    assertEquals(0, dontcacheDirty(), "the look-up of the truncation wants them for good");
    truncate(3 << 12);
    assertEquals("0:1 2:0", folios());
    assertEquals(3, dirty());
  }

  @Test
  void aCleanFolioThatCanNotBeSplitGoesWhole() {
    write(0, 8, RwFlags.NONE);
    fixture.spawn(0, fixture.fsync(file));
    fixture.runToIdle();
    int folio = fixture.folio(file, 0);
    fixture.cache().folios().get(folio);
    truncate(3 << 12);
    assertEquals("", folios());
    fixture.cache().put(folio);
    fixture.cache().verify();
  }

  @Test
  void aDirtyFolioThatCanNotBeSplitStaysWhole() {
    write(0, 8, RwFlags.NONE);
    int folio = fixture.folio(file, 0);
    fixture.cache().folios().get(folio);
    truncate(3 << 12);
    assertEquals("0:3", folios());
    assertEquals(8, dirty());
    fixture.cache().put(folio);
    fixture.cache().verify();
  }

  // Page tables.

  @Test
  void eachMappedPageIsAnEntryAndTheFolioCountsWhole() {
    write(0, 8, RwFlags.NONE);
    Mm mm = new Mm("process", 2);
    Vma vma = fixture.cache().mapped().map(mm, file.mapping(), 0, 8);
    PageFaults faults = new PageFaults(fixture.cache());
    fixture.spawn(0, x -> faults.access(x, file, vma, 2, false));
    fixture.spawn(0, x -> faults.access(x, file, vma, 7, true));
    fixture.runToIdle();
    int folio = fixture.folio(file, 0);
    assertEquals(2, fixture.cache().folios().mapcount(folio));
    // 8 of the page cache, one for each entry.
    assertEquals(10, fixture.cache().folios().refcount(folio));
    assertEquals(8, fixture.cache().stats().get(NodeStat.FILE_MAPPED));
    long[] cpus = new long[1];
    fixture.spawn(0, x -> assertTrue(fixture.cache().mapped().unmapFolio(x, folio, cpus)));
    fixture.runToIdle();
    assertEquals(0, fixture.cache().folios().mapcount(folio));
    assertEquals(0, fixture.cache().stats().get(NodeStat.FILE_MAPPED));
    assertFalse(vma.isPresent(7));
  }

  @Test
  void aStoreToOnePageMakesAllOfItsFolioDirty() {
    write(0, 8, RwFlags.NONE);
    fixture.spawn(0, fixture.fsync(file));
    fixture.runToIdle();
    Vma vma = fixture.cache().mapped().map(new Mm("process", 2), file.mapping(), 0, 8);
    PageFaults faults = new PageFaults(fixture.cache());
    fixture.spawn(0, x -> faults.access(x, file, vma, 5, true));
    fixture.runToIdle();
    assertTrue(fixture.cache().folios().test(fixture.folio(file, 0), FolioFlag.DIRTY));
    assertEquals(8, dirty());
    fixture.spawn(0, fixture.fsync(file));
    fixture.runToIdle();
    assertFalse(vma.isWritable(5), "its write-back protected the page");
    assertTrue(vma.isPresent(5));
  }
}
