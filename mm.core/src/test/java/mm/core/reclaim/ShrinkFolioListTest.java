package mm.core.reclaim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import mm.core.FolioFlag;
import mm.core.FolioList;
import mm.core.FolioStore;
import mm.core.LruList;
import mm.core.PageCache;
import mm.core.ReadAdvice;
import mm.core.file.OpenFile;
import mm.core.mmap.Mm;
import mm.core.mmap.Vma;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionDeferral;
import mm.core.spi.eviction.EvictionTask;
import mm.core.testing.CacheFixture;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.MachineProfile;

/** The decisions about a file folio, in the order in which they are taken. */
class ShrinkFolioListTest {
  private final CacheFixture fixture = new CacheFixture(MachineProfile.ofCpus(2).withoutCosts());
  private final PageCache cache = fixture.cache();
  private final FolioStore folios = cache.folios();
  private final OpenFile file = fixture.newFile();
  private final int folio = fixture.fill(file, 1)[0];
  private final ShrinkFolioList shrink = new ShrinkFolioList(cache);

  /** Unmaps, or not, and finishes at once; no TLB knows anything here. */
  private record AtOnce(EvictionTask task, boolean unmaps) implements EvictionBatch {
    @Override
    public void evict(Exec x, int folio) {
      if (unmaps) {
        task.tryToUnmap(x, folio);
      }
      task.finish(x, folio);
    }

    @Override
    public void flush(Exec x) {
      // Nothing is pending.
    }

    @Override
    public int[] handBack() {
      return new int[0];
    }

    @Override
    public int pending() {
      return 0;
    }
  }

  private void useEviction(boolean unmaps) {
    cache
        .evictionSlot()
        .use(
            "eviction.at-once",
            host ->
                new EvictionDeferral() {
                  @Override
                  public EvictionBatch newBatch(EvictionTask task) {
                    return new AtOnce(task, unmaps);
                  }

                  @Override
                  public void detach() {
                    // Nothing is pending.
                  }
                });
  }

  private void shrink(boolean kswapd) {
    shrinkFor(kswapd ? ReclaimOrigin.KSWAPD : ReclaimOrigin.DIRECT);
  }

  private void shrinkFor(ReclaimOrigin origin) {
    FolioList isolated = new FolioList(folios);
    LruList from = LruList.ofFlags(folios.flags(folio));
    cache.lru().isolate(cache.lru().lruvecOf(folio), from, 1, isolated);
    assertFalse(isolated.isEmpty());
    fixture.taskAt(
        fixture.machine().nowNs(),
        0,
        "reclaim",
        x -> shrink.begin(x, isolated, cache.memory().root(), origin, 1));
    fixture.machine().runUntil(fixture.machine().nowNs() + 10_000);
  }

  /** A task does something to the folio, now. */
  private void now(Step step) {
    fixture.taskAt(fixture.machine().nowNs(), 1, "task", step);
    fixture.machine().runUntil(fixture.machine().nowNs() + 1_000);
  }

  private Vma map(String process) {
    Vma vma = cache.mapped().map(new Mm(process, 2), file.mapping(), 0, 1);
    cache.mapped().install(vma, folio, false);
    return vma;
  }

  private void assertKept(LruList list) {
    assertEquals(0, shrink.reclaimedPages());
    assertTrue(folios.test(folio, FolioFlag.LRU));
    assertEquals(list, LruList.ofFlags(folios.flags(folio)));
    assertEquals(folio, file.mapping().pages().load(0));
  }

  @Test
  void aLockedFolioIsKept() {
    cache.trylock(folio);
    shrink(false);
    assertKept(LruList.INACTIVE_FILE);
    assertTrue(folios.test(folio, FolioFlag.LOCKED));
    folios.set(folio, FolioFlag.DIRTY); // not even counted
    shrink(false);
    assertEquals(0, shrink.dirtyPages());
  }

  @Test
  void anUnevictableFolioGoesToItsList() {
    FolioList isolated = new FolioList(folios);
    cache.lru().isolate(cache.lru().lruvecOf(folio), LruList.INACTIVE_FILE, 1, isolated);
    folios.set(folio, FolioFlag.UNEVICTABLE);
    now(x -> shrink.begin(x, isolated, cache.memory().root(), ReclaimOrigin.DIRECT, 1));
    assertKept(LruList.UNEVICTABLE);
  }

