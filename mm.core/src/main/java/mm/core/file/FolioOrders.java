package mm.core.file;

import mm.core.AddressSpace;
import mm.core.reclaim.MemorySettings;

/**
 * Which size a new folio of a file gets. Models the arithmetic of {@code iomap_write_iter}, {@code
 * fgf_set_order}, {@code __filemap_get_folio} and {@code page_cache_ra_order}. The smallest order
 * is always 0: there are no blocks larger than a page.
 */
final class FolioOrders {
  private FolioOrders() {}

  private static int log2(long value) {
    return 63 - Long.numberOfLeadingZeros(value);
  }

  /**
   * Order of the folio that a write makes for byte {@code pos}: the largest power of two that is
   * not longer than what is left to write of the mapping's largest folio, and at which the index is
   * aligned.
   */
  static int forWrite(AddressSpace mapping, long pos, long leftBytes) {
    int max = mapping.orderMax();
    if (max == 0) {
      return 0;
    }
    long chunkBytes = (long) MemorySettings.PAGE_BYTES << max;
    long bytes = Math.min(leftBytes, chunkBytes - (pos & chunkBytes - 1));
    int order = Math.max(0, log2(bytes) - MemorySettings.PAGE_SHIFT);
    return aligned(pos >> MemorySettings.PAGE_SHIFT, Math.min(order, max));
  }

  /** Largest order that a window of so many pages may have. */
  static int ofWindow(AddressSpace mapping, int wanted, long pages) {
    return Math.min(Math.min(wanted, mapping.orderMax()), log2(pages));
  }

  /** The order, or as much as the index is aligned to. */
  static int aligned(long index, int order) {
    return index == 0 ? order : Math.min(order, Long.numberOfTrailingZeros(index));
  }

  /** Whether no page of a folio of this order at {@code index} is there. */
  static boolean isFree(AddressSpace mapping, long index, int order) {
    return mapping.pages().load(index) == 0
        && (order == 0 || mapping.pages().next(index, index + (1L << order) - 1) == 0);
  }

  /** The order, or as much as is free of folios from {@code index} on; its first page must be. */
  static int free(AddressSpace mapping, long index, int order) {
    int fits = order;
    while (fits > 0 && mapping.pages().next(index, index + (1L << fits) - 1) != 0) {
      fits--;
    }
    return fits;
  }
}
