package mm.core.writeback;

import mm.core.Errno;
import mm.core.NodeStat;
import mm.core.PageCache;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.trace.Tracepoint;

/** One call of {@code balance_dirty_pages} by one task, without strictlimit. Reused. */
final class BalanceCall {
  private static final long MS_PER_S = 1_000;

  final Step look = this::look;
  private final Step paused = this::paused;
  private final DirtyThrottle throttle;
  private final Writeback writeback;
  private final DirtyDomains domains;
  private final PageCache cache;
  private final Machine machine;
  private final int hz;
  private final PauseBounds bounds;
  private final DirtyLimits global = new DirtyLimits();
  private final DirtyLimits group = new DirtyLimits();
  private BdiWriteback wb;
  private boolean nowait;

  // The pause being made.
  private long taskRatelimit;
  private long pauseEnd;
  private long wbDirtyAtPause;

  BalanceCall(DirtyThrottle throttle, Writeback writeback) {
    this.throttle = throttle;
    this.writeback = writeback;
    domains = writeback.domains();
    cache = writeback.cache();
    machine = cache.machine();
    hz = machine.build().hz();
    bounds = new PauseBounds(hz);
  }

  void begin(BdiWriteback of, boolean mayNotWait) {
    wb = of;
    nowait = mayNotWait;
  }

  private void end(Exec x, int result) {
    wb = null;
    throttle.ended(this);
    x.setResult(result);
  }

  private void look(Exec x) {
    TaskDirty task = TaskDirty.of(x.task());
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
    writeback.foreign().flush(x, wb.memcg());
    boolean grouped = !wb.memcg().isRoot();
    wb.dirtyExceeded = global.isExceeded() || grouped && group.isExceeded();
    updateBandwidth(now);
    throttle(x, task, now, limits);
  }

  private void startBackground(Exec x) {
    if (!wb.running) {
      wb.flusher.wake(x);
    }
  }

  /** The domain that asks for the longer pause; null if all leave the task alone. */
  private DirtyLimits computeDomains() {
    domains.computeGlobal(global);
    global.dirty = DirtyDomains.dirtyAndWriteback(cache.stats());
    boolean freerun = global.isFreerun();
    boolean grouped = !wb.memcg().isRoot();
    if (grouped) {
      domains.computeGroup(group, wb.memcg(), global.available);
      group.dirty = DirtyDomains.dirtyAndWriteback(wb.memcg().stats());
      freerun &= group.isFreerun();
    }
    if (freerun) {
      return null;
    }
    domains.computeWbDirty(global, wb, false);
    global.computePosition(wb.avgWriteBandwidthPages());
    if (!grouped) {
      return global;
    }
    domains.computeWbDirty(group, wb, true);
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

  /** {@code __wb_update_bandwidth}: the rate is steered by all memory, then by the group. */
  private void updateBandwidth(long now) {
    if (!wb.bandwidth.isDue(now)) {
      return;
    }
    long interval = WriteBandwidth.intervalTicks(hz);
    long dirtied = wb.statSum(WbStat.DIRTIED);
    domains.global().update(now, interval, global.thresh, global.dirty);
    wb.bandwidth.steer(now, dirtied, global);
    if (!wb.memcg().isRoot()) {
      domains.of(wb.memcg()).update(now, interval, group.thresh, group.dirty);
      wb.bandwidth.steer(now, dirtied, group);
    }
    wb.bandwidth.update(now, dirtied, wb.statSum(WbStat.WRITTEN));
  }

  private void throttle(Exec x, TaskDirty task, long now, DirtyLimits limits) {
    long ratelimit = wb.bandwidth.dirtyRatelimit();
    taskRatelimit = ratelimit * limits.posRatio >> DirtyLimits.RATIO_SHIFT;
    bounds.compute(limits.wbDirty, wb.avgWriteBandwidthPages(), ratelimit, taskRatelimit);
    if (taskRatelimit == 0) {
      pause(x, task, now, bounds.max, limits);
      return;
    }
    long period = hz * task.nrDirtied / taskRatelimit;
    long pause = task.pausedWhen == 0 ? period : period - (now - task.pausedWhen);
    if (pause < bounds.min) {
      traceBalance(x, task, Math.min(pause, 0), limits);
      skipPause(task, now, pause, period);
      end(x, 0);
      return;
    }
    long begin = now;
    if (pause > bounds.max) {
      // What the clamp takes off is owed a little: the next period begins late by it.
      begin += Math.min(pause - bounds.max, bounds.max);
      pause = bounds.max;
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
    traceBalance(x, task, ticks, limits);
    wb.device().slept(writeback.timers().jiffies());
    pauseEnd = begin + ticks;
    wbDirtyAtPause = limits.wbDirty;
    x.then(paused);
    machine.timers().scheduleTimeout(x, ticks);
  }

  /** What is owed is below zero, and nobody waits for it. */
  private void traceBalance(Exec x, TaskDirty task, long ticks, DirtyLimits limits) {
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
  }

  private void paused(Exec x) {
    TaskDirty task = TaskDirty.of(x.task());
    task.pausedWhen = pauseEnd;
    task.nrDirtied = 0;
    task.nrDirtiedPause = bounds.pages;
    // A wb with almost nothing dirty is let through even at the hard limit: others fill it.
    boolean over = taskRatelimit == 0 && wbDirtyAtPause > wb.statError(machine.cpuCount());
    if (over) {
      x.then(look);
      return;
    }
    end(x, 0);
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