  @Test
  void underWritebackItIsMarkedForItsEndThenCountedAsCongested() {
    now(
        x -> {
          cache.trylock(folio);
          cache.startWriteback(x, folio);
          cache.unlock(x, folio);
        });
    shrink(true);
    assertKept(LruList.ACTIVE_FILE);
    assertTrue(folios.test(folio, FolioFlag.RECLAIM));
    assertEquals(1, shrink.writebackPages());
    assertEquals(1, shrink.dirtyPages());
    assertEquals(0, shrink.unqueuedDirtyPages());
    assertEquals(0, shrink.congestedPages());
    shrink(true);
    assertEquals(1, shrink.congestedPages());
    assertEquals(0, shrink.immediatePages());
  }

  @Test
  void aLegacyGroupsReclaimWaitsForAFolioThatItMeetsUnderWritebackTwice() {
    cache.memory().setCgroupVersion(CgroupVersion.V1);
    now(
        x -> {
          cache.trylock(folio);
          cache.startWriteback(x, folio);
          cache.unlock(x, folio);
        });
    shrinkFor(ReclaimOrigin.MEMCG);
    assertKept(LruList.ACTIVE_FILE);
    assertTrue(folios.test(folio, FolioFlag.RECLAIM));
    shrinkFor(ReclaimOrigin.MEMCG);
    assertFalse(folios.test(folio, FolioFlag.LRU), "it is on no list while its writeback goes on");
    assertFalse(folios.test(folio, FolioFlag.LOCKED));
    now(x -> cache.endWriteback(x, folio));
    fixture.machine().runUntil(fixture.machine().nowNs() + 10_000);
    assertEquals(1, shrink.reclaimedPages());
    assertEquals(0, file.mapping().nrPages());
  }

  @Test
  void kswapdThatMeetsOnlyWritebackCountsMarkedFoliosAsImmediate() {
    now(
        x -> {
          cache.trylock(folio);
          cache.startWriteback(x, folio);
          cache.unlock(x, folio);
        });
    Memory memory = cache.memory();
    now(x -> memory.reclaim().newScan(ReclaimOrigin.KSWAPD, memory.root(), 1, 0).begin(x));
    assertTrue(memory.reclaim().allWriteback());
    shrink(false);
    assertEquals(0, shrink.immediatePages(), "direct reclaim");
    shrink(true);
    assertEquals(1, shrink.immediatePages(), "kswapd");
    assertEquals(0, shrink.writebackPages());
  }

  @Test
  void usedByOneEntryItIsKeptOnceAndActiveTheNextTime() {
    useEviction(true);
    Vma vma = map("one");
    shrink(false);
    assertKept(LruList.INACTIVE_FILE);
    assertTrue(folios.test(folio, FolioFlag.REFERENCED));
    now(x -> cache.mapped().access(x, vma, 0, false));
    shrink(false);
    assertKept(LruList.ACTIVE_FILE);
    assertEquals(1, folios.mapcount(folio));
  }

  @Test
  void usedByTwoEntriesItIsActiveAtOnce() {
    useEviction(true);
    map("one");
    map("other");
    shrink(false);
    assertKept(LruList.ACTIVE_FILE);
    assertEquals(2, folios.mapcount(folio));
  }

  @Test
  void aMappedFolioThatNobodyUsesIsUnmappedAndFreed() {
    useEviction(true);
    map("one");
    cache.mapped().testClearReferenced(folio);
    shrink(false);
    assertEquals(1, shrink.reclaimedPages());
    assertEquals(0, file.mapping().nrPages());
    cache.verify();
  }

  @Test
  void whatIsMappedForRandomAccessIsFreedThoughItWasUsed() {
    useEviction(true);
    map("one").advise(ReadAdvice.RANDOM);
    map("other").advise(ReadAdvice.SEQUENTIAL);
    shrink(false);
    assertEquals(1, shrink.reclaimedPages());
    assertEquals(0, file.mapping().nrPages());
  }

  @Test
  void stillMappedAfterUnmappingItIsActive() {
    useEviction(false);
    map("one");
    cache.mapped().testClearReferenced(folio);
    shrink(false);
    assertKept(LruList.ACTIVE_FILE);
  }

  @Test
  void pinnedForDmaItIsActive() {
    folios.pin(folio);
    shrink(false);
    assertKept(LruList.ACTIVE_FILE);
    folios.unpin(folio);
    shrink(false);
    assertEquals(1, shrink.reclaimedPages());
  }

