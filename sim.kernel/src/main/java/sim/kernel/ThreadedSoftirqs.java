package sim.kernel;

import sim.kernel.lock.LockClass;
import sim.kernel.lock.SpinLock;
import sim.kernel.trace.Tracepoint;

/**
 * Softirqs of PREEMPT_RT: served by the task that enables them again, if it raised them or somebody
 * did meanwhile; else by ksoftirqd, and timers by a SCHED_FIFO thread of their own. All of them
 * hold the CPU's softirq lock, and lend their priority to whoever has it.
 *
 * <p>The lock is that of kernels before {@code CONFIG_PREEMPT_RT_NEEDS_BH_LOCK} became a choice,
 * and of those that choose it.
 */
final class ThreadedSoftirqs extends Softirqs {
  /** {@code sched_set_fifo_low}. */
  private static final int KTIMERS_PRIORITY = 1;

  private static final int TIMERS = bit(Softirq.TIMER) | bit(Softirq.HRTIMER);

  /** {@code pending_timer_softirq}: raised, and ktimers' to serve. */
  private int pendingTimers;

  /** The CPU goes down: its threads serve what they have begun, and no more. */
  private boolean parked;

  private Task ksoftirqd;
  private Task ktimers;
  private final SpinLock lock = new SpinLock(new LockClass("softirq_ctrl.lock"));
  private final Step ksoftirqdLoop = this::ksoftirqdLoop;
  private final Step ktimersLoop = this::ktimersLoop;
  private final Step ksoftirqdServe = this::ksoftirqdServe;
  private final Step ktimersServe = this::ktimersServe;
  private final Step served = this::served;

  ThreadedSoftirqs(Cpu cpu) {
    super(cpu);
  }

  @Override
  void raise(Softirq vector) {
    boolean timer = (TIMERS & bit(vector)) != 0;
    if (timer) {
      pendingTimers |= bit(vector);
    } else {
      pending |= bit(vector);
    }
    emit(Tracepoint.SOFTIRQ_RAISE, vector);
    if (!cpu.inInterrupt()) {
      wakeThreads();
    }
  }

  @Override
  int pending() {
    return pending | pendingTimers;
  }

  @Override
  void moveTo(Cpu other) {
    super.moveTo(other);
    pendingTimers = 0;
  }

  /** {@code invoke_softirq} and {@code wake_timersd}: never served here. */
  @Override
  boolean servedAtIrqExit() {
    wakeThreads();
    return false;
  }

  @Override
  void park(boolean is) {
    parked = is;
    wakeThreads();
  }

  private void wakeThreads() {
    if (parked) {
      return;
    }
    // Whoever has softirqs disabled on this CPU serves them when it enables them.
    if (pending != 0 && lock.owner() == null) {
      wakeKsoftirqd();
    }
    if (pendingTimers != 0) {
      if (ktimers == null) {
        ktimers = newThread("ktimers", ktimersLoop).withFifo(KTIMERS_PRIORITY);
      }
      ktimers.wake();
    }
  }

  @Override
  void wakeKsoftirqd() {
    if (ksoftirqd == null) {
      ksoftirqd = newThread("ksoftirqd", ksoftirqdLoop);
    }
    ksoftirqd.wake();
  }

  @Override
  void bhDisabled(Exec x) {
    if (x.mayTakeSleepingLock()) {
      lock.lock(x);
    }
  }

  @Override
  void bhEnabled(Exec x) {
    if (x.bhDisableDepth > 0 || lock.owner() != x) {
      return;
    }
    if (pending == 0) {
      lock.unlock(x);
      return;
    }
    x.bhDisableDepth++;
    x.softirqServing = 1;
    x.then(served);
    begin(x);
  }

  private void served(Exec x) {
    if (pending != 0) {
      // Raised since the last look; an interrupt that comes now finds softirqs disabled.
      wakeKsoftirqd();
    }
    x.softirqServing = 0;
    x.bhDisableDepth--;
    lock.unlock(x);
  }

  private void ksoftirqdLoop(Exec x) {
    x.then(ksoftirqdLoop);
    if (pending == 0 || parked) {
      x.block();
      return;
    }
    x.then(ksoftirqdServe);
    x.bhDisable();
  }

  /** {@code run_ksoftirqd}. */
  private void ksoftirqdServe(Exec x) {
    x.softirqServing = 1;
    x.then(served);
    begin(x);
  }

  private void ktimersLoop(Exec x) {
    x.then(ktimersLoop);
    if (pendingTimers == 0 || parked) {
      x.block();
      return;
    }
    x.then(ktimersServe);
    x.bhDisable();
  }

  /** {@code run_ktimerd}: timers, and whatever else is raised. */
  private void ktimersServe(Exec x) {
    pending |= pendingTimers;
    pendingTimers = 0;
    x.softirqServing = 1;
    x.then(served);
    begin(x);
  }
}
