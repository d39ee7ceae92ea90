package mm.core.reclaim;

import mm.core.AddressSpace;
import mm.core.FolioBatch;
import mm.core.FolioFlag;
import mm.core.FolioList;
import mm.core.FolioStore;
import mm.core.NodeStat;
import mm.core.PageCache;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * Frees what can be freed of a list of isolated folios, and puts the others back. Models {@code
 * shrink_folio_list}: folios of files are never written from here.
 */
final class ShrinkFolioList {
  private final PageCache cache;
  private final FolioStore folios;
  private final Step next = this::next;
  private final Step listDone = this::listDone;
  private final Step written = this::written;
  private final TaskEviction.Owner unmapped = this::unmapped;
  private final TaskEviction.Owner kept = (x, folio) -> putBack(folio);

  /** Out of the page cache, and not free yet. */
  private final int[] freed = new int[FolioBatch.CAPACITY];

  private int freedCount;

  private FolioList list;
  private Memcg target;
  private boolean kswapd;

  /** Whether a folio that is met under writeback twice is waited for. */
  private boolean waits;

  private int waitingFor;
  private TaskEviction eviction;
  private long taken;
  private long reclaimed;
  private long dirty;
  private long congested;
  private long writeback;
  private long unqueuedDirty;
  private long immediate;
  private long pageout;

  ShrinkFolioList(PageCache cache) {
    this.cache = cache;
    folios = cache.folios();
  }

  /** Works through a list, which is empty afterwards. A step function. */
  void begin(Exec x, FolioList isolated, Memcg whose, ReclaimOrigin by, long pages) {
    list = isolated;
    target = whose;
    kswapd = by == ReclaimOrigin.KSWAPD;
    waits = !cache.memory().isThrottlingSane(by);
    taken = pages;
    reclaimed = 0;
    dirty = 0;
    congested = 0;
    writeback = 0;
    unqueuedDirty = 0;
    immediate = 0;
    pageout = 0;
    next(x);
  }

  long takenPages() {
    return taken;
  }

  long reclaimedPages() {
    return reclaimed;
  }

  long dirtyPages() {
    return dirty;
  }

  long congestedPages() {
    return congested;
  }

  long writebackPages() {
    return writeback;
  }

  long unqueuedDirtyPages() {
    return unqueuedDirty;
  }

  long immediatePages() {
    return immediate;
  }

  long pageoutPages() {
    return pageout;
  }

  /** Unmapped folios are done in this step; each mapped one goes to the eviction policy. */
  private void next(Exec x) {
    while (!list.isEmpty()) {
      int folio = list.removeTail();
      if (!folios.trylock(folio)) {
        x.charge(Cost.FOLIO_LOOKUP);
        putBack(folio);
        continue;
      }
      if (waits
          && folios.test(folio, FolioFlag.WRITEBACK)
          && folios.test(folio, FolioFlag.RECLAIM)) {
        waitingFor = folio;
        cache.unlock(x, folio);
        x.then(written);
        cache.waitWriteback(x, folio);
        return;
      }
      if (!isCandidate(x, folio)) {
        continue;
      }
      if (folios.mapped(folio)) {
        if (isLazyFree(folio) && hasBeenUsedAgain(folio)) {
          activate(x, folio);
          continue;
        }
        if (eviction == null) {
          eviction = cache.evictionSlot().acquire(unmapped, kept);
        }
        x.then(next);
        eviction.evict(x, folio);
        return;
      }
      freeOrKeep(x, folio);
    }
    if (eviction != null) {
      x.then(listDone);
      eviction.flush(x);
    } else {
      freeBatch();
    }
  }

  /** It is clean most likely, and the next to be looked at. */
  private void written(Exec x) {
    list.addTail(waitingFor);
    next(x);
  }

  private void listDone(Exec x) {
    cache.evictionSlot().release(eviction);
    eviction = null;
    freeBatch();
  }

  private void unmapped(Exec x, int folio) {
    if (folios.mapped(folio)) {
      activate(x, folio);
    } else {
      freeOrKeep(x, folio);
    }
  }