  @Test
  void aDirtyFolioIsNeverWrittenButMarkedForItsEndOfWriteback() {
    now(x -> cache.markDirty(x, folio));
    shrink(false);
    assertKept(LruList.ACTIVE_FILE);
    assertTrue(folios.test(folio, FolioFlag.DIRTY));
    assertTrue(folios.test(folio, FolioFlag.RECLAIM));
    assertEquals(1, shrink.unqueuedDirtyPages());
    assertFalse(folios.test(folio, FolioFlag.WRITEBACK));
  }

  @Test
  void privateStateThatTheFileSystemKeepsMakesItActive() {
    folios.attachPrivate(folio, 1);
    fixture.operations().onRelease((x, released) -> false);
    shrink(false);
    assertKept(LruList.ACTIVE_FILE);
  }

  @Test
  void aReferenceOfSomebodyElseKeepsIt() {
    folios.get(folio);
    shrink(false);
    assertKept(LruList.INACTIVE_FILE);
  }

  @Test
  void dirtiedByTheReleaseItIsThawedAndKept() {
    folios.attachPrivate(folio, 1);
    fixture
        .operations()
        .onRelease(
            (x, released) -> {
              folios.detachPrivate(released);
              return cache.markDirty(x, released);
            });
    shrink(false);
    assertKept(LruList.INACTIVE_FILE);
    assertEquals(1, folios.refcount(folio));
    now(x -> x.charge(1));
    cache.verify();
  }

  @Test
  void aCleanFolioThatNobodyWantsIsFreedAndUncharged() {
    long free = cache.memory().freePages();
    shrink(false);
    assertEquals(1, shrink.reclaimedPages());
    assertEquals(free + 1, cache.memory().freePages());
    assertEquals(0, file.mapping().nrPages());
    cache.verify();
  }

  @Test
  void readTwiceButByNoPageTableItIsFreedAllTheSame() {
    folios.set(folio, FolioFlag.REFERENCED);
    useEviction(true);
    Vma vma = map("one");
    cache.mapped().testClearReferenced(folio);
    folios.get(folio); // it stays, without its mark:
    shrink(false);
    folios.put(folio);
    cache.mapped().install(vma, folio, false);
    shrink(false);
    assertKept(LruList.INACTIVE_FILE); // so this use is its first.
  }

  @Test
  void memoryIsFreedByThirtyOneFolios() {
    int[] filled = fixture.fill(fixture.newFile(), 33);
    FolioList isolated = new FolioList(folios);
    long free = cache.memory().freePages();
    List<Long> freed = new ArrayList<>();
    fixture
        .operations()
        .onRelease(
            (x, released) -> {
              freed.add(cache.memory().freePages() - free);
              folios.detachPrivate(released);
              return true;
            });
    for (int one : filled) {
      folios.attachPrivate(one, 1);
    }
    cache.lru().isolate(cache.lru().lruvecOf(folio), LruList.INACTIVE_FILE, 34, isolated);
    now(x -> shrink.begin(x, isolated, cache.memory().root(), ReclaimOrigin.DIRECT, 34));
    assertEquals(34, shrink.reclaimedPages());
    // The first of all has no private state: the 31st freed is the 30th of these.
    assertEquals(0, freed.get(29));
    assertEquals(31, freed.get(30));
    assertEquals(31, freed.get(32));
    assertEquals(free + 34, cache.memory().freePages());
    cache.verify();
  }

  @Test
  void anAnonymousFolioPinnedForDmaGetsNoSlot() {
    Swap swap = cache.newSwap(4, new FixedLatencySwap(cache, 1_000));
    OpenFile anon = new OpenFile(swap.newMemory(Swap.Kind.ANON, 9, 1));
    int pinned = fixture.fill(anon, 1)[0];
    FolioList isolated = new FolioList(folios);
    folios.pin(pinned);
    cache.lru().isolate(cache.lru().lruvecOf(pinned), LruList.INACTIVE_ANON, 1, isolated);
    now(x -> shrink.begin(x, isolated, cache.memory().root(), ReclaimOrigin.DIRECT, 1));
    assertEquals(4, swap.freeSlots());
    assertFalse(folios.test(pinned, FolioFlag.ACTIVE));
    assertFalse(folios.test(pinned, FolioFlag.DIRTY));
  }
}
