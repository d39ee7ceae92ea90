package sim.kernel.wait;

import java.util.ArrayDeque;
import sim.kernel.Exec;
import sim.kernel.Task;
import sim.kernel.machine.Cost;

/** Tasks that wait for a condition, first in, first out ({@code wait_queue_head_t}). */
public final class WaitQueue {
  private final ArrayDeque<Task> waiters = new ArrayDeque<>(4);

  /**
   * Puts the current task to sleep here until it is woken. The next step runs after that and has to
   * look at the condition again.
   */
  public void sleep(Exec x) {
    x.mightSleep();
    waiters.addLast(x.task());
    x.blockUninterruptible();
  }

  /**
   * {@code wake_up}: wakes the first waiter; the waker is charged.
   *
   * @param x the waker; null if it is an event outside any CPU
   * @return whether there was one
   */
  public boolean wakeOne(Exec x) {
    Task task = waiters.pollFirst();
    if (task == null) {
      return false;
    }
    if (x != null) {
      x.charge(Cost.WAKE);
    }
    task.wake();
    return true;
  }

  /** {@code wake_up_all}: wakes every task that waits now. */
  public void wakeAll(Exec x) {
    for (int count = waiters.size(); count > 0; count--) {
      wakeOne(x);
    }
  }

  /** Takes a task out that is not to be woken from here any more ({@code finish_wait}). */
  public boolean remove(Task task) {
    return waiters.remove(task);
  }

  /** Number of waiters. */
  public int size() {
    return waiters.size();
  }
}
