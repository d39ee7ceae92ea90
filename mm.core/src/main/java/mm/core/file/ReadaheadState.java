package mm.core.file;

import mm.core.AddressSpace;
import mm.core.FolioStore;
import mm.core.ReadaheadOrder;
import mm.core.reclaim.MemorySettings;

/**
 * Where an open file's readahead stands, and what it reads next. Models {@code struct
 * file_ra_state} and the decisions of {@code page_cache_sync_ra}, {@code page_cache_async_ra} and
 * {@code do_sync_mmap_readahead}; sizes and indexes are in pages.
 */
final class ReadaheadState {
  /** {@code MMAP_LOTSAMISS}: above it, faults no longer read around. */
  private static final int MISSES_MAX = 100;

  /** How much the order grows with each window that a marker starts. */
  static final int ORDER_STEP = 2;

  /** The window read last, and how much of it comes behind its marker. */
  long start;

  long size;
  long asyncSize;

  /** Largest order that its folios may have. */
  int order;

  /** Largest window; 0 switches readahead off. */
  long pagesMax;

  /** Where the last read call ended, in bytes. */
  long previousPos = -1;

  /** Faults that found nothing, less those that did. */
  private int mmapMisses;

  /** {@code file_ra_state_init}. */
  ReadaheadState(long pagesMax) {
    this.pagesMax = pagesMax;
  }

  private static long roundUpPowerOfTwo(long value) {
    return value <= 1 ? 1 : Long.highestOneBit(value - 1) << 1;
  }

  /** The first window of a sequential stream: {@code get_init_ra_size}. */
  static long initialSize(long request, long max) {
    long size = roundUpPowerOfTwo(request);
    if (size <= max / 32) {
      return size * 4;
    }
    return size <= max / 4 ? size * 2 : max;
  }

  /** The window after one of {@code size}: {@code get_next_ra_size}. */
  static long nextSize(long size, long max) {
    if (size < max / 16) {
      return size * 4;
    }
    return size <= max / 2 ? size * 2 : max;
  }

  /** A request above the window may be as large as one I/O: {@code ractl_max_pages}. */
  private long maxPages(AddressSpace mapping, long request) {
    long io = mapping.device().ioPages();
    return request > pagesMax && io > pagesMax ? Math.min(request, io) : pagesMax;
  }

  /** Most pages that a forced read brings: {@code force_page_cache_ra}. */
  long forcedMax(AddressSpace mapping) {
    return Math.max(mapping.device().ioPages(), pagesMax);
  }

  /**
   * A reader found nothing at {@code index}. Models {@code page_cache_sync_ra} for a file with
   * readahead.
   *
   * @return whether there is a new window; if not, just the request is to be read
   */
  boolean miss(AddressSpace mapping, FolioStore folios, long index, long request) {
    long max = maxPages(mapping, request);
    long ahead = index - (previousPos >>> MemorySettings.PAGE_SHIFT);
    if (index == 0 || request > max || ahead == 0 || ahead == 1) {
      start = index;
      size = initialSize(request, max);
      asyncSize = size > request ? size - request : size >> 1;
      order = 0;
      return true;
    }
    long hole = PageMisses.before(mapping, folios, index, max);
    long history = index - hole - 1;
    if (history <= request) {
      return false;
    }
    start = index;
    size = Math.min((hole < 0 ? history * 2 : history) + request, max);
    asyncSize = 1;
    order = 0;
    return true;
  }

  /**
   * A reader came to a marked folio. Models {@code page_cache_async_ra}.
   *
   * @param index the folio's
   * @param nrPages the folio's
   * @param request pages that are still wanted from there on
   * @param kind where the order comes from
   * @return whether there is a new window
   */
  boolean marker(AddressSpace mapping, long index, int nrPages, long request, ReadaheadOrder kind) {
    long max = maxPages(mapping, request);
    if (index == (start + size - asyncSize & -nrPages)) {
      start += size;
      size = Math.max(size, nextSize(size, max));
    } else {
      // The marker of somebody else's window: go on where the cached pages end.
      long hole = PageMisses.after(mapping, index, nrPages, max);
      if (hole - index > max) {
        return false;
      }
      start = hole;
      size = nextSize(hole - index + request, max);
    }
    if (kind == ReadaheadOrder.OF_FOLIO) {
      order = Integer.numberOfTrailingZeros(nrPages) + ORDER_STEP;
      asyncSize = size;
      return true;
    }
    order += ORDER_STEP;
    // The window ends where a folio of its order does, or of the largest that all windows hold.
    long end = start + size;
    long alignedEnd = end & -(1L << Math.min(order, Long.numberOfTrailingZeros(max)));
    if (alignedEnd > start) {
      size -= end - alignedEnd;
    }
    asyncSize = size;
    return true;
  }

  /**
   * A fault found nothing. Models {@code do_sync_mmap_readahead} of a mapping without advice: reads
   * around the page, until that has come to nothing too often.
   *
   * @return whether there is a new window
   */
  boolean faultMiss(long index) {
    if (mmapMisses < MISSES_MAX * 10) {
      mmapMisses++;
    }
    if (mmapMisses > MISSES_MAX) {
      return false;
    }
    start = Math.max(0, index - pagesMax / 2);
    size = pagesMax;
    asyncSize = pagesMax / 4;
    order = 0;
    return true;
  }

  /** Faults found pages, or had them mapped: {@code do_async_mmap_readahead}. */
  void faultHits(int count) {
    mmapMisses = Math.max(0, mmapMisses - count);
  }

  /** A read has failed: {@code shrink_readahead_size_eio}. */
  void readFailed() {
    pagesMax /= 4;
  }
}
