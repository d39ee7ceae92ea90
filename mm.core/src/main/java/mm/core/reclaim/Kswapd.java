package mm.core.reclaim;

import mm.core.PageCache;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.machine.Cost;

/**
 * The task that gets memory back before others run out of it. Models {@code kswapd} and {@code
 * balance_pgdat} for one node.
 */
final class Kswapd {
  /** {@code MAX_RECLAIM_RETRIES}: runs without progress after which it gives up until woken. */
  private static final int FAILURES_MAX = 16;

  private static final int CLUSTER_PAGES = 32;

  private final PageCache cache;
  private final Memory memory;
  private final Step loop = this::loop;
  private final Step ran = this::ran;
  private Task task;
  private boolean asleep = true;
  private Reclaim.Scan scan;
  private int priority;
  private long reclaimedInRun;

  /** Only file pages were looked at, in vain: the run is to be repeated without preferring them. */
  private boolean cacheTrimFailed;

  private boolean forbidsCacheTrim;
  private int failures;

  Kswapd(PageCache cache, Memory memory) {
    this.cache = cache;
    this.memory = memory;
  }

  void wake(Exec x) {
    if (!asleep || failures >= FAILURES_MAX) {
      return;
    }
    if (task == null) {
      task = cache.machine().newTask("kswapd0", true, cache.machine().allCpus());
      task.then(loop);
    }
    asleep = false;
    x.charge(Cost.WAKE);
    task.wake();
  }

  /** Direct reclaim has freed something: there is hope again. */
  void encourage() {
    failures = 0;
  }

  private boolean balanced() {
    return memory.freePages() >= memory.highWatermarkPages();
  }

  private void loop(Exec x) {
    if (balanced() || failures >= FAILURES_MAX) {
      asleep = true;
      forbidsCacheTrim = false;
      x.then(loop);
      x.block();
      return;
    }
    priority = Reclaim.PRIORITY_DEFAULT;
    reclaimedInRun = 0;
    cacheTrimFailed = false;
    round(x);
  }

  private void round(Exec x) {
    long target = Math.max(memory.highWatermarkPages(), CLUSTER_PAGES);
    scan = memory.reclaim().newScan(ReclaimOrigin.KSWAPD, memory.root(), target, priority);
    if (forbidsCacheTrim) {
      scan.forbidCacheTrim();
    }
    x.then(ran);
    scan.begin(x);
  }

  private void ran(Exec x) {
    reclaimedInRun += scan.reclaimedPages();
    cacheTrimFailed |= scan.isCacheTrim() && scan.reclaimedPages() == 0;
    boolean lower = scan.scannedPages() < Math.max(memory.highWatermarkPages(), CLUSTER_PAGES);
    lower |= scan.reclaimedPages() == 0;
    memory.reclaim().free(scan);
    scan = null;
    x.condResched();
    if (balanced()) {
      endRun();
      x.then(loop);
      return;
    }
    priority -= lower ? 1 : 0;
    if (priority >= 1) {
      round(x);
      return;
    }
    if (reclaimedInRun == 0 && cacheTrimFailed && !forbidsCacheTrim) {
      forbidsCacheTrim = true;
    } else {
      failures = reclaimedInRun == 0 ? failures + 1 : 0;
      endRun();
    }
    x.then(loop);
  }

  private void endRun() {
    forbidsCacheTrim = false;
    memory.reclaim().snapshotRefaults(memory.root());
  }
}
