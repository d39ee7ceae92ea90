package sim.kernel.lock;

import sim.kernel.Exec;
import sim.kernel.machine.Cost;

/**
 * A {@code spinlock_t}. Waiters keep their CPU busy and get the lock in the order they came; on
 * PREEMPT_RT they sleep and lend its owner their priority, {@code irqsave} leaves interrupts
 * enabled, and a hard interrupt or the holder of a {@link RawSpinLock} may not take it.
 *
 * <p>Two ways to use it. {@link #section} is for a critical section that is one step: it charges
 * the wait and the section in one go, without an event. {@link #lock} and {@link #unlock} are for
 * one that spans steps; the step after {@code lock} holds the lock. A lock is used in one way only.
 * Who waits for a section spins on every build, as PREEMPT_RT does while the owner runs.
 */
public final class SpinLock implements HeldLock {
  private final LockClass lockClass;

  /** Of a lock that is held over steps, by the build of whoever takes it first. */
  private QueuedSpin spinning;

  private SleepingSpin sleeping;
  private long freeAtNs;

  /** A free lock. */
  public SpinLock(LockClass lockClass) {
    this.lockClass = lockClass;
  }

  /**
   * Holds the lock for the whole of this step's critical section: waits until its previous sections
   * have ended, then stays {@code holdNs}.
   *
   * @param holdNs virtual nanoseconds in the section
   */
  public void section(Exec x, long holdNs) {
    noteUse(x, false);
    reserve(x, holdNs);
  }

  /** As {@link #section}, with interrupts disabled ({@code spin_lock_irqsave}). */
  public void sectionIrqSave(Exec x, long holdNs) {
    noteUse(x, true);
    x.irqsOffByLock();
    reserve(x, holdNs);
  }

  /**
   * A section that lies at the end of a cost that the caller has just charged: only the wait for
   * the lock is added.
   *
   * @param holdNs virtual nanoseconds of that cost for which others have to wait
   */
  public void contend(Exec x, long holdNs) {
    noteUse(x, false);
    reserveEnd(x, holdNs);
  }

  /**
   * As {@link #contend}, for a lock taken with interrupts disabled, but for so short a part of the
   * step that the step may be interrupted.
   */
  public void contendIrqSave(Exec x, long holdNs) {
    noteUse(x, true);
    reserveEnd(x, holdNs);
  }

  private void reserveEnd(Exec x, long holdNs) {
    if (!x.takesTime()) {
      return;
    }
    long endNs = x.nowNs() + x.chargedNs();
    long waitNs = Math.max(0, freeAtNs - (endNs - holdNs));
    freeAtNs = endNs + waitNs;
    x.charge(waitNs);
  }

  private void reserve(Exec x, long holdNs) {
    if (!x.takesTime()) {
      return;
    }
    long fromNs = x.nowNs() + x.chargedNs();
    long waitNs = Math.max(0, freeAtNs - fromNs);
    freeAtNs = fromNs + waitNs + holdNs;
    x.charge(waitNs + holdNs);
  }

  /** {@code spin_lock}: the next step holds the lock. */
  public void lock(Exec x) {
    take(x, false);
  }

  /** {@code spin_lock_irqsave}: as {@link #lock}, with interrupts disabled from now on. */
  public void lockIrqSave(Exec x) {
    take(x, true);
  }

  private void take(Exec x, boolean irqSave) {
    noteUse(x, irqSave);
    dependencies(x).hold(x, this, lockClass, false);
    x.charge(Cost.SPINLOCK);
    if (sleeps(x)) {
      sleeping.take(x);
    } else {
      spinning.take(x, irqSave);
    }
  }

  /** {@code spin_trylock}: takes the lock at once or not at all. */
  public boolean tryLock(Exec x) {
    x.charge(Cost.SPINLOCK);
    boolean sleeps = sleeps(x);
    if (owner() != null) {
      return false;
    }
    dependencies(x).tried(x, lockClass);
    dependencies(x).hold(x, this, lockClass, true);
    if (sleeps) {
      sleeping.takeFree(x);
    } else {
      spinning.takeFree(x);
    }
    return true;
  }

  /** {@code spin_unlock}, or {@code spin_unlock_irqrestore} if it was taken that way. */
  @Override
  public void unlock(Exec x) {
    requireOwner(x, owner(), lockClass);
    dependencies(x).release(x, lockClass);
    if (sleeps(x)) {
      sleeping.release(x);
    } else {
      spinning.release(x);
    }
  }

  static void requireOwner(Exec x, Exec owner, LockClass lockClass) {
    if (owner != x) {
      throw new IllegalStateException(x + ": unlocks " + lockClass + ", which is held by " + owner);
    }
  }

  /** Whether waiters of this machine sleep; the lock is of its kind from then on. */
  private boolean sleeps(Exec x) {
    if (spinning == null && sleeping == null) {
      if (x.machine().build().rt()) {
        sleeping = new SleepingSpin(lockClass);
      } else {
        spinning = new QueuedSpin(lockClass);
      }
    }
    return sleeping != null;
  }

  /**
   * Says that a section of {@code inner} lies inside a section of this lock, both in this step: the
   * order is checked, as that of locks which are held over steps.
   */
  public void encloses(Exec x, SpinLock inner) {
    dependencies(x).nested(x, lockClass, inner.lockClass);
  }

  private void noteUse(Exec x, boolean irqSave) {
    dependencies(x).acquiringSpin(x, lockClass, irqSave);
  }

  private LockDependencies dependencies(Exec x) {
    return x.machine().checker().locks();
  }

  /** Who holds it; null if it is free or used by sections. */
  public Exec owner() {
    return spinning != null ? spinning.owner() : sleeping != null ? sleeping.owner() : null;
  }
}
