package mm.core.mmap;

import java.util.Arrays;
import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.NodeStat;
import mm.core.PageCache;
import sim.kernel.Exec;
import sim.kernel.machine.Cost;

/**
 * Anonymous memory whose content its process no longer needs. Models {@code madvise_free_pte_range}
 * and {@code folio_mark_lazyfree}: the pages stay until reclaim meets them, which frees what nobody
 * has stored to since without writing it anywhere.
 */
final class LazyFree {
  private static final FolioFlag USED =
      FolioFlag.SWAPBACKED.or(FolioFlag.ACTIVE).or(FolioFlag.REFERENCED);

  private final PageCache cache;
  private final FolioStore folios;
  private final long[] flushCpus;

  LazyFree(PageCache cache) {
    this.cache = cache;
    folios = cache.folios();
    flushCpus = new long[(cache.machine().cpuCount() + 63) >>> 6];
  }

  void advise(Exec x, Vma vma, long first, long end) {
    AddressSpace mapping = vma.mapping();
    boolean flush = false;
    for (long index = first; index < end; index++) {
      if (!vma.isPresent(index)) {
        mapping.swapBacked().forgetSwapped(mapping, index);
      } else if (markFree(mapping.pages().load(index), mapping)) {
        // The next store faults and makes it dirty, where a kernel's sets a bit of the entry.
        vma.protect(index);
        vma.testClearYoung(index);
        cache.evictionSlot().tlbs().forgetPage(vma, index);
        vma.mm().addCpusTo(flushCpus);
        x.charge(Cost.FOLIO_UNMAP);
        flush = true;
      }
    }
    if (flush) {
      cache.evictionSlot().tlbs().flushPage(x, flushCpus);
      Arrays.fill(flushCpus, 0);
    }
  }

  /** Makes a folio clean and free to go, unless somebody else has it in use. */
  private boolean markFree(int folio, AddressSpace mapping) {
    if (folios.mapcount(folio) != 1 || !cache.trylock(folio)) {
      return false;
    }
    boolean idle = !folios.test(folio, FolioFlag.WRITEBACK);
    if (idle) {
      mapping.swapBacked().freeSlot(folio);
      folios.clear(folio, FolioFlag.DIRTY);
    }
    folios.unlock(folio);
    if (idle
        && folios.test(folio, FolioFlag.SWAPBACKED)
        && folios.test(folio, FolioFlag.LRU)
        && !folios.test(folio, FolioFlag.UNEVICTABLE)) {
      cache.lru().del(folio);
      folios.clear(folio, USED);
      cache.lru().add(folio);
      cache.stats().add(NodeStat.LAZYFREE, folios.nrPages(folio));
    }
    return idle;
  }
}
