package mm.core.reclaim;

import mm.core.NodeStats;

/**
 * A memory control group: page cache that is charged to the tasks in it, and its limit. Models
 * {@code struct mem_cgroup} of cgroup v2, one level deep. Made by {@link Memory#newMemcg}.
 */
public final class Memcg {
  /** The limit of a group without one. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private final int id;
  private final String name;
  private final NodeStats stats;
  private long limitPages = UNLIMITED;
  private long usagePages;
  private long limitHits;
  private long peakPages;
  long failures;

  // What the group's lruvec remembers; the root's stands for all groups.

  /** Pages ever evicted or activated: {@code nonresident_age}. */
  long nonresidentAge;

  /** {@code anon_cost} and {@code file_cost}: see {@link Reclaim#noteCost}. */
  long anonCost;

  long fileCost;

  /** Pages that had come back and were active at once, when reclaim last ended: by type. */
  long anonActivatesSeen;

  long fileActivatesSeen;

  Memcg(int id, String name, NodeStats stats) {
    this.id = id;
    this.name = name;
    this.stats = stats;
  }

  /** What {@link mm.core.FolioStore#memcg} gives for its folios; 0 is the root. */
  public int id() {
    return id;
  }

  /** Name of its directory. */
  public String name() {
    return name;
  }

  /** Whether this is the root, which has no limit. */
  public boolean isRoot() {
    return id == 0;
  }

  /** {@code memory.max}, in pages. */
  public long limitPages() {
    return limitPages;
  }

  /** Sets {@code memory.max}; what is above it is got back at the next charge. */
  public void setLimitPages(long pages) {
    if (pages < 1 || isRoot()) {
      throw new IllegalArgumentException(
          "memcg "
              + name
              + ": limit is "
              + pages
              + " pages; it must be above 0, and the root has none");
    }
    limitPages = pages;
  }

  /** {@code memory.current}, in pages. */
  public long usagePages() {
    return usagePages;
  }

  /** {@code memory.peak}, in pages. */
  public long peakPages() {
    return peakPages;
  }

  /** Pages that may still be charged; never below 0. */
  public long headroomPages() {
    return Math.max(0, limitPages - usagePages);
  }

  /**
   * Times that a charge failed although everything was tried, where a kernel would kill a task:
   * {@code memory.events} {@code oom}.
   */
  public long failures() {
    return failures;
  }

  /** Times that a charge met the limit: {@code memory.failcnt} of version 1. */
  public long limitHits() {
    return limitHits;
  }

  void limitHit() {
    limitHits++;
  }

  /** Counts of its pages; those of the root are the whole machine's. */
  public NodeStats stats() {
    return stats;
  }

  void charge(long pages) {
    usagePages += pages;
    if (usagePages > peakPages) {
      peakPages = usagePages;
    }
  }

  void uncharge(long pages) {
    usagePages -= pages;
    if (usagePages < 0) {
      throw new IllegalStateException(
          "memcg " + name + ": usage is " + usagePages + " pages; it must not fall below 0");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
