package mm.core.reclaim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import mm.core.LruList;
import mm.core.Lruvec;
import mm.core.NodeStat;
import mm.core.NodeStats;
import mm.core.PageCache;
import sim.kernel.Exec;
import sim.kernel.Task;
import sim.kernel.TaskLocal;

/**
 * The memory of a run: how much is free, who is charged, and who gets it back when it runs short.
 * One node, one zone. Made by the page cache.
 */
public final class Memory {
  private static final TaskLocal<Memcg> MEMCG = new TaskLocal<>();

  /** {@code min_free_kbytes} grows with the square root of memory, between these, in pages. */
  private static final long MIN_FREE_PAGES_MIN = 32;

  private static final long MIN_FREE_PAGES_MAX = 65_536;

  /** {@code watermark_scale_factor}: a thousandth of memory. */
  private static final long WATERMARK_SCALE = 1_000;

  /** {@code PAGE_ALLOC_COSTLY_ORDER}, as pages. */
  private static final int COSTLY_PAGES = 8;

  private static final int SWAPPINESS_DEFAULT = 60;

  /** {@code MEM_CGROUP_ID_MAX}. */
  private static final int MEMCG_ID_MAX = 0xffff;

  private final PageCache cache;
  private final long managedPages;
  private final long minPages;
  private final long lowPages;
  private final long highPages;
  private final List<Memcg> memcgs = new ArrayList<>();
  private final Memcg root;
  private final ReclaimThrottle throttle;
  private final Reclaim reclaim;
  private final Workingset workingset;
  private final Kswapd kswapd;
  private final PageFrames frames;
  private final AllocSlowpath slowpath;
  private long directReclaims;
  private int swappiness = SWAPPINESS_DEFAULT;
  private CgroupVersion cgroupVersion = CgroupVersion.V2;

  /** Called by the page cache. */
  public Memory(PageCache cache, MemorySettings settings) {
    this.cache = cache;
    managedPages = settings.totalPages() - settings.reservedPages();
    long sqrt = (long) Math.sqrt(managedPages * 4.0 * 16) / 4;
    minPages =
        Math.min(
            Math.min(Math.max(sqrt, MIN_FREE_PAGES_MIN), MIN_FREE_PAGES_MAX), managedPages / 8);
    long step = Math.max(minPages / 4, managedPages / WATERMARK_SCALE);
    lowPages = minPages + step;
    highPages = minPages + 2 * step;
    root = new Memcg(0, "root", cache.stats(), cache.machine().cpuCount());
    memcgs.add(root);
    throttle = new ReclaimThrottle(cache.machine());
    reclaim = new Reclaim(cache, this);
    workingset = new Workingset(cache, this);
    kswapd = new Kswapd(cache, this);
    slowpath = new AllocSlowpath(this);
    frames = new PageFrames(cache.machine(), cache.folios());
  }

  /** {@code vm.swappiness}: 0 to 200; 60 at first. */
  public int swappiness() {
    return swappiness;
  }

  /**
   * Sets {@code vm.swappiness}: what reading a page back from swap costs beside reading one of a
   * file, 100 for as much. 0 keeps anonymous pages while there are file pages enough.
   */
  public void setSwappiness(int value) {
    if (value < 0 || value > ScanBalance.SWAPPINESS_MAX) {
      throw new IllegalArgumentException(
          "memory: swappiness is " + value + "; it must be from 0 to 200");
    }
    swappiness = value;
  }

  // Groups.

  /** The hierarchy that the groups are in; {@link CgroupVersion#V2} at first. */
  public CgroupVersion cgroupVersion() {
    return cgroupVersion;
  }

  /**
   * Sets the hierarchy.
   *
   * @throws IllegalStateException if a group has been made
   */
  public void setCgroupVersion(CgroupVersion version) {
    if (memcgs.size() > 1) {
      throw new IllegalStateException(
          "memory: the cgroup version is set after " + memcgs.get(1) + "; set it before any group");
    }
    cgroupVersion = Objects.requireNonNull(version, "version");
  }

