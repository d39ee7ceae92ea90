package sim.kernel.lock;

import sim.kernel.Exec;
import sim.kernel.Task;
import sim.kernel.machine.Cost;

/**
 * Who has a {@code spinlock_t} of PREEMPT_RT ({@code rt_spin_lock}): waiters sleep, and lend the
 * owner their priority. Its holder is in an RCU section and stays on its CPU.
 */
final class SleepingSpin {
  private final LockClass lockClass;
  private PiWaiters waiters;
  private Exec owner;

  SleepingSpin(LockClass lockClass) {
    this.lockClass = lockClass;
  }

  Exec owner() {
    return owner;
  }

  void take(Exec x) {
    if (owner == null) {
      takeFree(x);
      return;
    }
    if (owner == x || !(owner instanceof Task lockOwner) || !(x instanceof Task task)) {
      throw new IllegalStateException(
          x + ": " + lockClass + " is held by " + owner + ": it would wait for ever");
    }
    x.beginSpinLocked();
    task.blockForLock();
    if (waiters == null) {
      waiters = new PiWaiters();
    }
    waiters.add(task, lockOwner);
  }

  /** For a lock that is free. */
  void takeFree(Exec x) {
    owner = x;
    x.beginSpinLocked();
  }

  void release(Exec x) {
    x.endSpinLocked();
    Task next = waiters != null && x instanceof Task task ? waiters.next(task) : null;
    owner = next;
    if (next != null) {
      x.charge(Cost.WAKE);
      next.lockGranted();
    }
  }
}
