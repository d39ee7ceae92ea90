package mm.core.reclaim;

import java.util.ArrayDeque;
import java.util.Arrays;
import mm.core.FolioList;
import mm.core.LruList;
import mm.core.Lruvec;
import mm.core.NodeStat;
import mm.core.PageCache;
import mm.core.spi.mapping.WritebackReason;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/**
 * Gets folios back from the old ends of the LRU lists. Models {@code shrink_node}, {@code
 * shrink_lruvec}, {@code shrink_active_list} and {@code shrink_inactive_list} of mm/vmscan.c, with
 * the two lists of each type of the classic LRU.
 */
final class Reclaim {
  /** {@code DEF_PRIORITY}: a list's 4096th part is looked at. */
  static final int PRIORITY_DEFAULT = 12;

  /** {@code SWAP_CLUSTER_MAX}: pages taken off a list at a time. */
  private static final int CLUSTER_PAGES = 32;

  private static final LruList[] LISTS = LruList.evictable();

  private final PageCache cache;
  private final Memory memory;
  private final Machine machine;
  private final ArrayDeque<Scan> scans = new ArrayDeque<>();
  private boolean allWriteback;

  Reclaim(PageCache cache, Memory memory) {
    this.cache = cache;
    this.memory = memory;
    machine = cache.machine();
  }

  /**
   * Takes a scan to run once.
   *
   * @param target whose folios; the root's means everybody's
   * @param pages how many are enough
   */
  Scan newScan(ReclaimOrigin origin, Memcg target, long pages, int priority) {
    Scan scan = scans.pollLast();
    if (scan == null) {
      scan = new Scan();
    }
    scan.set(origin, target, pages, priority);
    return scan;
  }

  void free(Scan scan) {
    scans.addLast(scan);
  }

  /** One look over the lists at one priority: {@code shrink_node} with its {@code scan_control}. */
  final class Scan {
    private final Step nextGroup = this::nextGroup;
    private final Step nextCluster = this::nextCluster;
    private final Step clusterDone = this::clusterDone;
    private final ShrinkFolioList shrink = new ShrinkFolioList(cache);
    private final FolioList isolated = new FolioList(cache.folios());

    private ReclaimOrigin origin;
    private Memcg target;
    private long enoughPages;
    private int priority;
    private boolean waits;
    private long reclaimed;
    private long scanned;

    // Sums over the clusters of this scan.
    private long takenPages;
    private long dirtyPages;
    private long congestedPages;
    private long writebackPages;
    private long unqueuedDirtyPages;
    private long immediatePages;

    private final ScanBalance balance = new ScanBalance(cache, memory);

    /** Pages of each list still to look at, and at first, by the list's number. */
    private final long[] toScan = new long[LISTS.length];

    private final long[] targets = new long[LISTS.length];

    private int groupId;
    private Lruvec lruvec;

    /** The list whose turn it is, and the one that a cluster was taken from. */
    private int turn;

    private LruList shrinking;

    /** Pages of the cluster that belonged to files of programs. */
    private long idleTaken;

    private long reclaimedOfGroup;

    /** One type is done in proportion; the rest of the other was cut accordingly. */
    private boolean adjusted;

    private boolean skippedDeactivate;
    private boolean forcesDeactivate;
    private boolean forbidsCacheTrim;

    private void set(ReclaimOrigin by, Memcg whose, long pages, int level) {
      origin = by;
      target = whose;
      enoughPages = pages;
      priority = level;
      waits = true;
      reclaimed = 0;
      scanned = 0;
      takenPages = 0;
      dirtyPages = 0;
      congestedPages = 0;
      writebackPages = 0;
      unqueuedDirtyPages = 0;
      immediatePages = 0;
      skippedDeactivate = false;
      forcesDeactivate = false;
      forbidsCacheTrim = false;
    }

    /** Has active lists scanned whatever their size: nothing was to be had otherwise. */
    void forceDeactivate() {
      forcesDeactivate = true;
    }

    /** Has anonymous pages scanned although there are plenty of others. */
    void forbidCacheTrim() {
      forbidsCacheTrim = true;
    }

    /** Whether an active list was left alone, so that {@link #forceDeactivate} may help. */
    boolean skippedDeactivate() {
      return skippedDeactivate;
    }

    /** Whether only file pages were looked at, so that {@link #forbidCacheTrim} may help. */
    boolean isCacheTrim() {
      return balance.isCacheTrim();
    }

    /** Has this scan come back at once where others wait for progress. */
    void withoutWaiting() {
      waits = false;
    }

    ReclaimOrigin origin() {
      return origin;
    }

    long reclaimedPages() {
      return reclaimed;
    }

    long scannedPages() {
      return scanned;
    }

