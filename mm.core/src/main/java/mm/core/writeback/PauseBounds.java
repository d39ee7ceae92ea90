package mm.core.writeback;

/**
 * How long a throttled task may pause, at least and at most, in ticks. Models {@code wb_max_pause}
 * and {@code wb_min_pause}. Reused.
 */
final class PauseBounds {
  /** {@code DIRTY_POLL_THRESH}: a pause that covers fewer pages isn't worth it. */
  private static final long POLL_THRESH_PAGES = 32;

  private final int hz;

  /** {@code MAX_PAUSE}: 200 ms. */
  private final long pauseMax;

  long min;
  long max;

  /** {@code nr_dirtied_pause}: pages after which the task is to look again. */
  long pages;

  PauseBounds(int hz) {
    this.hz = hz;
    pauseMax = Math.max(hz / 5, 1);
  }

  /**
   * Computes them.
   *
   * @param wbDirty dirty pages of the wb: the fewer, the shorter, so that the device isn't starved
   * @param ratelimit pages a second of the wb's writers, before their position is considered
   * @param taskRatelimit the same after
   */
  void compute(long wbDirty, long avgWriteBandwidth, long ratelimit, long taskRatelimit) {
    long eighth = roundUpPowerOfTwo(1 + hz / 8);
    max = Math.min(wbDirty / (1 + avgWriteBandwidth / eighth) + 1, pauseMax);
    computeMin(avgWriteBandwidth, ratelimit, taskRatelimit);
  }

  /** From 10 ms, and more with the number of dirtiers. */
  private void computeMin(long avgWriteBandwidth, long ratelimit, long taskRatelimit) {
    long second = roundUpPowerOfTwo(hz);
    long ticks = Math.max(1, hz / 100);
    int dirtiersLog2 = log2(avgWriteBandwidth) - log2(ratelimit);
    if (dirtiersLog2 > 0) {
      ticks += dirtiersLog2 * (10L * hz) / 1024;
    }
    ticks = Math.min(ticks, 1 + max / 2);
    pages = ratelimit * ticks / second;
    if (pages < POLL_THRESH_PAGES) {
      ticks = max;
      pages = ratelimit * ticks / second;
      if (pages > POLL_THRESH_PAGES) {
        pages = POLL_THRESH_PAGES;
        ticks = hz * POLL_THRESH_PAGES / ratelimit;
      }
    }
    if (hz * pages / (taskRatelimit + 1) > max) {
      ticks = max;
      pages = taskRatelimit * ticks / second;
    }
    min = pages >= POLL_THRESH_PAGES ? 1 + ticks / 2 : ticks;
  }

  private static long roundUpPowerOfTwo(long value) {
    return value <= 1 ? 1 : Long.highestOneBit(value - 1) << 1;
  }

  private static int log2(long value) {
    return 63 - Long.numberOfLeadingZeros(Math.max(value, 1));
  }
}
