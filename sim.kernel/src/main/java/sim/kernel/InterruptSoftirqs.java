package sim.kernel;

import sim.kernel.trace.Tracepoint;

/**
 * Softirqs of every build but PREEMPT_RT: served on the way out of a hard interrupt, ahead of
 * whatever task was interrupted, and by ksoftirqd when they keep coming, or a task raised them and
 * no interrupt comes first. That ksoftirqd is awake keeps no interrupt from serving them, as it did
 * before 6.4.
 */
final class InterruptSoftirqs extends Softirqs {
  private Task ksoftirqd;
  private final Step daemon = this::daemon;
  private final Step daemonServe = this::daemonServe;
  private final Step daemonDone = this::daemonDone;

  InterruptSoftirqs(Cpu cpu) {
    super(cpu);
  }

  @Override
  void raise(Softirq vector) {
    pending |= bit(vector);
    emit(Tracepoint.SOFTIRQ_RAISE, vector);
    Task task = cpu.currentTask();
    if (!cpu.inInterrupt() && (task == null || task.bhDisableDepth == 0)) {
      wakeKsoftirqd();
    }
  }

  @Override
  boolean servedAtIrqExit() {
    Task task = cpu.currentTask();
    return pending != 0
        && cpu.isOnline()
        && !cpu.inSoftirq()
        && (task == null || task.bhDisableDepth == 0 && task.softirqServing == 0);
  }

  @Override
  void bhDisabled(Exec x) {
    // Counted, no more: an interrupt looks at the count.
  }

  @Override
  void bhEnabled(Exec x) {
    if (!x.heldLocks().isEmpty()) {
      x.machine().checker().locks().irqsEnabled(x);
    }
    if (x.bhDisableDepth == 0
        && x.softirqServing == 0
        && x.context() == ExecContext.TASK
        && pending != 0
        && !cpu.inInterrupt()) {
      cpu.enterSoftirq();
    }
  }

  @Override
  void park(boolean is) {
    // Interrupts serve softirqs until the CPU is dead.
  }

  @Override
  void wakeKsoftirqd() {
    if (ksoftirqd == null) {
      ksoftirqd = newThread("ksoftirqd", daemon);
    }
    ksoftirqd.wake();
  }

  private void daemon(Exec x) {
    x.then(daemon);
    if (pending == 0) {
      x.block();
      return;
    }
    x.then(daemonServe);
  }

  private void daemonServe(Exec x) {
    x.bhDisable();
    x.softirqServing = 1;
    x.then(daemonDone);
    serve(x);
  }

  private void daemonDone(Exec x) {
    x.softirqServing = 0;
    x.bhDisableDepth--;
    x.condResched();
  }
}
