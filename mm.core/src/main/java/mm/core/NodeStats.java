package mm.core;

/**
 * Page counts of one node, or of one memory control group. Models {@code node_page_state} without
 * its per-CPU deltas: a count is exact at once, where the kernel's may lag by some pages for each
 * CPU.
 */
public final class NodeStats {
  private final long[] pages = new long[NodeStat.values().length];
  private final long[] peaks = new long[pages.length];

  /** Pages counted. */
  public long get(NodeStat stat) {
    return pages[stat.ordinal()];
  }

  /** The most that was ever counted. */
  public long peak(NodeStat stat) {
    return peaks[stat.ordinal()];
  }

  /** Adds pages, or takes them away if {@code delta} is below 0; the count must not go below 0. */
  public void add(NodeStat stat, long delta) {
    int at = stat.ordinal();
    long sum = pages[at] + delta;
    if (sum < 0) {
      throw below(stat, delta);
    }
    pages[at] = sum;
    if (sum > peaks[at]) {
      peaks[at] = sum;
    }
  }

  private IllegalStateException below(NodeStat stat, long delta) {
    return new IllegalStateException(
        "node stats: "
            + stat
            + ": adding "
            + delta
            + " to "
            + get(stat)
            + "; the sum must not be below 0");
  }
}
