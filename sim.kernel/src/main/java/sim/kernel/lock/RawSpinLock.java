package sim.kernel.lock;

import sim.kernel.Exec;
import sim.kernel.machine.Cost;

/**
 * A {@code raw_spinlock_t}: spins and disables preemption on every build, PREEMPT_RT included,
 * where nothing that sleeps may be taken under it, a {@link SpinLock} neither.
 */
public final class RawSpinLock implements HeldLock {
  private final LockClass lockClass;
  private final QueuedSpin queue;

  /** A free lock. */
  public RawSpinLock(LockClass lockClass) {
    this.lockClass = lockClass;
    queue = new QueuedSpin(lockClass);
  }

  /** {@code raw_spin_lock}: the next step holds the lock. */
  public void lock(Exec x) {
    take(x, false);
  }

  /** {@code raw_spin_lock_irqsave}: as {@link #lock}, with interrupts disabled from now on. */
  public void lockIrqSave(Exec x) {
    take(x, true);
  }

  private void take(Exec x, boolean irqSave) {
    LockDependencies dependencies = x.machine().checker().locks();
    dependencies.acquiringRaw(x, lockClass, irqSave);
    dependencies.hold(x, this, lockClass, false);
    x.charge(Cost.SPINLOCK);
    queue.take(x, irqSave);
  }

  /** {@code raw_spin_unlock}, or {@code raw_spin_unlock_irqrestore} if it was taken that way. */
  @Override
  public void unlock(Exec x) {
    SpinLock.requireOwner(x, queue.owner(), lockClass);
    x.machine().checker().locks().release(x, lockClass);
    queue.release(x);
  }

  /** Who holds it; null if it is free. */
  public Exec owner() {
    return queue.owner();
  }
}
