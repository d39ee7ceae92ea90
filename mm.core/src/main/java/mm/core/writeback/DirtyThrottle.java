package mm.core.writeback;

import java.util.ArrayDeque;
import mm.core.Errno;
import mm.core.NodeStat;
import mm.core.NodeStats;
import mm.core.PageCache;
import mm.core.reclaim.Memcg;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.trace.Tracepoint;

/**
 * Makes tasks that dirty pages pause. Models {@code balance_dirty_pages_ratelimited} and {@code
 * balance_dirty_pages} of mm/page-writeback.c, without strictlimit.
 */
final class DirtyThrottle {
  /** {@code DIRTY_POLL_THRESH}: a pause that covers fewer pages isn't worth it. */
  private static final long MS_PER_S = 1_000;

  private static final long POLL_THRESH_PAGES = 32;

  /** 32 KiB: how often a task looks while its wb exceeds its share. */
  private static final long EXCEEDED_RATELIMIT_PAGES = 8;

  private static final long CPU_RATELIMIT_MIN = 16;
  private static final long CPU_RATELIMIT_SHARES = 32;

  private final Writeback writeback;
  private final PageCache cache;
  private final Machine machine;
  private final int hz;

  /** {@code MAX_PAUSE}: 200 ms, in ticks. */
  private final long pauseMax;

  /** {@code bdp_ratelimits}: pages dirtied by all tasks of a CPU since one of them looked. */
  private final long[] cpuDirtied;

  /** {@code ratelimit_pages}; 0 until it is first asked for. */
  private long cpuRatelimit;

  private final DirtyLimits backgroundLimits = new DirtyLimits();
  private final ArrayDeque<Call> calls = new ArrayDeque<>();

  DirtyThrottle(Writeback writeback) {
    this.writeback = writeback;
    cache = writeback.cache();
    machine = cache.machine();
    hz = machine.build().hz();
    pauseMax = Math.max(hz / 5, 1);
    cpuDirtied = new long[machine.cpuCount()];
  }

  // --- the cheap test -------------------------------------------------------------------------

  void dirtied(Exec x, int cpu, long pages) {
    of(x.task()).nrDirtied += pages;
    cpuDirtied[cpu] += pages;
  }

  private static TaskDirty of(Task task) {
    TaskDirty dirty = task.local(TaskDirty.FIELD);
    if (dirty == null) {
      dirty = new TaskDirty();
      task.setLocal(TaskDirty.FIELD, dirty);
    }
    return dirty;
  }

  boolean isDue(Exec x, BdiWriteback wb) {
    TaskDirty task = of(x.task());
    long ratelimit = task.nrDirtiedPause;
    if (wb.dirtyExceeded) {
      ratelimit = Math.min(ratelimit, EXCEEDED_RATELIMIT_PAGES);
    }
    int cpu = x.cpu().id();
    if (task.nrDirtied >= ratelimit) {
      cpuDirtied[cpu] = 0;
      return true;
    }
    // Many tasks that dirty a little each are as bad as one that dirties much.
    if (cpuDirtied[cpu] >= cpuRatelimit()) {
      cpuDirtied[cpu] = 0;
      return true;
    }
    return false;
  }

  private long cpuRatelimit() {
    if (cpuRatelimit == 0) {
      long share = writeback.thresholdPages() / (machine.cpuCount() * CPU_RATELIMIT_SHARES);
      cpuRatelimit = Math.max(share, CPU_RATELIMIT_MIN);
    }
    return cpuRatelimit;
  }

  // --- limits ---------------------------------------------------------------------------------

  private static long dirtyPages(NodeStats stats) {
    return stats.get(NodeStat.FILE_DIRTY) + stats.get(NodeStat.WRITEBACK);
  }

  /** What a group may have dirty: its file pages, and what it may still get of clean memory. */
  private long groupAvailable(Memcg memcg, long globalAvailable) {
    NodeStats stats = memcg.stats();
    long filePages = stats.get(NodeStat.FILE_PAGES);
    long clean = filePages - Math.min(filePages, dirtyPages(stats));
    long globalClean = globalAvailable - Math.min(globalAvailable, dirtyPages(cache.stats()));
    long otherClean = globalClean - Math.min(globalClean, clean);
    return filePages + Math.min(memcg.headroomPages(), otherClean);
  }

  private void computeGroup(DirtyLimits into, Memcg memcg, long globalAvailable) {
    long available = groupAvailable(memcg, globalAvailable);
    into.compute(writeback.domain(memcg), writeback.settings(), available, globalAvailable);
  }

  private void computeWb(DirtyLimits limits, BdiWriteback wb, boolean group) {
    long jiffies = writeback.timers().jiffies();
    WriteoutFraction part = group ? wb.memcgCompletions : wb.completions;
    DirtyDomain domain = group ? writeback.domain(wb.memcg()) : writeback.globalDomain();
    limits.computeWb(part.weight(jiffies), domain.completions.weight(jiffies));
  }

