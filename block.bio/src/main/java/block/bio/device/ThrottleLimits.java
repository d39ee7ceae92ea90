package block.bio.device;

/**
 * What a limiter lets through to a device in a second ({@code blkio.throttle.*_device} of the root
 * group).
 *
 * @param readBytesPerSecond bytes of reads; {@link #UNLIMITED}: any number
 * @param writeBytesPerSecond bytes of writes
 * @param readsPerSecond reads
 * @param writesPerSecond writes
 */
public record ThrottleLimits(
    long readBytesPerSecond, long writeBytesPerSecond, long readsPerSecond, long writesPerSecond) {
  /** No limit. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** A device without a limiter. */
  public static final ThrottleLimits NONE =
      new ThrottleLimits(UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED);

  /** Refuses what would let nothing through. */
  public ThrottleLimits {
    if (Math.min(
            Math.min(readBytesPerSecond, writeBytesPerSecond),
            Math.min(readsPerSecond, writesPerSecond))
        < 1) {
      throw new IllegalArgumentException("limit: a limit is below 1; it must be at least 1");
    }
  }
}