    /** Runs it. A step function in task context. */
    void begin(Exec x) {
      groupId = target.id();
      balance.prepare(target, origin, priority);
      if (forcesDeactivate) {
        balance.forceDeactivate();
      }
      if (forbidsCacheTrim) {
        balance.forbidCacheTrim();
      }
      nextGroup(x);
    }

    private void nextGroup(Exec x) {
      int end = target.isRoot() ? memory.memcgs().size() : target.id() + 1;
      if (groupId >= end || reclaimed >= enoughPages && origin != ReclaimOrigin.KSWAPD) {
        finish(x);
        return;
      }
      lruvec = cache.lru().lruvec(groupId++, 0);
      balance.count(lruvec, toScan);
      System.arraycopy(toScan, 0, targets, 0, toScan.length);
      turn = 0;
      reclaimedOfGroup = 0;
      adjusted = false;
      x.then(nextGroup);
      nextCluster(x);
    }

    /** {@code shrink_lruvec}: a cluster of each list in turn, as long as there is one to take. */
    private void nextCluster(Exec x) {
      while (turn < LISTS.length) {
        LruList lru = LISTS[turn++];
        long pages = Math.min(toScan[lru.ordinal()], CLUSTER_PAGES);
        toScan[lru.ordinal()] -= pages;
        if (pages == 0) {
          continue;
        }
        if (lru == LruList.INACTIVE_ANON || lru == LruList.INACTIVE_FILE) {
          shrinkInactive(x, lru, pages);
          return;
        }
        if (balance.deactivates(lru)) {
          shrinkActive(x, lru, pages);
        } else {
          skippedDeactivate = true;
        }
      }
      turn = 0;
      if (reclaimedOfGroup >= enoughPages && !isProportional() && !adjusted) {
        stopSmallerType();
      }
      if (left(LruList.INACTIVE_ANON) > 0
          || left(LruList.ACTIVE_FILE) > 0
          || left(LruList.INACTIVE_FILE) > 0) {
        x.then(nextCluster);
      } else if (balance.agesAnon(lruvec)) {
        shrinkActive(x, LruList.ACTIVE_ANON, CLUSTER_PAGES);
      }
    }

    private long left(LruList lru) {
      return toScan[lru.ordinal()];
    }

    /** A direct reclaimer's first look goes over all that it was to go over. */
    private boolean isProportional() {
      return origin == ReclaimOrigin.DIRECT && priority == PRIORITY_DEFAULT;
    }

    /**
     * Enough was freed: ends the type that has less left, and leaves of the other what makes both
     * scanned in the same proportion of what they were to be.
     */
    private void stopSmallerType() {
      long file = left(LruList.INACTIVE_FILE) + left(LruList.ACTIVE_FILE);
      long anon = left(LruList.INACTIVE_ANON) + left(LruList.ACTIVE_ANON);
      if (file == 0 || anon == 0) {
        Arrays.fill(toScan, 0);
        return;
      }
      int ended = (file > anon ? LruList.INACTIVE_ANON : LruList.INACTIVE_FILE).ordinal();
      int other = (file > anon ? LruList.INACTIVE_FILE : LruList.INACTIVE_ANON).ordinal();
      long percent = Math.min(file, anon) * 100 / (targets[ended] + targets[ended + 1] + 1);
      toScan[ended] = 0;
      toScan[ended + 1] = 0;
      for (int i = other; i <= other + 1; i++) {
        long done = targets[i] - toScan[i];
        toScan[i] = Math.max(0, targets[i] * (100 - percent) / 100 - done);
      }
      adjusted = true;
    }

    /** Moves folios from the old end of the active list to the inactive one. */
    private void shrinkActive(Exec x, LruList active, long pages) {
      cache.lru().isolate(lruvec, active, pages, isolated);
      while (!isolated.isEmpty()) {
        int folio = isolated.removeTail();
        x.charge(Cost.FOLIO_LOOKUP);
        cache.mapped().testClearReferenced(folio);
        shrink.putBackInactive(folio);
      }
    }

    private void shrinkInactive(Exec x, LruList inactive, long pages) {
      scanned += pages;
      idleTaken = inactive == LruList.INACTIVE_FILE ? takeIdleFiles(x, pages) : 0;
      long taken = cache.lru().isolate(lruvec, inactive, pages - idleTaken, isolated);
      if (taken == 0) {
        if (idleTaken > 0) {
          traceInactive(x, idleTaken, idleTaken);
        }
        x.then(nextCluster);
        return;
      }
      shrinking = inactive;
      cache.stats().add(isolatedStat(), taken);
      takenPages += taken;
      x.then(clusterDone);
      shrink.begin(x, isolated, target, origin, taken);
    }

