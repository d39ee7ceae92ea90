package mm.core.writeback;

/**
 * Where the dirty pages of one domain stand against its thresholds, and those of one wb against its
 * share. Models {@code struct dirty_throttle_control} and what is computed in it. Reused.
 */
final class DirtyLimits {
  /** {@code RATELIMIT_CALC_SHIFT}: ratios are fixed-point numbers with ten binary places. */
  static final int RATIO_SHIFT = 10;

  private static final long ONE = 1L << RATIO_SHIFT;
  private static final int PERCENT = 100;

  private DirtyDomain domain;

  /** Pages that may be dirty, before any ratio. */
  long available;

  /** Dirty pages, those under writeback included. */
  long dirty;

  long thresh;
  long bgThresh;
  long wbDirty;
  long wbThresh;
  long wbBgThresh;

  /** By how much a writer may exceed (above {@code ONE}) its rate limit, or falls short of it. */
  long posRatio;

  /** Thresholds of a domain. Models {@code domain_dirty_limits}. */
  void compute(DirtyDomain of, VmSettings settings, long pages, long globalAvailable) {
    domain = of;
    available = pages;
    thresh = threshold(settings.dirtyBytes(), settings.dirtyRatio(), globalAvailable);
    bgThresh =
        threshold(
            settings.dirtyBackgroundBytes(), settings.dirtyBackgroundRatio(), globalAvailable);
    if (bgThresh >= thresh) {
      bgThresh = thresh / 2;
    }
  }

  /** A byte setting of the whole machine is a ratio for a group: the group's share of it. */
  private long threshold(long bytes, int percent, long globalAvailable) {
    if (bytes == 0) {
      return available * percent / PERCENT;
    }
    long pages = (bytes + 4095) >> 12;
    return available == globalAvailable
        ? pages
        : (long) ((double) pages * available / Math.max(globalAvailable, 1));
  }

  /** Below it writers are left alone: half way from one threshold to the other. */
  long freerunCeiling() {
    return (thresh + bgThresh) / 2;
  }

  boolean isFreerun() {
    return dirty <= freerunCeiling();
  }

  /** Whether the wb has more than its share while the whole is above its threshold. */
  boolean isExceeded() {
    return wbDirty > wbThresh && dirty > thresh;
  }

  long limit() {
    return domain.hardLimit(thresh);
  }

  /** Where dirty pages are to settle. */
  long setpoint() {
    return (freerunCeiling() + limit()) / 2;
  }

  /**
   * Pages that a task may dirty before it looks again: the square root of the distance, rounded to
   * a power of two; 1 at the threshold. Models {@code dirty_poll_interval}.
   */
  static long pollInterval(long dirty, long thresh) {
    if (thresh <= dirty) {
      return 1;
    }
    return 1L << (63 - Long.numberOfLeadingZeros(thresh - dirty)) / 2;
  }

  /**
   * The wb's share of the thresholds: its part of recent writeout, but not less than an eighth of
   * the room that is left, as it may have had nothing to write. Models {@code wb_calc_thresh}.
   */
  void computeWb(long share, long whole) {
    wbThresh = whole == 0 ? 0 : (long) ((double) thresh * Math.min(share, whole) / whole);
    wbThresh = Math.max(wbThresh, (thresh - dirty) / 8);
    wbBgThresh = thresh == 0 ? 0 : (long) ((double) wbThresh * bgThresh / thresh);
  }

  /**
   * Computes {@link #posRatio}: a cubic curve through the set point, times a line through the wb's
   * own set point. Models {@code wb_position_ratio} without strictlimit.
   */
  void computePosition(long avgWriteBandwidth) {
    long limit = limit();
    posRatio = 0;
    if (dirty >= limit) {
      return;
    }
    long setpoint = setpoint();
    long ratio = polynomial(setpoint, dirty, limit);
    long share = Math.max(Math.min(wbThresh, thresh), (limit - dirty) / 8);
    double part = (double) share / (thresh + 1);
    long wbSetpoint = (long) (setpoint * part);
    long span = (long) ((thresh - share + 8 * avgWriteBandwidth) * part);
    long intercept = wbSetpoint + span;
    if (wbDirty < intercept - span / 4) {
      ratio = ratio * (intercept - wbDirty) / (intercept - wbSetpoint + 1);
    } else {
      ratio /= 4;
    }
    // A wb that is about to run dry gets more than the line gives it.
    long reserve = share / 2;
    if (wbDirty < reserve) {
      ratio = wbDirty > reserve / 8 ? ratio * reserve / wbDirty : ratio * 8;
    }
    posRatio = ratio;
  }

  /** 1 + ((setpoint - dirty) / (limit - setpoint))^3, from 0 to 2. */
  static long polynomial(long setpoint, long dirty, long limit) {
    long x = (setpoint - dirty << RATIO_SHIFT) / (limit - setpoint | 1);
    long cube = (x * x >> RATIO_SHIFT) * x >> RATIO_SHIFT;
    return Math.max(0, Math.min(cube + ONE, 2 * ONE));
  }
}
