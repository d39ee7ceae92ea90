package sim.kernel.lock;

import java.util.ArrayDeque;
import sim.kernel.Task;

/** First come, first served. */
final class FifoWaiters extends LockWaiters {
  private final ArrayDeque<Task> waiters = new ArrayDeque<>(2);

  @Override
  void add(Task waiter, Task owner) {
    waiters.addLast(waiter);
  }

  @Override
  Task next(Task owner) {
    return waiters.pollFirst();
  }
}
