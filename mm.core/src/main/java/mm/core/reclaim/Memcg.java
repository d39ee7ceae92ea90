package mm.core.reclaim;

import mm.core.NodeStats;
import sim.kernel.Task;

/**
 * A memory control group: what is charged to the tasks in it, and its limit. Models {@code struct
 * mem_cgroup}, one level deep. Made by {@link Memory#newMemcg}.
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
  private long programPages;
  private long idleFilePages;
  final MemcgStock stock;
  long failures;

  /** Has reclaimed for a charge that it is about to try again; null once it has. */
  Task retrying;

  // What the group's lruvec remembers; the root's stands for all groups.

  /** Pages ever evicted or activated: {@code nonresident_age}. */
  long nonresidentAge;

  /** {@code anon_cost} and {@code file_cost}: see {@link Reclaim#noteCost}. */
  long anonCost;

  long fileCost;

  /** Pages that had come back and were active at once, when reclaim last ended: by type. */
  long anonActivatesSeen;

  long fileActivatesSeen;

  Memcg(int id, String name, NodeStats stats, int cpus) {
    this.id = id;
    this.name = name;
    this.stats = stats;
    stock = new MemcgStock(this, cpus);
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

  /** {@code memory.current}, in pages: what is in use, and what lies in the stocks of the CPUs. */
  public long usagePages() {
    return usagePages;
  }

  /** Pages charged for folios. */
  public long folioPages() {
    return usagePages - programPages - idleFilePages - stock.pages() - stock.objectPages();
  }

  /**
   * Charges what the programs of the group have beside the files of the jobs. Called before the
   * run.
   *
   * @param kept pages that stay: anonymous, shared and kernel memory, and files that are in use
   * @param idleFiles clean pages of their files, which are the oldest of the group
   */
  public void chargePrograms(long kept, long idleFiles) {
    if (kept < 0 || idleFiles < 0 || kept + idleFiles > limitPages - usagePages) {
      throw new IllegalArgumentException(
          "memcg "
              + name
              + ": its programs have "
              + (kept + idleFiles)
              + " pages; there must be none below 0, and at most its limit of "
              + limitPages);
    }
    programPages += kept;
    idleFilePages += idleFiles;
    charge(kept + idleFiles);
  }

  /** Clean pages of its programs' files that reclaim has not taken yet. */
  public long idleFilePages() {
    return idleFilePages;
  }

  /** Reclaim takes up to so many of them; they are uncharged. */
  long takeIdleFilePages(long max) {
    long taken = Math.min(max, idleFilePages);
    idleFilePages -= taken;
    uncharge(taken);
    return taken;
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

  /**
   * Times that a charge met the limit, of a batch or of what was asked for: {@code memory.failcnt}
   * of version 1.
   */
  public long limitHits() {
    return limitHits;
  }

  /** Counts of its pages; those of the root are the whole machine's. */
  public NodeStats stats() {
    return stats;
  }

  /** Whether so many pages more are within the limit; counted if not: page_counter_try_charge. */
  boolean tryCharge(long pages) {
    if (usagePages + pages > limitPages) {
      limitHits++;
      return false;
    }
    charge(pages);
    return true;
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
