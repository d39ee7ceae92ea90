package mm.core.writeback;

import java.util.ArrayDeque;
import sim.kernel.Exec;
import sim.kernel.Machine;

/**
 * Decides when a task that dirties pages has to look whether it must pause; {@link BalanceCall} is
 * the look. Models {@code balance_dirty_pages_ratelimited}.
 */
final class DirtyThrottle {
  /** 32 KiB: how often a task looks while its wb exceeds its share. */
  private static final long EXCEEDED_RATELIMIT_PAGES = 8;

  private static final long CPU_RATELIMIT_MIN = 16;
  private static final long CPU_RATELIMIT_SHARES = 32;

  private final Writeback writeback;
  private final Machine machine;

  /** {@code bdp_ratelimits}: pages dirtied by all tasks of a CPU since one of them looked. */
  private final long[] cpuDirtied;

  /** {@code ratelimit_pages}; 0 until it is first asked for. */
  private long cpuRatelimit;

  private final ArrayDeque<BalanceCall> calls = new ArrayDeque<>();

  DirtyThrottle(Writeback writeback) {
    this.writeback = writeback;
    machine = writeback.cache().machine();
    cpuDirtied = new long[machine.cpuCount()];
  }

  void dirtied(Exec x, int cpu, long pages) {
    TaskDirty.of(x.task()).nrDirtied += pages;
    cpuDirtied[cpu] += pages;
  }

  boolean isDue(Exec x, BdiWriteback wb) {
    TaskDirty task = TaskDirty.of(x.task());
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

  void balance(Exec x, BdiWriteback wb, boolean nowait) {
    BalanceCall call = calls.pollLast();
    if (call == null) {
      call = new BalanceCall(this, writeback);
    }
    call.begin(wb, nowait);
    x.then(call.look);
  }

  void ended(BalanceCall call) {
    calls.addLast(call);
  }
}
