package mm.core.reclaim;

import java.util.ArrayDeque;
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
 * Gets file folios back from the ends of the LRU lists. Models {@code shrink_node}, {@code
 * shrink_lruvec}, {@code shrink_active_list} and {@code shrink_inactive_list} of mm/vmscan.c for
 * file folios, with the two lists of the classic LRU.
 */
final class Reclaim {
  /** {@code DEF_PRIORITY}: a list's 4096th part is looked at. */
  static final int PRIORITY_DEFAULT = 12;

  /** {@code SWAP_CLUSTER_MAX}: pages taken off a list at a time. */
  private static final int CLUSTER_PAGES = 32;

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

    private int groupId;
    private Lruvec lruvec;
    private LruList inactive;
    private LruList active;
    private NodeStat isolatedStat;

    /** The anonymous lists of this group are to be looked at after its file lists. */
    private boolean anonNext;

    private long inactiveToScan;
    private long activeToScan;

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
      anonNext = false;
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
      nextGroup(x);
    }

    private void nextGroup(Exec x) {
      if (anonNext) {
        anonNext = false;
        isolatedStat = NodeStat.ISOLATED_ANON;
        x.then(nextGroup);
        beginLists(x, LruList.INACTIVE_ANON, LruList.ACTIVE_ANON);
        return;
      }
      int end = target.isRoot() ? memory.memcgs().size() : target.id() + 1;
      if (groupId >= end || reclaimed >= enoughPages && origin != ReclaimOrigin.KSWAPD) {
        finish(x);
        return;
      }
      lruvec = cache.lru().lruvec(groupId++, 0);
      // Both types alike, by size: swappiness 100. Without a free slot nothing anonymous can go.
      anonNext = cache.swap() != null && cache.swap().freeSlots() > 0;
      isolatedStat = NodeStat.ISOLATED_FILE;
      x.then(nextGroup);
      beginLists(x, LruList.INACTIVE_FILE, LruList.ACTIVE_FILE);
    }

    private void beginLists(Exec x, LruList inactiveList, LruList activeList) {
      inactive = inactiveList;
      active = activeList;
      inactiveToScan = lruvec.pageCount(inactive) >> priority;
      activeToScan = lruvec.pageCount(active) >> priority;
      nextCluster(x);
    }

    private void nextCluster(Exec x) {
      boolean enough = reclaimed >= enoughPages;
      if (inactiveToScan <= 0 && activeToScan <= 0 || enough) {
        return;
      }
      if (activeToScan > 0) {
        long pages = Math.min(activeToScan, CLUSTER_PAGES);
        activeToScan -= pages;
        if (inactiveIsLow()) {
          shrinkActive(x, pages);
        }
      }
      if (inactiveToScan > 0) {
        long pages = Math.min(inactiveToScan, CLUSTER_PAGES);
        inactiveToScan -= pages;
        shrinkInactive(x, pages);
        return;
      }
      x.then(nextCluster);
    }

    /** {@code inactive_is_low}: the larger the lists, the smaller the inactive part may be. */
    private boolean inactiveIsLow() {
      long inactivePages = lruvec.pageCount(inactive);
      long activePages = lruvec.pageCount(active);
      long gib = inactivePages + activePages >> 18;
      long ratio = gib == 0 ? 1 : (long) Math.sqrt(10.0 * gib);
      return inactivePages * ratio < activePages;
    }

    /** Moves folios from the old end of the active list to the inactive one. */
    private void shrinkActive(Exec x, long pages) {
      cache.lru().isolate(lruvec, active, pages, isolated);
      while (!isolated.isEmpty()) {
        int folio = isolated.removeTail();
        x.charge(Cost.FOLIO_LOOKUP);
        cache.mapped().testClearReferenced(folio);
        shrink.putBackInactive(folio);
      }
    }

    private void shrinkInactive(Exec x, long pages) {
      long taken = cache.lru().isolate(lruvec, inactive, pages, isolated);
      scanned += pages;
      if (taken == 0) {
        x.then(nextCluster);
        return;
      }
      cache.stats().add(isolatedStat, taken);
      takenPages += taken;
      x.then(clusterDone);
      shrink.begin(x, isolated, origin == ReclaimOrigin.KSWAPD, taken);
    }

    private void clusterDone(Exec x) {
      cache.stats().add(isolatedStat, -shrink.takenPages());
      reclaimed += shrink.reclaimedPages();
      dirtyPages += shrink.dirtyPages();
      congestedPages += shrink.congestedPages();
      writebackPages += shrink.writebackPages();
      unqueuedDirtyPages += shrink.unqueuedDirtyPages();
      immediatePages += shrink.immediatePages();
      if (shrink.unqueuedDirtyPages() == shrink.takenPages()) {
        // All that is at the end of the list is dirty, and nobody writes it.
        cache.writeback().wakeFlushers(x, WritebackReason.VMSCAN);
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
      boolean congested = dirtyPages > 0 && dirtyPages == congestedPages;
      if (kswapd && immediatePages > 0) {
        memory.throttle().waitForWriteback(x);
      } else if (waits && !kswapd && (congested || priority == 1 && reclaimed == 0)) {
        memory.throttle().waitTick(x);
      }
    }
  }

  /** PGDAT_WRITEBACK: all that kswapd met in its last scan was under writeback. */
  boolean allWriteback() {
    return allWriteback;
  }
}