  /** {@code wb_over_bg_thresh}: the whole, the wb, or the group and the wb in it. */
  boolean overBackground(BdiWriteback wb) {
    DirtyLimits limits = backgroundLimits;
    writeback.computeGlobal(limits);
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
    boolean small = limits.wbBgThresh < 2 * wb.statError(machine.cpuCount());
    long dirty = small ? wb.statSum(WbStat.RECLAIMABLE) : wb.stat(WbStat.RECLAIMABLE);
    return dirty > limits.wbBgThresh;
  }

  // --- balance_dirty_pages --------------------------------------------------------------------

  void balance(Exec x, BdiWriteback wb, boolean nowait) {
    Call call = calls.pollLast();
    if (call == null) {
      call = new Call();
    }
    call.begin(wb, nowait);
    x.then(call.look);
  }

  /** One call of {@code balance_dirty_pages} by one task. */
  private final class Call {
    final Step look = this::look;
    private final Step paused = this::paused;
    private final DirtyLimits global = new DirtyLimits();
    private final DirtyLimits group = new DirtyLimits();
    private BdiWriteback wb;
    private boolean nowait;

    // The pause being made.
    private long taskRatelimit;
    private long pausePages;
    private long pauseEnd;
    private long wbDirtyAtPause;

    void begin(BdiWriteback of, boolean mayNotWait) {
      wb = of;
      nowait = mayNotWait;
    }

    private void end(Exec x, int result) {
      wb = null;
      calls.addLast(this);
      x.setResult(result);
    }

    private void look(Exec x) {
      TaskDirty task = of(x.task());
      long now = writeback.timers().jiffies();
      DirtyLimits limits = computeDomains();
      traceGlobal(x);
      if (cache.stats().get(NodeStat.FILE_DIRTY) > global.bgThresh) {
        startBackground(x);
      }
      if (limits == null) {
        task.pausedWhen = now;
        task.nrDirtied = 0;
        task.nrDirtiedPause = nextPoll();
        end(x, 0);
        return;
      }
      startBackground(x);
      wb.dirtyExceeded = limits.wbDirty > limits.wbThresh && limits.dirty > limits.thresh;
      limits.computePosition(wb.avgWriteBandwidthPages());
      updateBandwidth(now, limits);
      throttle(x, task, now, limits);
    }

    private void startBackground(Exec x) {
      if (!wb.running) {
        wb.flusher.wake(x);
      }
    }

    /** The domain that asks for the longer pause; null if all leave the task alone. */
    private DirtyLimits computeDomains() {
      writeback.computeGlobal(global);
      global.dirty = dirtyPages(cache.stats());
      boolean freerun = global.isFreerun();
      boolean grouped = !wb.memcg().isRoot();
      if (grouped) {
        computeGroup(group, wb.memcg(), global.available);
        group.dirty = dirtyPages(wb.memcg().stats());
        freerun &= group.isFreerun();
      }
      if (freerun) {
        return null;
      }
      computeWbDirty(global, false);
      if (!grouped) {
        return global;
      }
      computeWbDirty(group, true);
      global.computePosition(wb.avgWriteBandwidthPages());
      group.computePosition(wb.avgWriteBandwidthPages());
      return group.posRatio < global.posRatio ? group : global;
    }

    private long nextPoll() {
      long pages = DirtyLimits.pollInterval(global.dirty, global.thresh);
      if (!wb.memcg().isRoot()) {
        pages = Math.min(pages, DirtyLimits.pollInterval(group.dirty, group.thresh));
      }
      return pages;
    }

    /** {@code wb_dirty_limits}: counters are summed exactly where their error would matter. */
    private void computeWbDirty(DirtyLimits limits, boolean ofGroup) {
      computeWb(limits, wb, ofGroup);
      if (limits.wbThresh < 2 * wb.statError(machine.cpuCount())) {
        limits.wbDirty = wb.statSum(WbStat.RECLAIMABLE) + wb.statSum(WbStat.WRITEBACK);
      } else {
        limits.wbDirty = wb.stat(WbStat.RECLAIMABLE) + wb.stat(WbStat.WRITEBACK);
      }
    }

    private void updateBandwidth(long now, DirtyLimits limits) {
      if (wb.bandwidth.isDue(now)) {
        long interval = WriteBandwidth.intervalTicks(hz);
        writeback.globalDomain().update(now, interval, global.thresh, global.dirty);
        if (limits == group) {
          writeback.domain(wb.memcg()).update(now, interval, group.thresh, group.dirty);
        }
        wb.bandwidth.update(now, wb.statSum(WbStat.DIRTIED), wb.statSum(WbStat.WRITTEN), limits);
      }
    }

