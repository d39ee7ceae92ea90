package launcher.validation.fold;

/** What all memory control groups but the root have together, in pages. */
final class GroupCounts {
  /** What is counted, in the order of the trace. */
  enum Stat {
    CACHED,
    DIRTY,
    WRITEBACK,
    MAPPED,
    REFAULTED,
    MAX_USAGE,
    FAILCNT
  }

  private final long[] stats = new long[Stat.values().length];
  private boolean any;

  void stat(long cached, long dirty, long writeback, long mapped, long refaulted) {
    any = true;
    stats[Stat.CACHED.ordinal()] += cached;
    stats[Stat.DIRTY.ordinal()] += dirty;
    stats[Stat.WRITEBACK.ordinal()] += writeback;
    stats[Stat.MAPPED.ordinal()] += mapped;
    stats[Stat.REFAULTED.ordinal()] += refaulted;
  }

  void usage(long maxUsage, long failcnt) {
    any = true;
    stats[Stat.MAX_USAGE.ordinal()] += maxUsage;
    stats[Stat.FAILCNT.ordinal()] += failcnt;
  }

  /** NaN where there is no group. */
  double of(Stat stat) {
    return any ? stats[stat.ordinal()] : Double.NaN;
  }
}
