package launcher.validation.fold;

/** What {@code balance_dirty_pages} tells of writers that were looked at or made to wait. */
final class ThrottleCounts {
  private long looks;
  private long pauses;
  private long pausedMs;
  private long dirtyMax;
  private long limit;

  void balanced(long limitPages, long dirtyPages, long pauseMs) {
    looks++;
    limit = Math.max(limit, limitPages);
    dirtyMax = Math.max(dirtyMax, dirtyPages);
    if (pauseMs > 0) {
      pauses++;
      pausedMs += pauseMs;
    }
  }

  /** How often a writer was looked at, made to wait or not. */
  long looks() {
    return looks;
  }

  long pauses() {
    return pauses;
  }

  long pausedMs() {
    return pausedMs;
  }

  /** The most pages that were dirty or under writeback at a look. */
  long dirtyMax() {
    return dirtyMax;
  }

  /** The highest limit at a look, pages. */
  long limit() {
    return limit;
  }
}
