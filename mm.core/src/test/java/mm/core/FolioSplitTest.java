package mm.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.StringJoiner;
import mm.core.file.OpenFile;
import mm.core.testing.PageCacheFixture;
import mm.core.writeback.WbStat;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

class FolioSplitTest {
  private final PageCacheFixture fixture =
      new PageCacheFixture(MachineProfile.ofCpus(1).withoutCosts().with(Cost.FOLIO_ADD_PAGE, 60))
          .withoutWriteback();
  private final PageCache cache = fixture.cache();
  private final FolioStore folios = cache.folios();
  private final OpenFile file = fixture.newFile();
  private boolean done;

  /** Makes a dirty folio at page 0. */
  private void dirty(OpenFile of, int order, boolean dropbehind) {
    fixture.spawn(0, x -> add(x, of.mapping(), order, dropbehind));
    fixture.runToIdle();
  }

  private void add(Exec x, AddressSpace mapping, int order, boolean dropbehind) {
    assertTrue(cache.memory().tryCharge(x, cache.memory().root(), 1 << order));
    int folio = cache.addFolio(x, mapping, 0, order, cache.memory().root());
    if (dropbehind) {
      folios.set(folio, FolioFlag.DROPBEHIND);
    }
    cache.markUptodate(folio);
    cache.markDirty(x, folio);
    mapping.extendTo(4096L << order);
    cache.unlock(x, folio);
    cache.put(folio);
  }

  private boolean split(long index) {
    fixture.spawn(0, x -> splitLocked(x, index));
    fixture.runUntilIdleWithin(1_000_000_000);
    cache.verifyLevels();
    return done;
  }

  private void splitLocked(Exec x, long index) {
    int folio = fixture.folio(file, index);
    folios.get(folio);
    assertTrue(cache.trylock(folio));
    done = cache.split(x, file.mapping(), folio, index);
    cache.unlock(x, folio);
    cache.put(folio);
  }

  /** First page, order, and whether it is to be dropped, of each folio. */
  private String parts() {
    StringJoiner text = new StringJoiner(" ");
    int folio = file.mapping().pages().next(0, Long.MAX_VALUE);
    while (folio != 0) {
      text.add(
          folios.index(folio)
              + ":"
              + folios.order(folio)
              + (folios.test(folio, FolioFlag.DROPBEHIND) ? "d" : ""));
      long end = folios.index(folio) + folios.nrPages(folio);
      folio = file.mapping().pages().next(end, Long.MAX_VALUE);
    }
    return text.toString();
  }

  private long dontcacheDirty() {
    return file.mapping().inode().wb().statSum(WbStat.DONTCACHE_DIRTY);
  }

  @Test
  void thePageIsAloneAndTheOthersAsLargeAsTheyCanBe() {
    dirty(file, 3, true);
    assertTrue(split(3));
    // Halves: [0, 4) [4, 8); [0, 2) [2, 4); [2] [3].
    assertEquals("0:1d 2:0d 3:0d 4:2d", parts());
    assertEquals(8, dontcacheDirty());
    assertEquals(8, cache.stats().get(NodeStat.FILE_DIRTY));
    assertEquals(4, folios.folioCount());
    assertEquals(8, folios.pageCount());
    for (int page = 0; page < 8; page++) {
      assertTrue(file.mapping().pages().getMark(page, PageMark.DIRTY), "page " + page);
    }
  }

  @Test
  void before72OnlyTheFirstPartIsStillDropped() {
    cache.useSplitDropbehind(SplitDropbehind.LOST);
    dirty(file, 3, true);
    assertTrue(split(3));
    assertEquals("0:1d 2:0 3:0 4:2", parts());
    assertEquals(2, dontcacheDirty(), "what is not dropped is not counted");
  }

  @Test
  void aHugeFolioIsSplitThroughTheLevelsOfItsTree() {
    dirty(file, 9, false);
    assertTrue(split(511));
    assertEquals("0:8 256:7 384:6 448:5 480:4 496:3 504:2 508:1 510:0 511:0", parts());
    file.mapping().pages().verify();
  }

  @Test
  void aSplitCostsWhatItsPagesDo() {
    dirty(file, 3, false);
    fixture.spawn(
        0,
        fixture.logged(
            "split",
            x -> {
              splitLocked(x, 0);
              x.setResult(0);
            }));
    long before = fixture.machine().nowNs();
    fixture.runToIdle();
    assertEquals("split=0@" + (before + 8 * 60), fixture.log().get(0));
  }

  @Test
  void aFolioThatSomebodyElseRefersToIsNotSplit() {
    dirty(file, 3, true);
    int folio = fixture.folio(file, 0);
    folios.get(folio);
    assertFalse(split(3));
    assertEquals("0:3d", parts());
    cache.put(folio);
  }

  @Test
  void aFolioUnderWritebackIsNotSplit() {
    dirty(file, 3, false);
    fixture.spawn(0, x -> cache.flushRange(x, file.mapping(), 0, 8 << 12));
    fixture.runUntil(fixture.machine().nowNs() + 50_000);
    assertTrue(folios.test(fixture.folio(file, 0), FolioFlag.WRITEBACK));
    fixture.spawn(0, x -> splitLocked(x, 3));
    fixture.runUntil(fixture.machine().nowNs() + 10_000);
    assertFalse(done);
    assertEquals("0:3", parts());
  }

  @Test
  void aFolioWhosePrivateStateStaysIsNotSplit() {
    dirty(file, 3, false);
    fixture.fileSystem().attachPrivate(fixture.folio(file, 0));
    fixture.fileSystem().withReleases(false);
    assertFalse(split(3));
    fixture.fileSystem().withReleases(true);
    assertTrue(split(3));
    assertEquals("0:1 2:0 3:0 4:2", parts());
  }

  @Test
  void partsStandWhereTheWholeStoodOnItsList() {
    dirty(file, 0, false);
    int older = fixture.folio(file, 0);
    OpenFile other = fixture.newFile();
    dirty(other, 2, false);
    OpenFile last = fixture.newFile();
    dirty(last, 0, false);
    int whole = fixture.folio(other, 0);
    fixture.spawn(
        0,
        x -> {
          folios.get(whole);
          cache.trylock(whole);
          assertTrue(cache.split(x, other.mapping(), whole, 0));
          cache.unlock(x, whole);
          cache.put(whole);
        });
    fixture.runToIdle();
    FolioList list = cache.lru().lruvec(0, 0).list(LruList.INACTIVE_FILE);
    StringJoiner fromOld = new StringJoiner(" ");
    for (int folio = list.tail(); folio != 0; folio = list.younger(folio)) {
      fromOld.add(folio == older ? "older" : folio == fixture.folio(last, 0) ? "younger" : "part");
    }
    assertEquals("older part part part younger", fromOld.toString());
    assertEquals(6, list.pageCount());
    assertEquals(5, list.folioCount());
  }
}
