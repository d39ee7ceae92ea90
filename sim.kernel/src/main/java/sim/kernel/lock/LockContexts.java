package sim.kernel.lock;

import sim.kernel.Exec;
import sim.kernel.ExecContext;

/** In which contexts a lock is taken, and may be: every build but PREEMPT_RT. */
sealed class LockContexts permits SleepingLockContexts {
  /** Complains if a {@code spinlock_t} may not be taken here: it may, everywhere. */
  void requireMayTake(Exec x, LockClass lockClass) {}

  /** How a lock is used by being taken here: bits of {@link LockDependencies}. */
  int useBits(Exec x, boolean irqSave) {
    ExecContext context = x.context();
    if (context == ExecContext.HARDIRQ) {
      return LockDependencies.HARDIRQ;
    }
    int bits = context == ExecContext.SOFTIRQ ? LockDependencies.SOFTIRQ : 0;
    if (irqSave || x.irqsDisabled()) {
      return bits;
    }
    boolean bhOn = bits == 0 && !x.bhDisabled();
    return bits | LockDependencies.IRQS_ON | (bhOn ? LockDependencies.BH_ON : 0);
  }

  /** The same for a {@code raw_spinlock_t}. */
  int rawUseBits(Exec x, boolean irqSave) {
    return useBits(x, irqSave);
  }
}
