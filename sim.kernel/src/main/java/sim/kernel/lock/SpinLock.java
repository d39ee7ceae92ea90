package sim.kernel.lock;

import java.util.ArrayDeque;
import sim.kernel.Exec;
import sim.kernel.ExecContext;
import sim.kernel.check.Rule;
import sim.kernel.machine.Cost;

/**
 * A queued spinlock. Waiters keep their CPU busy and get the lock in the order they came.
 *
 * <p>Two ways to use it. {@link #section} is for a critical section that is one step: it charges
 * the wait and the section in one go, without an event. {@link #lock} and {@link #unlock} are for
 * one that spans steps; the step after {@code lock} holds the lock. A lock is used in one way only.
 */
public final class SpinLock {
  private final LockClass lockClass;
  private final ArrayDeque<Exec> spinners = new ArrayDeque<>(2);
  private Exec owner;
  private boolean ownerDisabledIrqs;
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
    x.irqsOff();
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
    noteUse(x, false);
    dependencies(x).hold(x, lockClass, false);
    x.preemptDisable();
    take(x, false);
  }

  /** {@code spin_lock_irqsave}: as {@link #lock}, with interrupts disabled from now on. */
  public void lockIrqSave(Exec x) {
    noteUse(x, true);
    dependencies(x).hold(x, lockClass, false);
    x.preemptDisable();
    x.irqDisable();
    take(x, true);
  }

  private void take(Exec x, boolean irqsOff) {
    x.charge(Cost.SPINLOCK);
    if (owner == null) {
      owner = x;
      ownerDisabledIrqs = irqsOff;
      return;
    }
    if (owner == x || owner.cpu() == x.cpu()) {
      if (owner != x) {
        x.machine().checker().report(Rule.RECURSIVE_LOCK, x, lockClass.name());
      }
      throw new IllegalStateException(
          x
              + ": "
              + lockClass
              + " is held by "
              + owner
              + " on the same CPU: it would spin for ever");
    }
    spinners.addLast(x);
    x.spin();
  }

  /** {@code spin_trylock}: takes the lock at once or not at all. */
  public boolean tryLock(Exec x) {
    x.charge(Cost.SPINLOCK);
    if (owner != null) {
      return false;
    }
    dependencies(x).tried(x, lockClass);
    dependencies(x).hold(x, lockClass, true);
    x.preemptDisable();
    owner = x;
    ownerDisabledIrqs = false;
    return true;
  }

  /** {@code spin_unlock}, or {@code spin_unlock_irqrestore} if it was taken that way. */
  public void unlock(Exec x) {
    if (owner != x) {
      throw new IllegalStateException(x + ": unlocks " + lockClass + ", which is held by " + owner);
    }
    dependencies(x).release(x, lockClass);
    if (ownerDisabledIrqs) {
      x.irqEnable();
    }
    x.preemptEnable();
    owner = spinners.pollFirst();
    if (owner != null) {
      ownerDisabledIrqs = owner.irqsDisabled() && owner.context() == ExecContext.TASK;
      owner.stopSpinning();
    }
  }

  /**
   * Says that a section of {@code inner} lies inside a section of this lock, both in this step: the
   * order is checked, as that of locks which are held over steps.
   */
  public void encloses(Exec x, SpinLock inner) {
    dependencies(x).nested(x, lockClass, inner.lockClass);
  }

  private void noteUse(Exec x, boolean irqSave) {
    dependencies(x).acquiring(x, lockClass, irqSave);
  }

  private LockDependencies dependencies(Exec x) {
    return x.machine().checker().locks();
  }

  /** Who holds it; null if it is free or used by sections. */
  public Exec owner() {
    return owner;
  }
}
