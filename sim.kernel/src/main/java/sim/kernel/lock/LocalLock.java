package sim.kernel.lock;

import sim.kernel.Exec;

/**
 * {@code local_lock_irqsave} on a per-CPU structure: on every build but RT it only disables
 * interrupts, so it costs no contention and can't be waited for.
 */
public final class LocalLock {
  private final LockClass lockClass;

  /** A lock of one structure, for each CPU its own. */
  public LocalLock(LockClass lockClass) {
    this.lockClass = lockClass;
  }

  /**
   * Covers this step: its whole charge elapses with interrupts disabled.
   *
   * @param holdNs virtual nanoseconds in the section
   */
  public void section(Exec x, long holdNs) {
    x.machine().checker().locks().acquiring(x, lockClass, true);
    x.irqsOff();
    x.charge(holdNs);
  }

  /** From this step on, until {@link #unlock}. */
  public void lock(Exec x) {
    LockDependencies dependencies = x.machine().checker().locks();
    dependencies.acquiring(x, lockClass, true);
    dependencies.hold(x, lockClass, false);
    x.irqDisable();
    x.preemptDisable();
  }

  /** {@code local_unlock_irqrestore}. */
  public void unlock(Exec x) {
    x.machine().checker().locks().release(x, lockClass);
    x.preemptEnable();
    x.irqEnable();
  }
}