  /**
   * Whose flusher and dirty thresholds hold for a group's pages: its own in the default hierarchy,
   * the root's in the legacy one ({@code inode_cgwb_enabled}).
   */
  public Memcg writebackGroup(Memcg memcg) {
    return cgroupVersion == CgroupVersion.V2 ? memcg : root;
  }

  /**
   * Whether dirty thresholds hold back the writers that reclaim works for, so that it need not:
   * {@code writeback_throttling_sane}.
   */
  boolean isThrottlingSane(ReclaimOrigin origin) {
    return origin != ReclaimOrigin.MEMCG || cgroupVersion == CgroupVersion.V2;
  }

  /** The group of all tasks that are in no other. */
  public Memcg root() {
    return root;
  }

  /** Makes a group without a limit. */
  public Memcg newMemcg(String name) {
    Objects.requireNonNull(name, "name");
    if (memcgs.size() > MEMCG_ID_MAX) {
      throw new IllegalStateException(
          "memory: group " + name + " is one too many; there can be " + MEMCG_ID_MAX);
    }
    int cpus = cache.machine().cpuCount();
    Memcg memcg = new Memcg(memcgs.size(), name, new NodeStats(), cpus);
    memcgs.add(memcg);
    return memcg;
  }

  /** All groups, by id; the root is the first. */
  public List<Memcg> memcgs() {
    return Collections.unmodifiableList(memcgs);
  }

  /** The group with an id that a folio carries. */
  public Memcg memcg(int id) {
    return memcgs.get(id);
  }

  /** The group of a task; the root for one that was put in none, and for no task. */
  public Memcg memcgOf(Task task) {
    Memcg memcg = task == null ? null : task.local(MEMCG);
    return memcg == null ? root : memcg;
  }

  /** Puts a task in a group; what it was charged for before stays where it is. */
  public void setMemcg(Task task, Memcg memcg) {
    task.setLocal(MEMCG, Objects.requireNonNull(memcg, "memcg"));
  }

  // Levels.

  /** Pages that nobody uses. */
  public long freePages() {
    return managedPages - cache.folios().pageCount();
  }

  /** Pages that the page cache may use in all. */
  public long managedPages() {
    return managedPages;
  }

  /** Below it tasks that allocate reclaim themselves. */
  public long minWatermarkPages() {
    return minPages;
  }

  /** Below it kswapd is woken. */
  public long lowWatermarkPages() {
    return lowPages;
  }

  /** Above it kswapd goes back to sleep. */
  public long highWatermarkPages() {
    return highPages;
  }

  /** Pages that may become dirty: free ones, less a reserve, and those of files. */
  public long dirtyablePages() {
    long free = Math.max(freePages() - highPages, 0);
    NodeStats stats = cache.stats();
    long swapBacked = stats.get(NodeStat.SHMEM) + stats.get(NodeStat.SWAPCACHE);
    return free + stats.get(NodeStat.FILE_PAGES) - swapBacked;
  }

  /** Times that a task had to reclaim before it got memory. */
  public long directReclaims() {
    return directReclaims;
  }

  // Allocation.

  /**
   * Charges a task's group for pages that are allocated in the same step, if they can be had
   * without reclaim; wakes kswapd if they are getting few.
   */
  public boolean tryCharge(Exec x, Memcg memcg, int pages) {
    long left = freePages() - pages;
    if (left < lowPages) {
      kswapd.wake(x);
      if (left < minPages) {
        return false;
      }
    }
    if (memcg.isRoot()) {
      memcg.charge(pages);
      return true;
    }
    boolean again = memcg.retrying == x.task() && memcg.retrying != null;
    if (again) {
      memcg.retrying = null;
    }
    return memcg.stock.tryCharge(x.cpu().id(), pages, again);
  }

