package mm.core.mmap;

import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import sim.kernel.Exec;
import sim.kernel.check.Rule;

/**
 * Stores through TLB entries that are no longer in the page table. The CPU asks nobody, so the
 * kernel doesn't learn of the store: it is safe only as long as the folio is still to be written.
 * Any other is lost, or falls on a page that is somebody else's by now: a complaint names page, CPU
 * and time.
 */
public final class StaleStores {
  private final PageCache cache;
  private final FolioStore folios;
  private long stores;
  private long lost;

  StaleStores(PageCache cache) {
    this.cache = cache;
    folios = cache.folios();
  }

  /** Stores through stale entries so far, lost or not. */
  public long count() {
    return stores;
  }

  /** Those that were lost. */
  public long lost() {
    return lost;
  }

  void store(Exec x, Vma vma, long index, int folio) {
    stores++;
    String why = whyLost(vma, index, folio);
    if (!why.isEmpty()) {
      lost++;
      String page = "page " + index + " of inode " + vma.mapping().hostInode();
      cache
          .machine()
          .checker()
          .report(
              Rule.LOST_STORE,
              x,
              cache.evictionSlot().policyId()
                  + ": "
                  + page
                  + ", stored by "
                  + vma.mm()
                  + " to folio "
                  + folio
                  + " "
                  + why);
    }
  }

  private String whyLost(Vma vma, long index, int folio) {
    if (cache.mappings().of(folio) != vma.mapping() || folios.index(folio) != index) {
      return "after it left the page cache";
    }
    if (folios.test(folio, FolioFlag.DIRTY)) {
      return "";
    }
    return folios.test(folio, FolioFlag.WRITEBACK)
        ? "after its write-out began"
        : "after it was written out";
  }
}
