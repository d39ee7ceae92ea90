package mm.core.reclaim;

import java.util.ArrayDeque;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.time.Timer;

/**
 * Where reclaimers wait that make no progress. Models {@code reclaim_throttle} and {@code
 * acct_reclaim_writeback}: a wait ends when enough was written, or with its time-out.
 */
final class ReclaimThrottle {
  /** {@code SWAP_CLUSTER_MAX}: so many pages written for each waiter wake them all. */
  private static final long CLUSTER_PAGES = 32;

  private final Machine machine;
  private final ArrayDeque<Wait> waits = new ArrayDeque<>();
  private final ArrayDeque<Wait> free = new ArrayDeque<>();
  private long writtenPages;

  ReclaimThrottle(Machine machine) {
    this.machine = machine;
  }

  /** {@code VMSCAN_THROTTLE_WRITEBACK}: a tenth of a second, or until enough was written. */
  void waitForWriteback(Exec x) {
    sleep(x, Math.max(machine.build().hz() / 10, 1));
  }

  /** {@code VMSCAN_THROTTLE_NOPROGRESS} and {@code _CONGESTED}: one tick. */
  void waitTick(Exec x) {
    sleep(x, 1);
  }

  private void sleep(Exec x, long ticks) {
    Wait wait = free.pollLast();
    if (wait == null) {
      wait = new Wait();
    }
    if (waits.isEmpty()) {
      writtenPages = 0;
    }
    wait.task = x.task();
    waits.addLast(wait);
    x.mightSleep();
    machine.timers().arm(wait.timer, x.cpu(), ticks);
    x.block();
  }

  void written(Exec x, long pages) {
    if (waits.isEmpty()) {
      return;
    }
    writtenPages += pages;
    if (writtenPages > CLUSTER_PAGES * waits.size()) {
      // Ends when none is left; each turn takes one off.
      while (!waits.isEmpty()) {
        Wait wait = waits.pollFirst();
        machine.timers().disarm(wait.timer);
        wait.wake();
      }
    }
  }

  private final class Wait {
    final Timer timer;
    Task task;

    Wait() {
      Step expired =
          x -> {
            waits.remove(this);
            wake();
          };
      timer = new Timer(expired);
    }

    void wake() {
      Task sleeper = task;
      task = null;
      free.addLast(this);
      sleeper.wake();
    }
  }
}