  /** The checks before a folio is unmapped; one that fails them was put back. */
  private boolean isCandidate(Exec x, int folio) {
    int pages = folios.nrPages(folio);
    boolean isDirty = folios.test(folio, FolioFlag.DIRTY);
    boolean isWriteback = folios.test(folio, FolioFlag.WRITEBACK);
    boolean isReclaim = folios.test(folio, FolioFlag.RECLAIM);
    // Flushers write no anonymous and shmem folios: these are none of their congestion.
    boolean ofFile = !folios.test(folio, FolioFlag.SWAPBACKED) && !isLazyFree(folio);
    if ((isDirty || isWriteback) && ofFile) {
      dirty += pages;
      unqueuedDirty += isWriteback ? 0 : pages;
      congested += isWriteback && isReclaim ? pages : 0;
    }
    if (folios.test(folio, UNEVICTABLE_OR_MLOCKED)) {
      keepLocked(x, folio);
      return false;
    }
    if (isWriteback) {
      if (kswapd && isReclaim && cache.memory().reclaim().allWriteback()) {
        immediate += pages;
      } else {
        folios.set(folio, FolioFlag.RECLAIM);
        writeback += pages;
      }
      activate(x, folio);
      return false;
    }
    return !isInUse(x, folio) && hasSwap(x, folio);
  }

  private static final FolioFlag UNEVICTABLE_OR_MLOCKED =
      FolioFlag.UNEVICTABLE.or(FolioFlag.MLOCKED);

  /** Whether it is anonymous and its process gave its content up: {@code folio_test_lazyfree}. */
  private boolean isLazyFree(int folio) {
    if (folios.test(folio, FolioFlag.SWAPBACKED)) {
      return false;
    }
    AddressSpace mapping = cache.mappings().of(folio);
    return mapping != null && mapping.swapBacked() != null;
  }

  /**
   * Whether a folio that was given up has to stay mapped, as {@code try_to_unmap_one} finds: stored
   * to since, so that it is anonymous memory as before, or referred to by somebody else.
   */
  private boolean hasBeenUsedAgain(int folio) {
    if (folios.test(folio, FolioFlag.DIRTY)) {
      folios.set(folio, FolioFlag.SWAPBACKED);
      return true;
    }
    return folios.refcount(folio) != folios.nrPages(folio) + 1 + folios.mapcount(folio);
  }

  /** Gives an anonymous folio a slot before it is unmapped; dirty, so that it is written. */
  private boolean hasSwap(Exec x, int folio) {
    AddressSpace mapping = cache.mappings().of(folio);
    SwapBacked memory = mapping == null ? null : mapping.swapBacked();
    if (memory == null
        || !memory.isAnon()
        || folios.test(folio, FolioFlag.SWAPCACHE)
        || isLazyFree(folio)) {
      return true;
    }
    if (folios.maybeDmaPinned(folio)) {
      keepLocked(x, folio);
      return false;
    }
    cache.markStoredTo(x, folio);
    if (memory.allocSlot(folio)) {
      return true;
    }
    activate(x, folio);
    return false;
  }

  /** {@code pageout}: a folio that only the page cache and this list refer to is written. */
  private void pageout(Exec x, SwapBacked memory, int folio) {
    if (folios.refcount(folio) != folios.nrPages(folio) + 1) {
      keepLocked(x, folio);
    } else if (memory.write(x, folio)) {
      pageout += folios.nrPages(folio);
      keepLocked(x, folio); // under writeback: its end brings it back to the tail
    } else {
      activate(x, folio);
    }
  }

  /** {@code folio_check_references}: keeps what page tables have used. */
  private boolean isInUse(Exec x, int folio) {
    // What read() or write() used counts only beside a page table: its second use is elsewhere.
    boolean before = folios.testClear(folio, FolioFlag.REFERENCED);
    int used = folios.mapped(folio) ? cache.mapped().testClearReferenced(folio) : 0;
    if (used == 0) {
      return false;
    }
    folios.set(folio, FolioFlag.REFERENCED);
    if (before || used > 1) {
      activate(x, folio);
    } else {
      keepLocked(x, folio);
    }
    return true;
  }

