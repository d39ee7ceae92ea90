package mm.core;

import mm.core.reclaim.Memcg;
import mm.core.reclaim.SwapBacked;
import mm.core.writeback.Writeback;
import sim.kernel.Exec;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Trace;
import sim.kernel.trace.Tracepoint;

/**
 * The changes of a folio's state that are mirrored in its tree and counted: in and out of the page
 * cache, dirty, writeback. Each takes effect in one step.
 */
final class FolioStates {
  /** {@code sizeof(struct xa_node)} and the pointer to who is charged for it. */
  private static final long TREE_NODE_BYTES = 576 + 8;

  private final PageCache cache;
  private final FolioStore folios;
  private final AddressSpaces mappings;
  private final NodeStats stats;
  private final Writeback writeback;
  private final Trace trace;
  private final long holdNs;

  FolioStates(PageCache cache) {
    this.cache = cache;
    folios = cache.folios();
    mappings = cache.mappings();
    mappings.nodes().whenFreed(this::nodeFreed);
    stats = cache.stats();
    writeback = cache.writeback();
    trace = cache.machine().trace();
    holdNs = cache.machine().costNs(Cost.FOLIO_TREE_HOLD);
  }

  private void nodeFreed(int memcg) {
    cache.memory().unchargeObjects(memcg, TREE_NODE_BYTES);
  }

  private void count(int folio, NodeStat stat, long pages) {
    stats.add(stat, pages);
    int memcg = folios.memcg(folio);
    if (memcg != 0) {
      cache.memory().memcg(memcg).stats().add(stat, pages);
    }
  }

  /**
   * Makes a locked folio and puts it into the page cache and on the inactive list; the memory must
   * have been charged. The caller gets a reference. Charges nothing.
   */
  int add(Exec x, AddressSpace mapping, long index, int order, Memcg memcg) {
    int folio = folios.alloc(order);
    cache.memory().frames().allocated(x, folio);
    int pages = 1 << order;
    if (!memcg.isRoot()) {
      folios.setMemcg(folio, memcg.id());
    }
    folios.set(folio, FolioFlag.LOCKED);
    folios.setMapping(folio, mapping.id(), index);
    folios.refAdd(folio, pages);
    mappings.nodes().chargeTo(memcg.id());
    mapping.pages().store(index, folio);
    int nodes = mappings.nodes().takeCharged();
    if (nodes > 0) {
      cache.memory().chargeObjects(x, memcg.id(), nodes * TREE_NODE_BYTES);
    }
    if (mapping.swapBacked() != null) {
      folios.set(folio, FolioFlag.SWAPBACKED);
    }
    cache.memory().workingset().added(x, mapping, folio);
    cache.lru().add(folio);
    countCached(mapping, folio, pages);
    trace.emit(
        x.nowNs(),
        x.cpu().id(),
        Tracepoint.MM_FILEMAP_ADD_TO_PAGE_CACHE,
        folio,
        mapping.hostInode(),
        index,
        order);
    return folio;
  }

  /**
   * Takes a locked, clean folio out of the page cache and drops the page cache's references; the
   * caller holds one. Models {@code __filemap_remove_folio} and {@code filemap_free_folio}.
   */
  void remove(Exec x, AddressSpace mapping, int folio) {
    leave(x, mapping, folio);
    if (folios.refSubTestzero(folio, folios.nrPages(folio))) {
      throw folios.bad(folio, "removing from the page cache", "the caller must hold a reference");
    }
  }

  /** As {@link #remove}, for a folio that reclaim has frozen: there are no references to drop. */
  void leave(Exec x, AddressSpace mapping, int folio) {
    mapping.treeLock().contendIrqSave(x, holdNs);
    long index = folios.index(folio);
    mapping.pages().erase(index);
    if (folios.testClear(folio, FolioFlag.SWAPCACHE)) {
      countSwapCache(folio, mapping.swapBacked().isAnon(), -1);
    }
    folios.clearMapping(folio);
    countCached(mapping, folio, -folios.nrPages(folio));
    trace.emit(
        x.nowNs(),
        x.cpu().id(),
        Tracepoint.MM_FILEMAP_DELETE_FROM_PAGE_CACHE,
        folio,
        mapping.hostInode(),
        index,
        folios.order(folio));
  }

  /** Anonymous folios are none of the page cache's until they are in the swap cache. */
  private void countCached(AddressSpace mapping, int folio, long pages) {
    SwapBacked memory = mapping.swapBacked();
    if (memory == null || !memory.isAnon()) {
      count(folio, NodeStat.FILE_PAGES, pages);
    }
    if (memory != null && !memory.isAnon()) {
      count(folio, NodeStat.SHMEM, pages);
    }
  }

  void countSwapCache(int folio, boolean anon, int sign) {
    long pages = (long) sign * folios.nrPages(folio);
    count(folio, NodeStat.SWAPCACHE, pages);
    if (anon) {
      count(folio, NodeStat.FILE_PAGES, pages);
    } else {
      count(folio, NodeStat.SHMEM, -pages);
    }
  }

  boolean markDirty(Exec x, int folio) {
    if (folios.testSet(folio, FolioFlag.DIRTY)) {
      return false;
    }
    AddressSpace mapping = requireMapping(folio, "markDirty");
    int pages = folios.nrPages(folio);
    x.charge(Cost.FOLIO_DIRTY);
    if (mapping.swapBacked() != null) {
      mapping.swapBacked().dirtied(folio);
      return true;
    }
    mapping.treeLock().contendIrqSave(x, holdNs);
    long index = folios.index(folio);
    mapping.pages().setMark(index, PageMark.DIRTY);
    count(folio, NodeStat.FILE_DIRTY, pages);
    count(folio, NodeStat.DIRTIED, pages);
    writeback.dirtied(x, mapping, folio);
    trace.emit(
        x.nowNs(), x.cpu().id(), Tracepoint.WRITEBACK_DIRTY_FOLIO, mapping.hostInode(), index);
    return true;
  }

