package mm.core.writeback;

import java.util.Arrays;
import mm.core.NodeStat;
import mm.core.NodeStats;
import mm.core.PageCache;
import mm.core.reclaim.Memcg;

/**
 * Where dirty pages stand against the thresholds of all memory and of each group. Models {@code
 * global_wb_domain}, {@code mem_cgroup_wb_domain} and what {@code mm/page-writeback.c} computes of
 * them.
 */
final class DirtyDomains {
  private final Writeback writeback;
  private final PageCache cache;
  private final int cpus;
  private final int hz;
  private final DirtyDomain global;
  private final DirtyLimits background = new DirtyLimits();

  /** By group; null for one that has written nothing. */
  private DirtyDomain[] groups = new DirtyDomain[1];

  DirtyDomains(Writeback writeback) {
    this.writeback = writeback;
    cache = writeback.cache();
    cpus = cache.machine().cpuCount();
    hz = cache.machine().build().hz();
    global = new DirtyDomain(hz);
    computeGlobal(background);
    global.setDirtyLimit(background.thresh);
  }

  DirtyDomain global() {
    return global;
  }

  DirtyDomain of(Memcg memcg) {
    if (memcg.isRoot()) {
      return global;
    }
    if (memcg.id() >= groups.length) {
      groups = Arrays.copyOf(groups, memcg.id() * 2);
    }
    if (groups[memcg.id()] == null) {
      groups[memcg.id()] = new DirtyDomain(hz);
    }
    return groups[memcg.id()];
  }

  static long dirtyAndWriteback(NodeStats stats) {
    return stats.get(NodeStat.FILE_DIRTY) + stats.get(NodeStat.WRITEBACK);
  }

  /** {@code domain_dirty_limits} of all memory. */
  void computeGlobal(DirtyLimits into) {
    long available = cache.memory().dirtyablePages();
    into.compute(global, writeback.settings(), available, available);
  }

  /** The same of a group, whose share of ratios and bytes is what it may have dirty. */
  void computeGroup(DirtyLimits into, Memcg memcg, long globalAvailable) {
    long available = groupAvailable(memcg, globalAvailable);
    into.compute(of(memcg), writeback.settings(), available, globalAvailable);
  }

  /**
   * {@code mem_cgroup_wb_stats} and {@code mdtc_calc_avail}: the group's file pages, and what it
   * may still get, up to its limit, of clean memory that others have.
   */
  private long groupAvailable(Memcg memcg, long globalAvailable) {
    NodeStats stats = memcg.stats();
    long filePages = stats.get(NodeStat.FILE_PAGES);
    long clean = filePages - Math.min(filePages, dirtyAndWriteback(stats));
    long globalDirty = dirtyAndWriteback(cache.stats());
    long globalClean = globalAvailable - Math.min(globalAvailable, globalDirty);
    long otherClean = globalClean - Math.min(globalClean, clean);
    return filePages + Math.min(memcg.headroomPages(), otherClean);
  }

  /** {@code __wb_calc_thresh}: the wb's part of a domain's thresholds, by what it completed. */
  private void computeWb(DirtyLimits limits, BdiWriteback wb, boolean group) {
    long jiffies = writeback.timers().jiffies();
    WriteoutFraction part = group ? wb.memcgCompletions : wb.completions;
    DirtyDomain domain = group ? of(wb.memcg()) : global;
    limits.computeWb(part.weight(jiffies), domain.completions.weight(jiffies));
  }

  /** {@code wb_dirty_limits}: counters are summed exactly where their error would matter. */
  void computeWbDirty(DirtyLimits limits, BdiWriteback wb, boolean group) {
    computeWb(limits, wb, group);
    if (limits.wbThresh < 2 * wb.statError(cpus)) {
      limits.wbDirty = wb.statSum(WbStat.RECLAIMABLE) + wb.statSum(WbStat.WRITEBACK);
    } else {
      limits.wbDirty = wb.stat(WbStat.RECLAIMABLE) + wb.stat(WbStat.WRITEBACK);
    }
  }

  /**
   * {@code wb_over_bg_thresh}: whether all dirty pages are above the background threshold, or those
   * of the wb above its share of it; or else those of its group, or the wb's among them.
   */
  boolean overBackground(BdiWriteback wb) {
    DirtyLimits limits = background;
    computeGlobal(limits);
    if (overBackground(limits, wb, cache.stats(), false)) {
      return true;
    }
    if (wb.memcg().isRoot()) {
      return false;
    }
    computeGroup(limits, wb.memcg(), limits.available);
    return overBackground(limits, wb, wb.memcg().stats(), true);
  }

  private boolean overBackground(
      DirtyLimits limits, BdiWriteback wb, NodeStats stats, boolean group) {
    limits.dirty = stats.get(NodeStat.FILE_DIRTY);
    if (limits.dirty > limits.bgThresh) {
      return true;
    }
    computeWb(limits, wb, group);
    boolean small = limits.wbBgThresh < 2 * wb.statError(cpus);
    long dirty = small ? wb.statSum(WbStat.RECLAIMABLE) : wb.stat(WbStat.RECLAIMABLE);
    return dirty > limits.wbBgThresh;
  }
}
