package mm.core.reclaim;

import java.util.Arrays;
import mm.core.PageCache;
import sim.kernel.Exec;

/**
 * The page-table entries that one task has removed and not flushed. Models {@code struct
 * tlbflush_unmap_batch}: the CPUs that may still know them, and whether one of them let a CPU
 * store. It also keeps the folios, which a kernel doesn't, for the checker to ask.
 */
final class TlbFlushBatch {
  private final EvictionSlot slot;
  private final PageCache cache;
  private final long[] cpus;

  /** Folios whose entries are removed and not flushed; those that no entry let store are < 0. */
  private int[] folios = new int[64];

  private int count;
  private long pages;
  private boolean writable;

  TlbFlushBatch(EvictionSlot slot, PageCache cache) {
    this.slot = slot;
    this.cache = cache;
    cpus = new long[(cache.machine().cpuCount() + 63) >>> 6];
  }

  /** {@code try_to_unmap} with {@code TTU_BATCH_FLUSH}. */
  void unmap(Exec x, int folio) {
    boolean mapped = cache.folios().mapped(folio);
    boolean lets = cache.mapped().unmapFolio(x, folio, cpus);
    pages += cache.folios().nrPages(folio);
    writable |= lets;
    if (mapped) {
      if (count == folios.length) {
        folios = Arrays.copyOf(folios, count * 2);
      }
      folios[count++] = lets ? folio : -folio;
      slot.countUnflushed(1);
    }
  }

  /** {@code try_to_unmap_flush}. */
  void flush(Exec x) {
    if (pages > 0) {
      slot.tlbs().flush(x, cpus, pages);
      reset();
    }
  }

  /** {@code try_to_unmap_flush_dirty}. */
  void flushDirty(Exec x) {
    if (writable) {
      flush(x);
    }
  }

  void flushForFree() {
    slot.tlbs().forget(cpus);
    Arrays.fill(cpus, 0);
    reset();
  }

  private void reset() {
    slot.countUnflushed(-count);
    count = 0;
    pages = 0;
    writable = false;
  }

  /** Whether a TLB may know the folio; for stores, or at all. */
  boolean covers(int folio, boolean forStores) {
    if (!anyCpu()) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (folios[i] == folio || folios[i] == -folio && !forStores) {
        return true;
      }
    }
    return false;
  }

  private boolean anyCpu() {
    for (long word : cpus) {
      if (word != 0) {
        return true;
      }
    }
    return false;
  }
}
