package sim.kernel;

import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/**
 * The softirqs of one CPU: what is raised, and serving it ({@code handle_softirqs}) for at most ten
 * rounds or two milliseconds, and no second one while a task waits for this CPU. Who serves is the
 * build's affair.
 */
abstract sealed class Softirqs permits InterruptSoftirqs, ThreadedSoftirqs {
  private static final int RESTARTS_MAX = 10;
  private static final long TIME_MAX_NS = 2_000_000;
  private static final Softirq[] VECTORS = Softirq.values();

  final Cpu cpu;

  /** Raised and not served, a bit each by ordinal. */
  int pending;

  private int rounds;
  private long endNs;
  private final Step round = this::round;
  private final Step[] entries = new Step[VECTORS.length];
  private final Step[] exits = new Step[VECTORS.length];

  Softirqs(Cpu cpu) {
    this.cpu = cpu;
    for (Softirq vector : VECTORS) {
      entries[vector.ordinal()] = x -> enter(x, vector);
      exits[vector.ordinal()] = x -> emit(Tracepoint.SOFTIRQ_EXIT, vector);
    }
  }

  /** {@code raise_softirq}: in any context, or by an event outside this CPU. */
  abstract void raise(Softirq vector);

  /** Whether the CPU is to serve softirqs now, on its way out of a hard interrupt. */
  abstract boolean servedAtIrqExit();

  /** {@code local_bh_disable}, the outermost; its depth is counted already. */
  abstract void bhDisabled(Exec x);

  /** {@code local_bh_enable}; its depth is counted already. */
  abstract void bhEnabled(Exec x);

  /** {@code smpboot_park_threads} and its counterpart: whether the CPU's threads are to rest. */
  abstract void park(boolean is);

  /** Raised and not served, a bit each by ordinal. */
  int pending() {
    return pending;
  }

  /** Gives what is raised to another CPU; this one is dead. */
  void moveTo(Cpu other) {
    int left = pending();
    pending = 0;
    for (Softirq vector : VECTORS) {
      if ((left & bit(vector)) != 0) {
        other.raiseSoftirq(vector);
      }
    }
  }

  static int bit(Softirq vector) {
    return 1 << vector.ordinal();
  }

  /** {@code __do_softirq}: what it calls comes before what the caller has named. */
  void begin(Exec x) {
    rounds = 0;
    endNs = x.nowNs() + TIME_MAX_NS;
    x.charge(Cost.SOFTIRQ_ENTRY);
    x.then(round);
  }

  private void round(Exec x) {
    if (pending == 0) {
      return;
    }
    if (rounds++ == RESTARTS_MAX || rounds > 1 && (x.nowNs() >= endNs || cpu.hasToSwitch())) {
      wakeKsoftirqd();
      return;
    }
    x.then(round);
    serve(x);
  }

  /** One round: all that is raised now. */
  final void serve(Exec x) {
    int taken = pending;
    pending = 0;
    for (int vector = VECTORS.length - 1; vector >= 0; vector--) {
      if ((taken & 1 << vector) != 0) {
        x.then(entries[vector]);
      }
    }
  }

  private void enter(Exec x, Softirq vector) {
    emit(Tracepoint.SOFTIRQ_ENTRY, vector);
    Step handler = cpu.machine().softirqHandler(vector);
    if (handler == null) {
      throw new IllegalStateException("softirq " + vector + " raised; nobody has opened it");
    }
    x.then(exits[vector.ordinal()]);
    handler.run(x);
  }

  final void emit(Tracepoint tracepoint, Softirq vector) {
    Machine machine = cpu.machine();
    machine.trace().emit(machine.nowNs(), cpu.id(), tracepoint, vector.ordinal());
  }

  /** A thread of this CPU, asleep. */
  final Task newThread(String name, Step loop) {
    Task thread = cpu.machine().newTask(name + "/" + cpu.id(), true, CpuMask.of(cpu.id()));
    thread.then(loop);
    return thread;
  }

  /** {@code wakeup_softirqd}: what is raised is left to the CPU's daemon. */
  abstract void wakeKsoftirqd();
}
