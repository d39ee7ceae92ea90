package mm.core.reclaim;

import mm.core.FolioFlag;
import mm.core.FolioStore;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.machine.Cost;

/**
 * Which page frames an allocation gets: such as were freed a moment ago, whose {@code struct page}
 * the last-level cache still has, cold ones, or such as nobody has ever touched. Free pages are
 * given out last in, first out, as {@code free_unref_page} and the buddy lists do; so the frames of
 * a reader that drops what it has read are warm, and those of one that fills memory are not.
 *
 * <p>Frames are counted and not told apart. Costs nothing unless {@link Cost#PAGE_COLD} or {@link
 * Cost#PAGE_FIRST_TOUCH} is set.
 */
public final class PageFrames {
  /** {@code RAM} that one of the large caches of a server holds the {@code struct page}s of. */
  public static final long LLC_BYTES_DEFAULT = 32L << 20;

  /** Frees that are remembered; those of one age are one. */
  private static final int FREES = 1 << 12;

  private final FolioStore folios;
  private final long coldNs;
  private final long firstTouchNs;
  private long llcPages = LLC_BYTES_DEFAULT / MemorySettings.PAGE_BYTES;

  /** Pages that came into the cache from memory, which is its clock. */
  private long entered;

  /** The most frames that were ever in use at one time. */
  private long touched;

  /** Free frames by age, as a ring: the last freed on top, the oldest forgotten first. */
  private final int[] freedPages;

  private final long[] freedAt;
  private int top;
  private int depth;

  PageFrames(Machine machine, FolioStore folios) {
    this.folios = folios;
    coldNs = machine.costNs(Cost.PAGE_COLD);
    firstTouchNs = machine.costNs(Cost.PAGE_FIRST_TOUCH);
    int size = coldNs == 0 ? 0 : FREES;
    freedPages = new int[size];
    freedAt = new long[size];
  }

  /** Sets the size of the last-level cache, which all CPUs share here. */
  public void setLlcBytes(long bytes) {
    if (bytes < MemorySettings.PAGE_BYTES) {
      throw new IllegalArgumentException(
          "memory: the last-level cache is " + bytes + " bytes; it must be 4096 at least");
    }
    llcPages = bytes / MemorySettings.PAGE_BYTES;
  }

  /** A folio was allocated: charges what its frames miss. Called for every folio, in any step. */
  public void allocated(Exec x, int folio) {
    if (coldNs == 0 && firstTouchNs == 0) {
      return;
    }
    int pages = folios.nrPages(folio);
    if (folios.pageCount() > touched) {
      touched = folios.pageCount();
      if (firstTouchNs > 0) {
        folios.set(folio, FolioFlag.UNTOUCHED);
      }
    }
    if (coldNs > 0) {
      int cold = pages - takeWarm(pages);
      entered += cold;
      x.charge(coldNs * cold);
    }
  }

  private int takeWarm(int wanted) {
    int warm = 0;
    while (warm < wanted && depth > 0) {
      if (entered - freedAt[top] > llcPages) {
        // Those below are older still.
        depth = 0;
        break;
      }
      int taken = Math.min(wanted - warm, freedPages[top]);
      warm += taken;
      freedPages[top] -= taken;
      if (freedPages[top] == 0) {
        top = top - 1 & FREES - 1;
        depth--;
      }
    }
    return warm;
  }

  /** A folio is freed, whose {@code struct page}s its freeing has looked at. */
  public void freed(int folio) {
    if (coldNs == 0) {
      return;
    }
    int pages = folios.nrPages(folio);
    if (depth > 0 && freedAt[top] == entered) {
      freedPages[top] += pages;
      return;
    }
    top = top + 1 & FREES - 1;
    depth = Math.min(depth + 1, FREES);
    freedPages[top] = pages;
    freedAt[top] = entered;
  }

  /**
   * What reclaim of a folio at the old end of a list takes longer, as so many pages came after it
   * that the cache has lost its {@code struct page}s.
   *
   * @param listPages pages of its group that are in the page cache
   */
  long reclaimNs(int folio, long listPages) {
    if (coldNs == 0 || listPages <= llcPages) {
      return 0;
    }
    entered += folios.nrPages(folio);
    return coldNs * folios.nrPages(folio);
  }

  /** Whether {@link #copyNs} is ever above 0 in this run. */
  public boolean countsTouches() {
    return firstTouchNs > 0;
  }

  /**
   * What a copy out of or into a folio takes longer if its frames have never been touched. They
   * have been when the copy comes to the folio's end.
   *
   * @param bytes that are copied
   * @param end whether the last of the folio is among them
   */
  public long copyNs(int folio, long bytes, boolean end) {
    if (firstTouchNs == 0 || !folios.test(folio, FolioFlag.UNTOUCHED)) {
      return 0;
    }
    if (end) {
      folios.clear(folio, FolioFlag.UNTOUCHED);
    }
    return firstTouchNs * bytes / MemorySettings.PAGE_BYTES;
  }
}
