package mm.core.reclaim;

import mm.core.mmap.Vma;

/**
 * What the TLB of one CPU knows: for a page of a mapping, which folio an access goes to without a
 * look at the page table, and whether a store may. Direct-mapped, so that a page that comes later
 * may take the place of another, as in a real one.
 *
 * <p>Entries carry the generation in which they were loaded; a flush ends all generations so far.
 */
final class CpuTlb {
  /** As many as the second level of a server CPU has. */
  private static final int ENTRIES = 2_048;

  private final Vma[] vmas = new Vma[ENTRIES];
  private final long[] indexes = new long[ENTRIES];
  private final int[] folios = new int[ENTRIES];
  private final boolean[] writable = new boolean[ENTRIES];
  private final long[] generations = new long[ENTRIES];

  /** Entries below this generation are flushed. */
  private long generation = 1;

  /** When the flush that is under way has been waited for, whatever this CPU does; 0 for none. */
  private long flushedByNs;

  /** Entries of this generation and older are gone by then. */
  private long flushedGeneration;

  /** Entries get it that are loaded now; grows when a flush begins. */
  private long loading = 1;

  private static int slot(Vma vma, long index) {
    return (int) index * 0x9E3779B9 + vma.id() * 0x85EBCA6B >>> 21;
  }

  /** The folio that an access goes to; 0 if the page table has to be asked. */
  int lookup(Vma vma, long index, boolean store, long nowNs) {
    int slot = slot(vma, index);
    if (vmas[slot] != vma || indexes[slot] != index || store && !writable[slot]) {
      return 0;
    }
    if (flushedByNs != 0 && nowNs >= flushedByNs) {
      generation = Math.max(generation, flushedGeneration + 1);
      flushedByNs = 0;
    }
    return generations[slot] < generation ? 0 : folios[slot];
  }

  void load(Vma vma, long index, int folio, boolean store) {
    int slot = slot(vma, index);
    vmas[slot] = vma;
    indexes[slot] = index;
    folios[slot] = folio;
    writable[slot] = store;
    generations[slot] = loading;
  }

  void forget(Vma vma, long index) {
    int slot = slot(vma, index);
    if (vmas[slot] == vma && indexes[slot] == index) {
      vmas[slot] = null;
    }
  }

  /** The flush is done here. */
  void flush() {
    loading++;
    generation = loading;
    flushedByNs = 0;
  }

  /**
   * A flush was asked for from elsewhere, where it has been waited for at that time; the interrupt
   * may come at any time before. Of several, the first to be done ends them all.
   */
  void flushBy(long doneNs) {
    flushedByNs = flushedByNs == 0 ? doneNs : Math.min(flushedByNs, doneNs);
    flushedGeneration = loading++;
  }
}
