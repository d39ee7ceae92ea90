package sim.kernel.lock;

import java.util.ArrayDeque;
import sim.kernel.Exec;
import sim.kernel.ExecContext;
import sim.kernel.check.Rule;

/**
 * Who has a lock whose waiters spin: they keep their CPU busy and get it in the order they came.
 */
final class QueuedSpin {
  private final LockClass lockClass;
  private final ArrayDeque<Exec> spinners = new ArrayDeque<>(2);
  private Exec owner;
  private boolean ownerDisabledIrqs;

  QueuedSpin(LockClass lockClass) {
    this.lockClass = lockClass;
  }

  Exec owner() {
    return owner;
  }

  void take(Exec x, boolean irqsOff) {
    x.preemptDisable();
    if (irqsOff) {
      x.irqDisable();
    }
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

  /** For a lock that is free. */
  void takeFree(Exec x) {
    x.preemptDisable();
    owner = x;
    ownerDisabledIrqs = false;
  }

  void release(Exec x) {
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
}