  boolean clearDirtyForIo(Exec x, int folio) {
    requireLocked(folio, "clearDirtyForIo");
    AddressSpace mapping = requireMapping(folio, "clearDirtyForIo");
    if (mapping.swapBacked() != null) {
      return folios.testClear(folio, FolioFlag.DIRTY);
    }
    if (folios.mapped(folio)) {
      cache.mapped().writeProtect(x, mapping, folio);
    }
    if (!folios.testClear(folio, FolioFlag.DIRTY)) {
      return false;
    }
    uncountDirty(x, mapping, folio);
    return true;
  }

  /**
   * Throws the dirty state of a locked folio away: {@code folio_cancel_dirty}. With its mark, which
   * one that was to be written, and is not, still has.
   */
  void cancelDirty(Exec x, AddressSpace mapping, int folio) {
    boolean dirty = folios.testClear(folio, FolioFlag.DIRTY);
    if (mapping.swapBacked() == null) {
      if (dirty) {
        uncountDirty(x, mapping, folio);
      }
      mapping.pages().clearMark(folios.index(folio), PageMark.DIRTY);
    }
  }

  private void uncountDirty(Exec x, AddressSpace mapping, int folio) {
    int pages = folios.nrPages(folio);
    count(folio, NodeStat.FILE_DIRTY, -pages);
    writeback.cleaned(x, mapping, pages, folios.test(folio, FolioFlag.DROPBEHIND));
  }

  /** A look-up without DONTCACHE: the folio is wanted for longer. */
  void clearDropbehind(Exec x, AddressSpace mapping, int folio) {
    if (folios.testClear(folio, FolioFlag.DROPBEHIND) && folios.test(folio, FolioFlag.DIRTY)) {
      writeback.keptDirty(x, mapping, folios.nrPages(folio));
    }
  }

  void startWriteback(Exec x, int folio) {
    requireLocked(folio, "startWriteback");
    AddressSpace mapping = requireMapping(folio, "startWriteback");
    if (folios.testSet(folio, FolioFlag.WRITEBACK)) {
      throw folios.bad(folio, "startWriteback", "it must not be under writeback");
    }
    mapping.treeLock().contendIrqSave(x, holdNs);
    PageTree tree = mapping.pages();
    boolean first = !tree.marked(PageMark.WRITEBACK);
    long index = folios.index(folio);
    tree.setMark(index, PageMark.WRITEBACK);
    if (!folios.test(folio, FolioFlag.DIRTY)) {
      tree.clearMark(index, PageMark.DIRTY);
    }
    tree.clearMark(index, PageMark.TOWRITE);
    int pages = folios.nrPages(folio);
    count(folio, NodeStat.WRITEBACK, pages);
    if (mapping.swapBacked() != null) {
      return;
    }
    writeback.started(x, mapping, pages, first);
  }

  /** {@code folio_end_writeback_no_dropbehind}, in its order. */
  void endWriteback(Exec x, int folio) {
    if (!folios.test(folio, FolioFlag.WRITEBACK)) {
      throw folios.bad(
          folio, "endWriteback", "it must be under writeback; exactly one end a start");
    }
    AddressSpace mapping = requireMapping(folio, "endWriteback");
    x.charge(Cost.FOLIO_END_WRITEBACK);
    if (folios.testClear(folio, FolioFlag.RECLAIM)) {
      rotateReclaimable(folio);
    }
    mapping.treeLock().contendIrqSave(x, holdNs);
    PageTree tree = mapping.pages();
    tree.clearMark(folios.index(folio), PageMark.WRITEBACK);
    folios.clear(folio, FolioFlag.WRITEBACK);
    int pages = folios.nrPages(folio);
    count(folio, NodeStat.WRITEBACK, -pages);
    count(folio, NodeStat.WRITTEN, pages);
    if (mapping.swapBacked() == null) {
      boolean last = !tree.marked(PageMark.WRITEBACK);
      writeback.ended(x, mapping, pages, last);
      if (last) {
        cache.traceLevel(x);
      }
    }
    cache.waits().wakeWriteback(x, folio);
    cache.memory().writebackEnded(x, pages);
  }

  /** Brings a folio to where reclaim looks next: {@code folio_rotate_reclaimable}. */
  private void rotateReclaimable(int folio) {
    if (folios.test(folio, NOT_ROTATED) || !folios.test(folio, FolioFlag.LRU)) {
      return;
    }
    cache.lru().del(folio);
    folios.clear(folio, FolioFlag.ACTIVE);
    cache.lru().addTail(folio);
  }

  private static final FolioFlag NOT_ROTATED =
      FolioFlag.LOCKED.or(FolioFlag.DIRTY).or(FolioFlag.UNEVICTABLE);

  private AddressSpace requireMapping(int folio, String what) {
    AddressSpace mapping = mappings.of(folio);
    if (mapping == null) {
      throw folios.bad(folio, what, "it must be in the page cache");
    }
    return mapping;
  }

  private void requireLocked(int folio, String what) {
    if (!folios.test(folio, FolioFlag.LOCKED)) {
      throw folios.bad(folio, what, "it must be locked");
    }
  }
}