    private void throttle(Exec x, TaskDirty task, long now, DirtyLimits limits) {
      long ratelimit = wb.bandwidth.dirtyRatelimit();
      taskRatelimit = ratelimit * limits.posRatio >> DirtyLimits.RATIO_SHIFT;
      long maxPause = maxPause(limits.wbDirty);
      long minPause = minPause(maxPause, ratelimit);
      if (taskRatelimit == 0) {
        pause(x, task, now, maxPause, limits);
        return;
      }
      long period = hz * task.nrDirtied / taskRatelimit;
      long pause = task.pausedWhen == 0 ? period : period - (now - task.pausedWhen);
      if (pause < minPause) {
        skipPause(task, now, pause, period);
        end(x, 0);
        return;
      }
      long begin = now;
      if (pause > maxPause) {
        // What the clamp takes off is owed a little: the next period begins late by it.
        begin += Math.min(pause - maxPause, maxPause);
        pause = maxPause;
      }
      pause(x, task, begin, pause, limits);
    }

    /** Too short to sleep: the time is owed, and taken off or added to the next pause. */
    private void skipPause(TaskDirty task, long now, long pause, long period) {
      if (pause < -hz) {
        task.pausedWhen = now;
        task.nrDirtied = 0;
      } else if (period > 0) {
        task.pausedWhen += period;
        task.nrDirtied = 0;
      } else if (task.nrDirtiedPause <= task.nrDirtied) {
        task.nrDirtiedPause += task.nrDirtied;
      }
    }

    private void pause(Exec x, TaskDirty task, long begin, long ticks, DirtyLimits limits) {
      if (nowait) {
        end(x, -Errno.EAGAIN);
        return;
      }
      machine
          .trace()
          .emit(
              x.nowNs(),
              x.cpu().id(),
              Tracepoint.BALANCE_DIRTY_PAGES,
              limits.limit(),
              limits.dirty,
              task.nrDirtied,
              ticks * MS_PER_S / hz,
              taskRatelimit);
      pauseEnd = begin + ticks;
      wbDirtyAtPause = limits.wbDirty;
      x.then(paused);
      machine.timers().scheduleTimeout(x, ticks);
    }

    private void paused(Exec x) {
      TaskDirty task = of(x.task());
      task.pausedWhen = pauseEnd;
      task.nrDirtied = 0;
      task.nrDirtiedPause = pausePages;
      // A wb with almost nothing dirty is let through even at the hard limit: others fill it.
      boolean over = taskRatelimit == 0 && wbDirtyAtPause > wb.statError(machine.cpuCount());
      if (over) {
        x.then(look);
        return;
      }
      end(x, 0);
    }

    /** {@code wb_max_pause}: the less is dirty, the shorter, so that the device isn't starved. */
    private long maxPause(long wbDirty) {
      long eighth = roundUpPowerOfTwo(1 + hz / 8);
      long ticks = wbDirty / (1 + wb.avgWriteBandwidthPages() / eighth) + 1;
      return Math.min(ticks, pauseMax);
    }

    /** {@code wb_min_pause}: from 10 ms, more with the number of dirtiers; sets the next poll. */
    private long minPause(long maxPause, long ratelimit) {
      long second = roundUpPowerOfTwo(hz);
      long ticks = Math.max(1, hz / 100);
      int dirtiersLog2 = log2(wb.avgWriteBandwidthPages()) - log2(ratelimit);
      if (dirtiersLog2 > 0) {
        ticks += dirtiersLog2 * (10L * hz) / 1024;
      }
      ticks = Math.min(ticks, 1 + maxPause / 2);
      long pages = ratelimit * ticks / second;
      if (pages < POLL_THRESH_PAGES) {
        ticks = maxPause;
        pages = ratelimit * ticks / second;
        if (pages > POLL_THRESH_PAGES) {
          pages = POLL_THRESH_PAGES;
          ticks = hz * POLL_THRESH_PAGES / ratelimit;
        }
      }
      long pause = hz * pages / (taskRatelimit + 1);
      if (pause > maxPause) {
        ticks = maxPause;
        pages = taskRatelimit * ticks / second;
      }
      pausePages = pages;
      return pages >= POLL_THRESH_PAGES ? 1 + ticks / 2 : ticks;
    }

    private void traceGlobal(Exec x) {
      machine
          .trace()
          .emit(
              x.nowNs(),
              x.cpu().id(),
              Tracepoint.GLOBAL_DIRTY_STATE,
              cache.stats().get(NodeStat.FILE_DIRTY),
              cache.stats().get(NodeStat.WRITEBACK),
              global.bgThresh,
              global.thresh);
    }
  }

  static long roundUpPowerOfTwo(long value) {
    return value <= 1 ? 1 : Long.highestOneBit(value - 1) << 1;
  }

  private static int log2(long value) {
    return 63 - Long.numberOfLeadingZeros(Math.max(value, 1));
  }
}
