package mm.core.reclaim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import mm.core.FolioFlag;
import mm.core.FolioList;
import mm.core.FolioStore;
import mm.core.LruList;
import mm.core.NodeStat;
import mm.core.PageCache;
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

/** Four pages of a file; a process has mapped and locked the first two. */
class UnevictableTest {
  private final CacheFixture fixture = new CacheFixture(MachineProfile.ofCpus(2).withoutCosts());
  private final PageCache cache = fixture.cache();
  private final FolioStore folios = cache.folios();
  private final OpenFile file = fixture.newFile();
  private final int[] filled = fixture.fill(file, 4);
  private final Vma vma = cache.mapped().map(new Mm("process", 2), file.mapping(), 0, 2);

  UnevictableTest() {
    cache.evictionSlot().use("eviction.per-folio", AtOnceEviction::new);
    cache.mapped().install(vma, filled[0], false);
    cache.mapped().mlock(vma);
    cache.mapped().install(vma, filled[1], false);
  }

  private void now(Step step) {
    fixture.taskAt(fixture.machine().nowNs(), 0, "task", step);
    fixture.machine().runUntil(fixture.machine().nowNs() + 100_000);
  }

  private void reclaimAll() {
    Memory memory = cache.memory();
    now(x -> memory.reclaim().newScan(ReclaimOrigin.DIRECT, memory.root(), 32, 0).begin(x));
  }

  private void assertOn(LruList list, int folio) {
    assertTrue(folios.test(folio, FolioFlag.LRU));
    assertEquals(list, LruList.ofFlags(folios.flags(folio)));
  }

  @Test
  void lockedPagesAreNeverScannedWhetherMappedBeforeOrAfter() {
    assertOn(LruList.UNEVICTABLE, filled[0]);
    assertOn(LruList.UNEVICTABLE, filled[1]);
    assertEquals(2, cache.stats().get(NodeStat.MLOCK));
    reclaimAll();
    reclaimAll();
    assertEquals(2, file.mapping().nrPages());
    cache.markAccessed(filled[0]);
    cache.markAccessed(filled[0]);
    assertOn(LruList.UNEVICTABLE, filled[0]);
    assertEquals(2, cache.memory().root().nonresidentAge, "the two evicted pages");
    cache.verify();
  }

  @Test
  void lockedWhileReclaimHasItItGoesToItsListWhenItIsPutBack() {
    FolioList isolated = new FolioList(folios);
    cache.lru().isolate(cache.lru().lruvecOf(filled[2]), LruList.INACTIVE_FILE, 2, isolated);
    Vma other = cache.mapped().map(new Mm("other", 2), file.mapping(), 2, 2);
    cache.mapped().mlock(other);
    cache.mapped().install(other, filled[2], false);
    assertFalse(folios.test(filled[2], FolioFlag.UNEVICTABLE));
    ShrinkFolioList shrink = new ShrinkFolioList(cache);
    now(x -> shrink.begin(x, isolated, cache.memory().root(), ReclaimOrigin.DIRECT, 2));
    assertEquals(1, shrink.reclaimedPages(), "the other one");
    assertOn(LruList.UNEVICTABLE, filled[2]);
    cache.verify();
  }

  @Test
  void unlockedByAllItIsReclaimedAgain() {
    Vma other = cache.mapped().map(new Mm("other", 2), file.mapping(), 1, 1);
    cache.mapped().install(other, filled[1], false);
    cache.mapped().mlock(other);
    cache.mapped().munlock(vma);
    assertOn(LruList.INACTIVE_FILE, filled[0]);
    assertOn(LruList.UNEVICTABLE, filled[1]);
    assertEquals(1, cache.stats().get(NodeStat.MLOCK));
    now(x -> cache.mapped().unmap(x, other));
    assertOn(LruList.INACTIVE_FILE, filled[1]);
    assertEquals(0, cache.stats().get(NodeStat.MLOCK));
    now(x -> cache.mapped().unmap(x, vma));
    reclaimAll();
    assertEquals(0, file.mapping().nrPages());
  }

  @Test
  void aTruncationTakesLockedPagesAllTheSame() {
    file.mapping().setSizeBytes(4 << 12);
    now(x -> cache.truncate(x, file.mapping(), 0));
    assertEquals(0, file.mapping().nrPages());
    assertEquals(0, cache.stats().get(NodeStat.MLOCK));
    cache.verify();
  }

  /** A policy that has the page locked by its process before it unmaps it. */
  private record LocksFirst(EvictionTask task, Runnable lock, int[] calls)
      implements EvictionBatch {
    @Override
    public void evict(Exec x, int folio) {
      calls[0]++;
      lock.run();
      task.tryToUnmap(x, folio);
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

  @Test
  void reclaimUnmapsNoLockedPage() {
    Vma other = cache.mapped().map(new Mm("other", 2), file.mapping(), 2, 1);
    cache.mapped().install(other, filled[2], false);
    cache.mapped().testClearReferenced(filled[2]);
    int[] calls = new int[1];
    cache
        .evictionSlot()
        .use(
            "eviction.locks-first",
            host ->
                new EvictionDeferral() {
                  @Override
                  public EvictionBatch newBatch(EvictionTask task) {
                    return new LocksFirst(task, () -> cache.mapped().mlock(other), calls);
                  }

                  @Override
                  public void detach() {
                    // Nothing is pending.
                  }
                });
    reclaimAll();
    assertEquals(1, calls[0]);
    assertTrue(folios.mapped(filled[2]));
    assertOn(LruList.UNEVICTABLE, filled[2]);
    // One that is locked before it is looked at does not even get as far.
    cache.mapped().munlock(other);
    FolioList isolated = new FolioList(folios);
    cache.lru().isolate(cache.lru().lruvecOf(filled[2]), LruList.INACTIVE_FILE, 1, isolated);
    cache.mapped().mlock(other);
    now(
        x ->
            new ShrinkFolioList(cache)
                .begin(x, isolated, cache.memory().root(), ReclaimOrigin.DIRECT, 1));
    assertEquals(1, calls[0]);
    assertOn(LruList.UNEVICTABLE, filled[2]);
    cache.verify();
  }
}
