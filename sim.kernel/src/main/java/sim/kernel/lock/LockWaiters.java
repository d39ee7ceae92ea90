package sim.kernel.lock;

import sim.kernel.Task;

/** The tasks that sleep for one lock, and in which order they get it. */
abstract sealed class LockWaiters permits FifoWaiters, PiWaiters {
  /** The waiters of a sleeping lock on a kernel of this build. */
  static LockWaiters of(Task anyTask) {
    return anyTask.machine().build().rt() ? new PiWaiters() : new FifoWaiters();
  }

  /** A task begins to wait for what {@code owner} has. */
  abstract void add(Task waiter, Task owner);

  /** Takes out whoever gets the lock from {@code owner}; null if nobody waits. */
  abstract Task next(Task owner);
}
