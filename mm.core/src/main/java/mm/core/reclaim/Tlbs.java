package mm.core.reclaim;

import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.event.EventHandler;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/** The TLBs of all CPUs, as far as flushing them takes time. */
public final class Tlbs {
  /** Interrupt number of the shoot-down, that of a function call. */
  private static final int IRQ = Machine.IRQ_CALL_FUNCTION;

  /** {@code TLB_REMOTE_SEND_IPI} of the kernel's trace event. */
  private static final int REASON_REMOTE_SEND_IPI = 4;

  private static final int REASON_LOCAL = 2;

  private final Machine machine;
  private final Step interrupt = x -> x.charge(Cost.TLB_FLUSH_LOCAL);
  private final EventHandler ipiArrives;
  private long flushes;
  private long pagesFlushed;

  Tlbs(Machine machine) {
    this.machine = machine;
    ipiArrives = cpu -> machine.cpu((int) cpu).raiseIrq(IRQ, interrupt);
  }

  /**
   * Flushes the TLBs of a set of CPUs: one interrupt to each but this, and the wait for them all.
   * Empties the set. Ends in the current step.
   *
   * @param pages how many pages' entries this is for
   */
  public void flush(Exec x, long[] cpus, long pages) {
    int self = x.cpu().id();
    int targets = 0;
    boolean local = false;
    for (int word = 0; word < cpus.length; word++) {
      // Ends when the word has no bit left; each turn clears one.
      while (cpus[word] != 0) {
        int cpu = (word << 6) + Long.numberOfTrailingZeros(cpus[word]);
        cpus[word] &= cpus[word] - 1;
        if (cpu == self) {
          local = true;
        } else {
          targets++;
          machine.events().schedule(x.nowNs() + machine.costNs(Cost.IPI), ipiArrives, cpu);
        }
      }
    }
    if (targets > 0) {
      x.charge(Cost.TLB_SHOOTDOWN);
      x.charge(Cost.TLB_SHOOTDOWN_CPU, targets);
    } else if (local) {
      x.charge(Cost.TLB_FLUSH_LOCAL);
    }
    flushes++;
    pagesFlushed += pages;
    int reason = targets > 0 ? REASON_REMOTE_SEND_IPI : REASON_LOCAL;
    machine.trace().emit(x.nowNs(), self, Tracepoint.TLB_FLUSH, reason, pages, targets);
  }

  /** Flushes so far, remote and local. */
  public long flushes() {
    return flushes;
  }

  /** Pages whose entries they were for. */
  public long pagesFlushed() {
    return pagesFlushed;
  }
}
