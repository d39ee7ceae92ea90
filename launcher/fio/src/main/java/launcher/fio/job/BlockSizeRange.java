package launcher.fio.job;

import java.util.List;

/**
 * The lengths of one direction's I/Os.
 *
 * @param minBytes smallest
 * @param maxBytes largest; equal to {@code minBytes} for a fixed size
 * @param alignBytes {@code blockalign}: random offsets are multiples of it
 * @param splits {@code bssplit}; empty if all lengths are alike
 */
public record BlockSizeRange(long minBytes, long maxBytes, long alignBytes, List<Split> splits) {
  /** Copies the list. */
  public BlockSizeRange {
    splits = List.copyOf(splits);
  }

  /**
   * One length and how often it occurs.
   *
   * @param sizeBytes the length
   * @param percent of this direction's I/Os
   */
  public record Split(long sizeBytes, int percent) {}
}
