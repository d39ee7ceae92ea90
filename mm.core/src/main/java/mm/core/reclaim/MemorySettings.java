package mm.core.reclaim;

/**
 * How much memory the machine has.
 *
 * @param totalPages pages of 4 KiB in all
 * @param reservedPages pages that the kernel, its processes and their anonymous memory have for
 *     good: neither free nor page cache, and not dirtyable
 */
public record MemorySettings(long totalPages, long reservedPages) {
  /** {@code PAGE_SIZE}. */
  public static final int PAGE_BYTES = 4096;

  /** {@code PAGE_SHIFT}. */
  public static final int PAGE_SHIFT = 12;

  private static final long TOTAL_PAGES_MIN = 256;

  /** Refuses memory too small to hold a watermark, and reserves that leave nothing. */
  public MemorySettings {
    if (totalPages < TOTAL_PAGES_MIN) {
      throw new IllegalArgumentException(
          "memory: total pages is " + totalPages + "; it must be at least " + TOTAL_PAGES_MIN);
    }
    if (reservedPages < 0 || totalPages - reservedPages < TOTAL_PAGES_MIN) {
      throw new IllegalArgumentException(
          "memory: reserved pages is "
              + reservedPages
              + " of "
              + totalPages
              + "; it must leave at least "
              + TOTAL_PAGES_MIN);
    }
  }

  /** A machine with this much memory, an eighth of a GiB of it reserved, at most a 16th. */
  public static MemorySettings ofBytes(long bytes) {
    long pages = bytes >> PAGE_SHIFT;
    return new MemorySettings(pages, Math.min(pages / 16, 32_768));
  }
}