  private void freeOrKeep(Exec x, int folio) {
    AddressSpace mapping = cache.mappings().of(folio);
    if (mapping == null) {
      keepLocked(x, folio);
      return;
    }
    if (folios.maybeDmaPinned(folio)) {
      // No page table leads to it any more, so there can be no new pin.
      activate(x, folio);
      return;
    }
    if (folios.test(folio, FolioFlag.WRITEBACK)) {
      // Written by somebody else while its lock was given up.
      keepLocked(x, folio);
      return;
    }
    boolean lazyFree = isLazyFree(folio);
    if (folios.test(folio, FolioFlag.DIRTY) && lazyFree) {
      folios.set(folio, FolioFlag.SWAPBACKED);
      activate(x, folio);
      return;
    }
    if (folios.test(folio, FolioFlag.DIRTY) && mapping.swapBacked() != null) {
      pageout(x, mapping.swapBacked(), folio);
      return;
    }
    if (folios.test(folio, FolioFlag.DIRTY)) {
      // Never written from here: its end of writeback brings it back to the tail.
      folios.set(folio, FolioFlag.RECLAIM);
      activate(x, folio);
      return;
    }
    if (folios.test(folio, FolioFlag.PRIVATE) && !mapping.operations().releaseFolio(x, folio)) {
      activate(x, folio);
      return;
    }
    int pages = folios.nrPages(folio);
    // The page cache's references and the one of the isolation: anybody else's keeps it.
    if (!cache.freeze(x, folio, pages + 1)) {
      keepLocked(x, folio);
      return;
    }
    if (folios.test(folio, FolioFlag.DIRTY)) {
      // Dirtied by the release of its private state; nobody can any more from here on.
      cache.unfreeze(x, folio, pages + 1);
      keepLocked(x, folio);
      return;
    }
    x.charge(Cost.FOLIO_RECLAIM);
    x.charge(Cost.FOLIO_FREE_PAGE, pages - 1);
    x.charge(cache.memory().frames().reclaimNs(folio, cachedPagesBeside(folio)));
    if (lazyFree) {
      cache.stats().add(NodeStat.LAZYFREED, pages);
    }
    if (mapping.swapBacked() == null || folios.test(folio, FolioFlag.SWAPCACHE)) {
      cache.memory().workingset().evicted(mapping, folio, target);
    }
    cache.removeFrozen(x, mapping, folio);
    reclaimed += pages;
    freed[freedCount++] = folio;
    if (freedCount == freed.length) {
      freeBatch();
    }
  }

  private long cachedPagesBeside(int folio) {
    return cache.memory().memcg(folios.memcg(folio)).stats().get(NodeStat.FILE_PAGES);
  }

  /** Uncharges and frees what was taken out of the page cache, which flushed TLBs allow by now. */
  private void freeBatch() {
    for (int i = 0; i < freedCount; i++) {
      cache.freeRemoved(freed[i]);
    }
    freedCount = 0;
  }

  private void activate(Exec x, int folio) {
    folios.set(folio, FolioFlag.ACTIVE);
    keepLocked(x, folio);
  }

  private void keepLocked(Exec x, int folio) {
    x.charge(Cost.FOLIO_LOOKUP);
    cache.unlock(x, folio);
    putBack(folio);
  }

  void putBackInactive(int folio) {
    folios.clear(folio, FolioFlag.ACTIVE);
    folios.set(folio, FolioFlag.WORKINGSET);
    putBack(folio);
  }

  private void putBack(int folio) {
    if (folios.test(folio, FolioFlag.MLOCKED)) {
      folios.clear(folio, FolioFlag.ACTIVE);
      folios.set(folio, FolioFlag.UNEVICTABLE);
    }
    if (folios.test(folio, FolioFlag.ACTIVE)) {
      cache.memory().workingset().activated(folio);
    }
    cache.lru().add(folio);
    cache.put(folio);
  }
}
