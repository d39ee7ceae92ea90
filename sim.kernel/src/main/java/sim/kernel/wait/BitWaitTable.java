package sim.kernel.wait;

import java.util.ArrayDeque;
import sim.kernel.Exec;
import sim.kernel.Task;
import sim.kernel.machine.Cost;

/**
 * Tasks that wait for a bit of some object ({@code folio_wait_table}): 256 hashed queues, so that
 * objects need no queue of their own.
 */
public final class BitWaitTable {
  private static final int QUEUES = 256;

  private record Waiter(long key, Task task) {}

  @SuppressWarnings({"unchecked", "rawtypes"})
  private final ArrayDeque<Waiter>[] queues = new ArrayDeque[QUEUES];

  private static int hash(long key) {
    return (int) (key * 0x9E3779B97F4A7C15L >>> 56);
  }

  /**
   * Puts the current task to sleep until {@link #wake} names {@code key}.
   *
   * @param key object and bit, as the caller encodes them
   */
  public void sleep(Exec x, long key) {
    x.mightSleep();
    int hash = hash(key);
    if (queues[hash] == null) {
      queues[hash] = new ArrayDeque<>(4);
    }
    queues[hash].addLast(new Waiter(key, x.task()));
    x.blockUninterruptible();
  }

  /**
   * Wakes the tasks that wait for {@code key}, first come first.
   *
   * @param x the waker, charged for each; null if it is an event outside any CPU
   * @param max how many at most
   * @return how many were woken
   */
  public int wake(Exec x, long key, int max) {
    ArrayDeque<Waiter> queue = queues[hash(key)];
    if (queue == null || queue.isEmpty()) {
      return 0;
    }
    int woken = 0;
    for (var waiters = queue.iterator(); waiters.hasNext() && woken < max; ) {
      Waiter waiter = waiters.next();
      if (waiter.key == key) {
        waiters.remove();
        woken++;
        if (x != null) {
          x.charge(Cost.WAKE);
        }
        waiter.task.wake();
      }
    }
    return woken;
  }

  /** Whether a task waits for {@code key}. */
  public boolean hasWaiters(long key) {
    ArrayDeque<Waiter> queue = queues[hash(key)];
    if (queue == null) {
      return false;
    }
    for (Waiter waiter : queue) {
      if (waiter.key == key) {
        return true;
      }
    }
    return false;
  }
}
