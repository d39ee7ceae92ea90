package sim.kernel.lock;

import sim.kernel.Exec;
import sim.kernel.Task;
import sim.kernel.machine.Cost;

/**
 * A sleeping lock ({@code struct mutex}), handed to its waiters in the order they came; on
 * PREEMPT_RT by priority, and its owner inherits that of the first.
 */
public final class Mutex implements HeldLock {
  private final LockClass lockClass;

  /** Null until somebody has to wait. */
  private LockWaiters waiters;

  private Task owner;

  /** A free mutex. */
  public Mutex(LockClass lockClass) {
    this.lockClass = lockClass;
  }

  /** {@code mutex_lock}: may sleep; the next step holds the mutex. */
  public void lock(Exec x) {
    x.mightSleep();
    LockDependencies dependencies = x.machine().checker().locks();
    dependencies.acquiringMutex(x, lockClass);
    dependencies.hold(x, this, lockClass, false);
    x.charge(Cost.SPINLOCK);
    Task task = x.task();
    if (owner == null) {
      owner = task;
      return;
    }
    if (owner == task) {
      throw new IllegalStateException(x + ": locks " + lockClass + ", which it holds");
    }
    if (waiters == null) {
      waiters = LockWaiters.of(task);
    }
    waiters.add(task, owner);
    x.blockUninterruptible();
  }

  /** {@code mutex_trylock}. */
  public boolean tryLock(Exec x) {
    x.charge(Cost.SPINLOCK);
    if (owner != null) {
      return false;
    }
    LockDependencies dependencies = x.machine().checker().locks();
    dependencies.tried(x, lockClass);
    dependencies.hold(x, this, lockClass, true);
    owner = x.task();
    return true;
  }

  /** {@code mutex_unlock}. */
  @Override
  public void unlock(Exec x) {
    if (owner != x.task()) {
      throw new IllegalStateException(x + ": unlocks " + lockClass + ", which is held by " + owner);
    }
    x.machine().checker().locks().release(x, lockClass);
    owner = waiters == null ? null : waiters.next(owner);
    if (owner != null) {
      x.charge(Cost.WAKE);
      owner.wake();
    }
  }

  /** Who holds it; null if it is free. */
  public Task owner() {
    return owner;
  }
}
