package launcher.fio.job;

/**
 * Lengths by direction.
 *
 * @param read of reads
 * @param write of writes
 * @param trim of trims
 * @param unaligned {@code bs_unaligned}: any length of the range, not only multiples of its minimum
 * @param bySequentialOrRandom {@code bs_is_seq_rand}: {@code read} is for sequential and {@code
 *     write} for random I/O instead
 */
public record BlockSizes(
    BlockSizeRange read,
    BlockSizeRange write,
    BlockSizeRange trim,
    boolean unaligned,
    boolean bySequentialOrRandom) {

  /** fio's smallest block size over the three directions. */
  public long minBytes() {
    return Math.min(read.minBytes(), Math.min(write.minBytes(), trim.minBytes()));
  }

  /** fio's largest block size over the three directions. */
  public long maxBytes() {
    return Math.max(read.maxBytes(), Math.max(write.maxBytes(), trim.maxBytes()));
  }
}
