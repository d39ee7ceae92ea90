package mm.core.reclaim;

import mm.core.PageCache;
import sim.kernel.Exec;
import sim.kernel.IrqAction;
import sim.kernel.Machine;
import sim.kernel.Step;

/**
 * A swap device that serves any number of requests at once, each in the same time, and ends each in
 * an interrupt on the CPU that asked.
 */
public final class FixedLatencySwap implements SwapWriter {
  private static final int IRQ = 44;

  private final PageCache cache;
  private final Machine machine;
  private final long latencyNs;
  private final IrqAction[] irqs;
  private long pagesWritten;
  private long pagesRead;

  /** A device for the swap area of a page cache. */
  public FixedLatencySwap(PageCache cache, long latencyNs) {
    if (latencyNs < 1) {
      throw new IllegalArgumentException(
          "swap: latency is " + latencyNs + " ns; it must be above 0");
    }
    this.cache = cache;
    machine = cache.machine();
    this.latencyNs = latencyNs;
    irqs = new IrqAction[machine.cpuCount()];
  }

  /** Pages whose write has ended. */
  public long pagesWritten() {
    return pagesWritten;
  }

  /** Pages whose read has ended. */
  public long pagesRead() {
    return pagesRead;
  }

  @Override
  public void write(Exec x, int folio, int slot) {
    endLater(x, y -> ended(y, folio, true));
  }

  @Override
  public void read(Exec x, int folio, int slot) {
    endLater(x, y -> ended(y, folio, false));
  }

  private void endLater(Exec x, Step end) {
    int cpu = x.cpu().id();
    if (irqs[cpu] == null) {
      irqs[cpu] = machine.requestIrq(IRQ, "swap", x.cpu());
    }
    machine.events().schedule(x.nowNs() + latencyNs, arg -> irqs[cpu].raise(end), 0);
  }

  private void ended(Exec x, int folio, boolean write) {
    int pages = cache.folios().nrPages(folio);
    if (write) {
      pagesWritten += pages;
      cache.endWriteback(x, folio);
    } else {
      pagesRead += pages;
      cache.endRead(x, folio, true);
    }
  }
}
