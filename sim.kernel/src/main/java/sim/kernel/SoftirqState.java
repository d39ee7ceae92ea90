package sim.kernel;

import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/**
 * The softirqs of one CPU ({@code __do_softirq}): served on interrupt exit for at most ten rounds
 * or two milliseconds, then by ksoftirqd.
 */
final class SoftirqState {
  private static final int RESTARTS_MAX = 10;
  private static final long TIME_MAX_NS = 2_000_000;
  private static final Softirq[] VECTORS = Softirq.values();

  private final Cpu cpu;
  private int pending;
  private int rounds;
  private long endNs;
  private Task ksoftirqd;
  private boolean ksoftirqdRuns;
  private final Step round = this::round;
  private final Step daemon = this::daemon;
  private final Step daemonServe = this::daemonServe;
  private final Step daemonDone = this::daemonDone;
  private final Step[] entries = new Step[VECTORS.length];

  SoftirqState(Cpu cpu) {
    this.cpu = cpu;
    for (Softirq vector : VECTORS) {
      entries[vector.ordinal()] = x -> enter(x, vector);
    }
  }

  void raise(Softirq vector) {
    pending |= 1 << vector.ordinal();
    emit(Tracepoint.SOFTIRQ_RAISE, vector);
  }

  int pending() {
    return pending;
  }

  void moveTo(Cpu other) {
    int left = pending;
    pending = 0;
    for (Softirq vector : VECTORS) {
      if ((left & 1 << vector.ordinal()) != 0) {
        other.raiseSoftirq(vector);
      }
    }
  }

  /** Whether interrupt exit serves softirqs: not while ksoftirqd has taken over. */
  boolean servedOnExit() {
    return !ksoftirqdRuns;
  }

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
    if (rounds++ == RESTARTS_MAX || rounds > 1 && x.nowNs() >= endNs) {
      wakeKsoftirqd();
      return;
    }
    x.then(round);
    serve(x);
  }

  private void serve(Exec x) {
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
    handler.run(x);
  }

  private void emit(Tracepoint tracepoint, Softirq vector) {
    Machine machine = cpu.machine();
    machine.trace().emit(machine.nowNs(), cpu.id(), tracepoint, vector.ordinal());
  }

  void wakeKsoftirqd() {
    if (ksoftirqd == null) {
      ksoftirqd = cpu.machine().newTask("ksoftirqd/" + cpu.id(), true, CpuMask.of(cpu.id()));
      ksoftirqd.then(daemon);
    }
    ksoftirqdRuns = true;
    ksoftirqd.wake();
  }

  private void daemon(Exec x) {
    x.then(daemon);
    if (pending == 0) {
      ksoftirqdRuns = false;
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
