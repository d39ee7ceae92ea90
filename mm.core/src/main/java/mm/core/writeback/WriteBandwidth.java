package mm.core.writeback;

/**
 * How fast a device writes, and how fast its writers may dirty, in pages a second. Models {@code
 * wb_update_write_bandwidth} and {@code wb_update_dirty_ratelimit}.
 */
final class WriteBandwidth {
  /** {@code INIT_BW}: 100 MiB a second. */
  static final long INITIAL = 25_600;

  /** {@code BANDWIDTH_INTERVAL} is a fifth of a second. */
  private static final int INTERVALS_PER_SECOND = 5;

  private static final int RATIO_SHIFT = DirtyLimits.RATIO_SHIFT;

  private final int hz;

  /** Ticks over which the write bandwidth is averaged: 3 s, rounded up to a power of two. */
  private final int periodShift;

  private long writeBandwidth = INITIAL;
  private long avgWriteBandwidth = INITIAL;
  private long dirtyRatelimit = INITIAL;
  private long balancedRatelimit = INITIAL;
  private long stampTicks;
  private long dirtiedStamp;
  private long writtenStamp;

  WriteBandwidth(int hz, long jiffies) {
    this.hz = hz;
    periodShift = 64 - Long.numberOfLeadingZeros(3L * hz - 1);
    stampTicks = jiffies;
  }

  static long intervalTicks(int hz) {
    return Math.max(hz / INTERVALS_PER_SECOND, 1);
  }

  long avgWriteBandwidth() {
    return avgWriteBandwidth;
  }

  long dirtyRatelimit() {
    return dirtyRatelimit;
  }

  /** Whether the interval since the last update is over. */
  boolean isDue(long jiffies) {
    return jiffies > stampTicks + intervalTicks(hz);
  }

  /** Forgets a time without writeback, so that it does not count as slowness. */
  void restart(long jiffies, long dirtied, long written) {
    stampTicks = jiffies;
    dirtiedStamp = dirtied;
    writtenStamp = written;
  }

  /**
   * Takes a new measure.
   *
   * @param dirtied pages ever dirtied
   * @param written pages ever written
   */
  void update(long jiffies, long dirtied, long written) {
    measure(elapsedTicks(jiffies), Math.max(written - writtenStamp, 0));
    restart(jiffies, dirtied, written);
  }

  private long elapsedTicks(long jiffies) {
    return Math.max(jiffies - stampTicks, 1);
  }

  private void measure(long elapsed, long pages) {
    long period = 1L << periodShift;
    long before = writeBandwidth;
    long now;
    if (elapsed > period) {
      now = pages * hz / elapsed;
      avgWriteBandwidth = now;
    } else {
      now = pages * hz + before * (period - elapsed) >> periodShift;
      // The smoothed value follows only while the measured one moves further away from it.
      if (avgWriteBandwidth > before && before >= now) {
        avgWriteBandwidth -= avgWriteBandwidth - before >> 3;
      } else if (avgWriteBandwidth < before && before <= now) {
        avgWriteBandwidth += before - avgWriteBandwidth >> 3;
      }
    }
    avgWriteBandwidth = Math.max(avgWriteBandwidth, 1);
    writeBandwidth = now;
  }

  /**
   * Moves the writers' rate towards the one at which dirtying and writing would balance: what they
   * did, times what the device wrote, over what they dirtied. Comes before {@link #update}.
   *
   * @param dirtied pages ever dirtied
   */
  void steer(long jiffies, long dirtied, DirtyLimits limits) {
    long dirtyRate = (dirtied - dirtiedStamp) * hz / elapsedTicks(jiffies);
    long taskRatelimit = (dirtyRatelimit * limits.posRatio >> RATIO_SHIFT) + 1;
    long balanced =
        Math.min(taskRatelimit * avgWriteBandwidth / (dirtyRate | 1), avgWriteBandwidth);
    // A step is made only as far as the last balance, this one and the tasks' own rate agree on.
    long step = 0;
    if (limits.dirty < limits.setpoint()) {
      long agreed = Math.min(balancedRatelimit, Math.min(balanced, taskRatelimit));
      step = Math.max(agreed - dirtyRatelimit, 0);
    } else {
      long agreed = Math.max(balancedRatelimit, Math.max(balanced, taskRatelimit));
      step = Math.max(dirtyRatelimit - agreed, 0);
    }
    // Small differences are noise: the step shrinks by half for each time the rate exceeds twice
    // it.
    long shift = dirtyRatelimit / (2 * step + 1);
    step = shift < Long.SIZE ? step >> shift : 0;
    step = step + 7 >> 3;
    long next = dirtyRatelimit < balanced ? dirtyRatelimit + step : dirtyRatelimit - step;
    dirtyRatelimit = Math.max(next, 1);
    balancedRatelimit = balanced;
  }
}