  /**
   * Reclaims until {@link #tryCharge} can succeed. A step function in task context; its result is 0
   * or -ENOMEM.
   */
  public void reclaimFor(Exec x, Memcg memcg, int pages) {
    directReclaims++;
    slowpath.begin(x, memcg, pages, false);
  }

  /**
   * As {@link #reclaimFor}, for a caller that can do without: gives up after one pass over all
   * priorities. Models {@code __GFP_NORETRY}, which readahead allocates with; unlike the kernel's,
   * such a caller never waits for progress, as that would free what it has just begun to read.
   */
  public void reclaimOnceFor(Exec x, Memcg memcg, int pages) {
    directReclaims++;
    slowpath.begin(x, memcg, pages, true);
  }

  /**
   * Whether reclaim can bring as many pages in one piece: not where the machine itself is short of
   * them and there are more than eight ({@code PAGE_ALLOC_COSTLY_ORDER} with {@code
   * __GFP_NORETRY}); a group's limit asks for no single piece. Memory is never fragmented here.
   */
  public boolean mayEnlarge(int pages) {
    return pages <= COSTLY_PAGES || freePages() - pages >= minPages;
  }

  /** Whether what was got back is enough for a task, which then asks for no batch. */
  boolean wouldFit(Exec x, Memcg memcg, int pages) {
    if (!fits(memcg, pages) && !memcg.isRoot()) {
      memcg.stock.drainAll();
    }
    boolean fits = fits(memcg, pages);
    if (fits) {
      memcg.retrying = x.task();
    }
    return fits;
  }

  private boolean fits(Memcg memcg, int pages) {
    return freePages() - pages >= minPages && memcg.usagePages() + pages <= memcg.limitPages();
  }

  /**
   * The kernel has made objects that belong to folios, as the heads of their buffers: the group of
   * these is charged ({@code __GFP_ACCOUNT}). In any context, in the current step.
   */
  public void chargeObjects(Exec x, int memcgId, long bytes) {
    if (memcgId != 0) {
      memcgs.get(memcgId).stock.chargeObjects(x.cpu().id(), bytes);
    }
  }

  /** Such objects were freed. */
  public void unchargeObjects(int memcgId, long bytes) {
    if (memcgId != 0) {
      memcgs.get(memcgId).stock.unchargeObjects(bytes);
    }
  }

  /** A folio of the group was freed. Called by the page cache. */
  public void uncharge(int memcgId, int pages) {
    memcgs.get(memcgId).uncharge(pages);
  }

  /** A folio's writeback ended: reclaimers that wait for that may go on. Called in any context. */
  public void writebackEnded(Exec x, int pages) {
    throttle.written(x, pages);
  }

  /** What was evicted, and what came back. */
  public Workingset workingset() {
    return workingset;
  }

  /** Pages on a list of a group; of the root, on those of all groups. */
  long lruPages(Memcg memcg, LruList lru) {
    if (!memcg.isRoot()) {
      return lruPages(cache.lru().lruvec(memcg.id(), 0), lru);
    }
    long pages = 0;
    for (int id = 0; id < memcgs.size(); id++) {
      pages += lruPages(cache.lru().lruvec(id, 0), lru);
    }
    return pages;
  }

  /** Pages on a list, with those of files of programs, which are no folios. */
  long lruPages(Lruvec lruvec, LruList lru) {
    long folioPages = lruvec.pageCount(lru);
    return lru == LruList.INACTIVE_FILE
        ? folioPages + memcgs.get(lruvec.memcg()).idleFilePages()
        : folioPages;
  }

  /** Whether anonymous pages can go anywhere: {@code can_reclaim_anon_pages}. */
  boolean canSwap() {
    return cache.swap() != null && cache.swap().freeSlots() > 0;
  }

  /** What is known of the page frames behind the folios. */
  public PageFrames frames() {
    return frames;
  }

  Reclaim reclaim() {
    return reclaim;
  }

  ReclaimThrottle throttle() {
    return throttle;
  }

  Kswapd kswapd() {
    return kswapd;
  }
}
