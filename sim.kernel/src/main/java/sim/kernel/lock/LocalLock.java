package sim.kernel.lock;

import sim.kernel.Exec;

/**
 * {@code local_lock_irqsave} on a per-CPU structure: it only disables interrupts, so it costs no
 * contention and can't be waited for. On PREEMPT_RT it is a sleeping lock for each CPU, which keeps
 * its holder there and leaves interrupts alone: legal in interrupt threads and softirqs, and not in
 * a true hard interrupt.
 */
public final class LocalLock implements HeldLock {
  private final LockClass lockClass;

  /** By CPU, on PREEMPT_RT; null until it is held over steps. */
  private SpinLock[] perCpu;

  /** A lock of one structure, for each CPU its own. */
  public LocalLock(LockClass lockClass) {
    this.lockClass = lockClass;
  }

  /**
   * Covers this step: its whole charge elapses with interrupts disabled, or on PREEMPT_RT on this
   * CPU.
   *
   * @param holdNs virtual nanoseconds in the section
   */
  public void section(Exec x, long holdNs) {
    x.machine().checker().locks().acquiringSpin(x, lockClass, true);
    x.irqsOffByLock();
    x.charge(holdNs);
  }

  /** From the next step on, until {@link #unlock}. */
  public void lock(Exec x) {
    if (x.machine().build().rt()) {
      x.migrateDisable();
      ofCpu(x).lock(x);
      return;
    }
    LockDependencies dependencies = x.machine().checker().locks();
    dependencies.acquiringSpin(x, lockClass, true);
    dependencies.hold(x, this, lockClass, false);
    x.irqDisable();
    x.preemptDisable();
  }

  /** {@code local_unlock_irqrestore}. */
  @Override
  public void unlock(Exec x) {
    if (x.machine().build().rt()) {
      ofCpu(x).unlock(x);
      x.migrateEnable();
      return;
    }
    x.machine().checker().locks().release(x, lockClass);
    x.preemptEnable();
    x.irqEnable();
  }

  private SpinLock ofCpu(Exec x) {
    if (perCpu == null) {
      perCpu = new SpinLock[x.machine().cpuCount()];
    }
    int cpu = x.cpu().id();
    if (perCpu[cpu] == null) {
      perCpu[cpu] = new SpinLock(lockClass);
    }
    return perCpu[cpu];
  }
}
