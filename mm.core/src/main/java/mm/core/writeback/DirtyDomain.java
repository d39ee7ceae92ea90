package mm.core.writeback;

/**
 * Memory whose dirty pages share thresholds: all of it, or that of one memory control group. Models
 * {@code struct wb_domain}.
 */
final class DirtyDomain {
  /** How fast the limit follows a threshold that fell, as a shift. */
  private static final int LIMIT_FOLLOW_SHIFT = 5;

  final WriteoutFraction completions;

  /** The threshold, but falling only slowly when the threshold falls; 0 for a group at first. */
  private long dirtyLimit;

  private long limitUpdated;

  DirtyDomain(int hz) {
    completions = new WriteoutFraction(hz);
  }

  /** {@code writeback_set_ratelimit}: what the limit is when the machine has booted. */
  void setDirtyLimit(long pages) {
    dirtyLimit = pages;
  }

  long dirtyLimit() {
    return dirtyLimit;
  }

  /** {@code hard_dirty_limit}. */
  long hardLimit(long thresh) {
    return Math.max(thresh, dirtyLimit);
  }

  /** Moves the limit towards the threshold, at most once in {@code intervalTicks}. */
  void update(long jiffies, long intervalTicks, long thresh, long dirty) {
    if (jiffies < limitUpdated + intervalTicks) {
      return;
    }
    limitUpdated = jiffies;
    if (dirtyLimit < thresh) {
      dirtyLimit = thresh;
      return;
    }
    long floor = Math.max(thresh, dirty);
    if (dirtyLimit > floor) {
      dirtyLimit -= dirtyLimit - floor >> LIMIT_FOLLOW_SHIFT;
    }
  }
}
