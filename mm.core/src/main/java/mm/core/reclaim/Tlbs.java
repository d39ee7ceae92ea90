package mm.core.reclaim;

import mm.core.PageCache;
import mm.core.mmap.Vma;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.event.EventHandler;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/**
 * The TLBs of all CPUs: what they know of mapped files, and what flushing them takes. A remote TLB
 * forgets when its CPU takes the interrupt, at the latest when the sender has waited.
 */
public final class Tlbs {
  /** Interrupt number of the shoot-down, that of a function call. */
  private static final int IRQ = Machine.IRQ_CALL_FUNCTION;

  /** {@code TLB_REMOTE_SEND_IPI} of the kernel's trace event. */
  private static final int REASON_REMOTE_SEND_IPI = 4;

  private static final int REASON_LOCAL = 2;

  private final PageCache cache;
  private final Machine machine;
  private final Step interrupt = this::interrupt;
  private final Step pageInterrupt = x -> x.charge(Cost.TLB_FLUSH_LOCAL);
  private final EventHandler ipiArrives;
  private final EventHandler pageIpiArrives;
  private final CpuTlb[] tlbs;
  private long flushes;
  private long pagesFlushed;

  Tlbs(PageCache cache) {
    this.cache = cache;
    machine = cache.machine();
    tlbs = new CpuTlb[machine.cpuCount()];
    ipiArrives = cpu -> machine.cpu((int) cpu).raiseIrq(IRQ, interrupt);
    pageIpiArrives = cpu -> machine.cpu((int) cpu).raiseIrq(IRQ, pageInterrupt);
  }

  private void interrupt(Exec x) {
    x.charge(Cost.TLB_FLUSH_LOCAL);
    forget(x.cpu().id());
  }

  private CpuTlb of(int cpu) {
    if (tlbs[cpu] == null) {
      tlbs[cpu] = new CpuTlb();
    }
    return tlbs[cpu];
  }

  private void forget(int cpu) {
    if (tlbs[cpu] != null) {
      tlbs[cpu].flush();
    }
  }

  /** The folio that an access of this CPU goes to; 0 if the page table has to be asked. */
  public int lookup(Exec x, Vma vma, long index, boolean store) {
    CpuTlb tlb = tlbs[x.cpu().id()];
    return tlb == null ? 0 : tlb.lookup(vma, index, store, x.nowNs());
  }

  /** This CPU has read the entry of a page; a store that it may do needs no look at it any more. */
  public void load(Exec x, Vma vma, long index, int folio, boolean store) {
    of(x.cpu().id()).load(vma, index, folio, store);
  }

  /** Makes a set of CPUs forget at once and at no cost; leaves the set as it is. */
  public void forget(long[] cpus) {
    for (int word = 0; word < cpus.length; word++) {
      for (long left = cpus[word]; left != 0; left &= left - 1) {
        forget((word << 6) + Long.numberOfTrailingZeros(left));
      }
    }
  }

  /**
   * Flushes the TLBs of a set of CPUs: one interrupt to each but this, and the wait for them all.
   * Empties the set. Ends in the current step.
   *
   * @param pages how many pages' entries this is for
   */
  public void flush(Exec x, long[] cpus, long pages) {
    cache.requireNothingFrozen(x, "a TLB flush was waited for");
    int targets = charge(x, cpus);
    long doneNs = x.nowNs() + x.chargedNs();
    for (int word = 0; word < cpus.length; word++) {
      for (long left = cpus[word]; left != 0; left &= left - 1) {
        int cpu = (word << 6) + Long.numberOfTrailingZeros(left);
        if (cpu == x.cpu().id()) {
          forget(cpu);
        } else if (tlbs[cpu] != null) {
          tlbs[cpu].flushBy(doneNs);
        }
      }
    }
    send(x, cpus, ipiArrives);
    count(x, pages, targets);
  }

  /**
   * As {@link #flush}, for the entries of one page, which {@link #forgetPage} has ended already:
   * what it costs.
   */
  public void flushPage(Exec x, long[] cpus) {
    cache.requireNothingFrozen(x, "a TLB flush was waited for");
    int targets = charge(x, cpus);
    send(x, cpus, pageIpiArrives);
    count(x, 1, targets);
  }

  /** Makes all CPUs forget one page of a mapping, at once and at no cost. */
  public void forgetPage(Vma vma, long index) {
    for (CpuTlb tlb : tlbs) {
      if (tlb != null) {
        tlb.forget(vma, index);
      }
    }
  }

  private int charge(Exec x, long[] cpus) {
    int self = x.cpu().id();
    boolean local = (cpus[self >>> 6] & 1L << self) != 0;
    int targets = local ? -1 : 0;
    for (long word : cpus) {
      targets += Long.bitCount(word);
    }
    if (targets > 0) {
      x.charge(Cost.TLB_SHOOTDOWN);
      x.charge(Cost.TLB_SHOOTDOWN_CPU, targets);
    } else if (local) {
      x.charge(Cost.TLB_FLUSH_LOCAL);
    }
    return targets;
  }

  /** Sends the interrupts, and empties the set. */
  private void send(Exec x, long[] cpus, EventHandler arrival) {
    for (int word = 0; word < cpus.length; word++) {
      for (long left = cpus[word]; left != 0; left &= left - 1) {
        int cpu = (word << 6) + Long.numberOfTrailingZeros(left);
        if (cpu != x.cpu().id()) {
          machine.events().schedule(x.nowNs() + machine.costNs(Cost.IPI), arrival, cpu);
        }
      }
      cpus[word] = 0;
    }
  }

  private void count(Exec x, long pages, int targets) {
    flushes++;
    pagesFlushed += pages;
    int reason = targets > 0 ? REASON_REMOTE_SEND_IPI : REASON_LOCAL;
    machine.trace().emit(x.nowNs(), x.cpu().id(), Tracepoint.TLB_FLUSH, reason, pages, targets);
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
