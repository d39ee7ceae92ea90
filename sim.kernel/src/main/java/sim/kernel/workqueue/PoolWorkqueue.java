package sim.kernel.workqueue;

import java.util.ArrayDeque;
import sim.kernel.Exec;

/**
 * One workqueue's share of one pool ({@code struct pool_workqueue}): at most {@code max_active} of
 * its items are in the pool's list or running, later ones wait here.
 */
final class PoolWorkqueue {
  /** Items that may wait beyond {@code max_active}; no honest code has so many. */
  private static final int INACTIVE_MAX = 1 << 20;

  private final WorkerPool pool;
  private final int activeMax;
  private final ArrayDeque<Work> inactive = new ArrayDeque<>(2);
  private int active;

  PoolWorkqueue(WorkerPool pool, int activeMax) {
    this.pool = pool;
    this.activeMax = activeMax;
  }

  void insert(Exec x, Work work) {
    work.share = this;
    if (active == activeMax) {
      if (inactive.size() == INACTIVE_MAX) {
        throw new IllegalStateException(
            work.workqueue.name()
                + ": "
                + INACTIVE_MAX
                + " items wait; somebody queues "
                + work.name()
                + " for ever");
      }
      inactive.addLast(work);
      return;
    }
    active++;
    pool.insert(x, work);
  }

  /** Takes back an item that has not begun. */
  void remove(Work work) {
    if (inactive.remove(work)) {
      return;
    }
    pool.remove(work);
    done();
  }

  /** An item has left the pool, run or taken back: the next one may enter. */
  void done() {
    active--;
    Work next = inactive.pollFirst();
    if (next != null) {
      active++;
      pool.insert(null, next);
    }
  }
}
