package mm.core.reclaim;

import java.util.ArrayDeque;
import mm.core.Errno;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.trace.Tracepoint;

/**
 * Tasks that could not be charged at once. Models the retry loops of {@code __alloc_pages_slowpath}
 * and {@code try_charge_memcg}, which end in a failure where the kernel would kill a task.
 */
final class AllocSlowpath {
  /** {@code MAX_RECLAIM_RETRIES}. */
  private static final int RETRIES_MAX = 16;

  /** {@code SWAP_CLUSTER_MAX}. */
  private static final int CLUSTER_PAGES = 32;

  private final Memory memory;
  private final ArrayDeque<Call> calls = new ArrayDeque<>();

  AllocSlowpath(Memory memory) {
    this.memory = memory;
  }

  void begin(Exec x, Memcg memcg, int pages, boolean noRetry) {
    Call call = calls.pollLast();
    if (call == null) {
      call = new Call();
    }
    call.memcg = memcg;
    call.pages = pages;
    call.failures = noRetry ? RETRIES_MAX : 0;
    call.noRetry = noRetry;
    call.attempt(x);
  }

  private final class Call {
    private final Step round = this::round;
    private final Step ran = this::ran;
    private Memcg memcg;
    private int pages;
    private int failures;

    /** {@code __GFP_NORETRY}: the caller can do without. */
    private boolean noRetry;

    /** Active lists are scanned too: an attempt came to nothing that left some alone. */
    private boolean forcesDeactivate;

    private boolean skippedDeactivate;
    private int priority;
    private long reclaimed;
    private Reclaim.Scan scan;

    /** {@code try_to_free_pages}, for the machine or for the group, whichever is short. */
    private void attempt(Exec x) {
      Tracepoint begin =
          isMachineShort()
              ? Tracepoint.MM_VMSCAN_DIRECT_RECLAIM_BEGIN
              : Tracepoint.MM_VMSCAN_MEMCG_RECLAIM_BEGIN;
      int order = Integer.numberOfTrailingZeros(pages);
      x.machine().trace().emit(x.nowNs(), x.cpu().id(), begin, order);
      forcesDeactivate = false;
      retry(x);
    }

    private boolean isMachineShort() {
      return memory.freePages() - pages < memory.minWatermarkPages();
    }

    private void retry(Exec x) {
      skippedDeactivate = false;
      priority = Reclaim.PRIORITY_DEFAULT;
      reclaimed = 0;
      round(x);
    }

    private void round(Exec x) {
      boolean machineShort = isMachineShort();
      ReclaimOrigin origin = machineShort ? ReclaimOrigin.DIRECT : ReclaimOrigin.MEMCG;
      Memcg target = machineShort ? memory.root() : memcg;
      scan = memory.reclaim().newScan(origin, target, Math.max(pages, CLUSTER_PAGES), priority);
      if (noRetry) {
        scan.withoutWaiting();
      }
      if (forcesDeactivate) {
        scan.forceDeactivate();
      }
      x.then(ran);
      x.task().beginMemalloc();
      scan.begin(x);
    }

    private void ran(Exec x) {
      x.task().endMemalloc();
      reclaimed += scan.reclaimedPages();
      skippedDeactivate |= scan.skippedDeactivate();
      boolean direct = scan.origin() == ReclaimOrigin.DIRECT;
      Memcg target = direct ? memory.root() : memcg;
      memory.reclaim().free(scan);
      scan = null;
      x.condResched();
      if (reclaimed > 0 && direct) {
        memory.kswapd().encourage();
      }
      priority--;
      // A group is to give all that is charged; the machine's pages come in one piece or not.
      int wanted = direct ? CLUSTER_PAGES : Math.max(pages, CLUSTER_PAGES);
      if (reclaimed < wanted && priority >= 0) {
        if (priority == 0 && reclaimed == 0 && !noRetry) {
          // Nothing can be freed now: let writeback go on, so that this never spins.
          x.then(round);
          memory.throttle().waitTick(x);
        } else {
          round(x);
        }
        return;
      }
      memory.reclaim().snapshotRefaults(target);
      if (memory.wouldFit(x, memcg, pages)) {
        end(x, 0);
        return;
      }
      if (reclaimed == 0 && skippedDeactivate && !forcesDeactivate) {
        forcesDeactivate = true;
        retry(x);
        return;
      }
      failures = reclaimed > 0 && !noRetry ? 0 : failures + 1;
      if (failures > RETRIES_MAX) {
        memcg.failures += noRetry ? 0 : 1;
        end(x, -Errno.ENOMEM);
        return;
      }
      attempt(x);
    }

    private void end(Exec x, int result) {
      memcg = null;
      calls.addLast(this);
      x.setResult(result);
    }
  }
}