    /** The oldest of the group's pages are those of its programs' files that nobody uses. */
    private long takeIdleFiles(Exec x, long pages) {
      long taken = memory.memcg(lruvec.memcg()).takeIdleFilePages(pages);
      x.charge(Cost.FOLIO_RECLAIM, taken);
      takenPages += taken;
      reclaimed += taken;
      reclaimedOfGroup += taken;
      return taken;
    }

    private void traceInactive(Exec x, long scannedPages, long freedPages) {
      machine
          .trace()
          .emit(
              x.nowNs(),
              x.cpu().id(),
              Tracepoint.MM_VMSCAN_LRU_SHRINK_INACTIVE,
              0,
              scannedPages,
              freedPages,
              shrink.dirtyPages(),
              shrink.writebackPages(),
              priority);
    }

    private NodeStat isolatedStat() {
      return shrinking == LruList.INACTIVE_ANON ? NodeStat.ISOLATED_ANON : NodeStat.ISOLATED_FILE;
    }

    private void clusterDone(Exec x) {
      long taken = shrink.takenPages();
      long freed = shrink.reclaimedPages();
      traceInactive(x, taken + idleTaken, freed + idleTaken);
      cache.stats().add(isolatedStat(), -taken);
      noteCost(memory.memcg(lruvec.memcg()), shrinking, shrink.pageoutPages(), taken - freed);
      reclaimed += freed;
      reclaimedOfGroup += freed;
      dirtyPages += shrink.dirtyPages();
      congestedPages += shrink.congestedPages();
      writebackPages += shrink.writebackPages();
      unqueuedDirtyPages += shrink.unqueuedDirtyPages();
      immediatePages += shrink.immediatePages();
      if (shrink.unqueuedDirtyPages() == taken + idleTaken) {
        // All that is at the end of the list is dirty, and nobody writes it.
        cache.writeback().wakeFlushers(x, WritebackReason.VMSCAN);
        if (!memory.isThrottlingSane(origin)) {
          // No threshold stops those who dirty pages: time for the flusher to begin.
          x.then(nextCluster);
          memory.throttle().waitForWriteback(x);
          return;
        }
      }
      x.then(nextCluster);
    }

    /** The part of {@code shrink_node} after the lists: who has to wait, and for what. */
    private void finish(Exec x) {
      if (reclaimed > 0) {
        machine
            .trace()
            .emit(x.nowNs(), x.cpu().id(), Tracepoint.RECLAIM, reclaimed, origin.ordinal());
      }
      boolean kswapd = origin == ReclaimOrigin.KSWAPD;
      if (kswapd) {
        allWriteback = writebackPages > 0 && writebackPages == takenPages;
      }
      boolean congested =
          memory.isThrottlingSane(origin) && dirtyPages > 0 && dirtyPages == congestedPages;
      if (kswapd && immediatePages > 0) {
        memory.throttle().waitForWriteback(x);
      } else if (waits && !kswapd && (congested || priority == 1 && reclaimed == 0)) {
        memory.throttle().waitTick(x);
      }
    }
  }

  /**
   * Reclaim of a type has cost something: pages written or read back, which count 32 times, and
   * pages looked at in vain. Both types forget by halves. Models {@code lru_note_cost}.
   */
  void noteCost(Memcg memcg, LruList lru, long ioPages, long rotatedPages) {
    long cost = ioPages * CLUSTER_PAGES + rotatedPages;
    addCost(memcg, lru, cost);
    if (!memcg.isRoot()) {
      addCost(memory.root(), lru, cost);
    }
  }

  private void addCost(Memcg memcg, LruList lru, long cost) {
    if (lru == LruList.INACTIVE_FILE || lru == LruList.ACTIVE_FILE) {
      memcg.fileCost += cost;
    } else {
      memcg.anonCost += cost;
    }
    long pages = 0;
    for (LruList list : LISTS) {
      pages += memory.lruPages(memcg, list);
    }
    if (memcg.fileCost + memcg.anonCost > pages / 4) {
      memcg.fileCost /= 2;
      memcg.anonCost /= 2;
    }
  }

  /** Reclaim for a group has ended: refaults from here on are new. Models snapshot_refaults. */
  void snapshotRefaults(Memcg target) {
    for (Memcg memcg : memory.memcgs()) {
      if (memcg == target || target.isRoot()) {
        memcg.anonActivatesSeen = memcg.stats().get(NodeStat.REFAULT_ACTIVATE_ANON);
        memcg.fileActivatesSeen = memcg.stats().get(NodeStat.REFAULT_ACTIVATE_FILE);
      }
    }
  }

  /** PGDAT_WRITEBACK: all that kswapd met in its last scan was under writeback. */
  boolean allWriteback() {
    return allWriteback;
  }
}
