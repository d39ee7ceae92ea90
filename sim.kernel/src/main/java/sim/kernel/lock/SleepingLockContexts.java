package sim.kernel.lock;

import sim.kernel.Exec;
import sim.kernel.ExecContext;
import sim.kernel.check.ContextChecker;
import sim.kernel.check.Rule;

/**
 * PREEMPT_RT: spinlocks sleep, their irqsave leaves interrupts enabled, and softirqs are tasks like
 * any other ({@code lockdep_softirq_enter} does nothing there).
 */
final class SleepingLockContexts extends LockContexts {
  private final ContextChecker checker;

  SleepingLockContexts(ContextChecker checker) {
    this.checker = checker;
  }

  /** {@code rtlock_might_resched}. */
  @Override
  void requireMayTake(Exec x, LockClass lockClass) {
    if (!x.mayTakeSleepingLock()) {
      checker.report(Rule.SLEEP_IN_ATOMIC, x, lockClass.name() + ", which sleeps on PREEMPT_RT");
    }
  }

  @Override
  int useBits(Exec x, boolean irqSave) {
    return rawUseBits(x, false);
  }

  @Override
  int rawUseBits(Exec x, boolean irqSave) {
    if (x.context() == ExecContext.HARDIRQ) {
      return LockDependencies.HARDIRQ;
    }
    return irqSave || x.irqsDisabled() ? 0 : LockDependencies.IRQS_ON;
  }
}
