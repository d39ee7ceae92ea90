package sim.kernel.lock;

import sim.kernel.Exec;
import sim.kernel.check.Rule;

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

  /** Whose step the last {@link #section} covers, and when that step acts. */
  private Exec sectionOf;

  private long sectionNs;

  /** By CPU, who holds it over steps where it doesn't sleep; null until somebody does. */
  private Exec[] holders;

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
    sectionOf = x;
    sectionNs = x.nowNs();
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
    if (holders == null) {
      holders = new Exec[x.machine().cpuCount()];
    }
    holders[x.cpu().id()] = x;
  }

  /** {@code local_unlock_irqrestore}. */
  @Override
  public void unlock(Exec x) {
    if (x.machine().build().rt()) {
      ofCpu(x).unlock(x);
      x.migrateEnable();
      return;
    }
    holders[x.cpu().id()] = null;
    x.machine().checker().locks().release(x, lockClass);
    x.preemptEnable();
    x.irqEnable();
  }

  /**
   * {@code lockdep_assert_held(per_cpu_ptr(&lock, cpu))}, whenever the data of a CPU is touched:
   * this code is on that CPU and holds the lock there, or it is a complaint ({@link
   * Rule#PERCPU_ACCESS}). The one exception is the teardown callback that a CPU's operation calls
   * when that CPU is dead.
   *
   * @param cpu whose data it is
   * @param what name of the data, for the complaint
   */
  public void assertHeld(Exec x, int cpu, String what) {
    if (x.cpu().id() == cpu && isHeldHere(x) || x.machine().hotplug().isDeadCallback(x, cpu)) {
      return;
    }
    String lock = isHeldHere(x) ? "with the lock of CPU " + x.cpu().id() : "without a lock";
    x.machine().checker().report(Rule.PERCPU_ACCESS, x, what + " of CPU " + cpu + ", " + lock);
  }

  private boolean isHeldHere(Exec x) {
    if (sectionOf == x && sectionNs == x.nowNs()) {
      return true;
    }
    int cpu = x.cpu().id();
    if (x.machine().build().rt()) {
      return perCpu != null && perCpu[cpu] != null && perCpu[cpu].owner() == x;
    }
    return holders != null && holders[cpu] == x;
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
