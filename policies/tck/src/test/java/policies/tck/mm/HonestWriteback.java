package policies.tck.mm;

import java.util.ArrayDeque;
import java.util.EnumSet;
import mm.core.AddressSpace;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;
import sim.kernel.workqueue.Workqueues;

/** Keeps every rule: a worker writes one range after another. Offenders are made from it. */
class HonestWriteback implements WritebackPolicy {
  @Override
  public WritebackDeferral attach(WritebackHost host) {
    return new Deferral(host);
  }

  /** A range that was written to. */
  record Range(AddressSpace mapping, long pos, long countBytes) {}

  /** The state of one use; each offender replaces one of its methods. */
  static class Deferral implements WritebackDeferral {
    final WritebackHost host;
    final Workqueues workqueues;
    final Workqueue workqueue;
    ArrayDeque<Range> ranges = new ArrayDeque<>();
    private final Step flushNext = this::flushNext;
    final Work work = new Work("honest_work_fn", flushNext);

    Deferral(WritebackHost host) {
      this.host = host;
      workqueues = host.machine().workqueues();
      workqueue =
          workqueues.alloc(
              "honest",
              Workqueue.ACTIVE_DEFAULT,
              EnumSet.of(Workqueue.Flag.UNBOUND, Workqueue.Flag.MEM_RECLAIM));
    }

    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      ranges.addLast(new Range(mapping, pos, countBytes));
      queue(x);
    }

    void queue(Exec x) {
      workqueues.queue(x, workqueue, work);
    }

    void flushNext(Exec x) {
      Range range = ranges.pollFirst();
      if (range != null) {
        x.then(flushNext);
        host.flushRange(x, range.mapping(), range.pos(), range.countBytes());
      }
    }

    @Override
    public void detach() {
      workqueues.cancel(work);
      ranges.clear();
      workqueues.destroy(workqueue);
    }
  }
}
