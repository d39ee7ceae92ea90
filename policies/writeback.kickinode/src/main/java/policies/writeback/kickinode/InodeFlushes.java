package policies.writeback.kickinode;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import mm.core.AddressSpace;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.writeback.BackingDevice;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;
import sim.kernel.workqueue.Workqueues;

/** The inodes of one run that wait for their device's worker. */
final class InodeFlushes implements WritebackDeferral {
  private final WritebackHost host;
  private final Workqueues workqueues;
  private final Workqueue workqueue;
  private final Map<BackingDevice, PerDevice> devices = new LinkedHashMap<>();

  /** One device's inodes, each at most once. */
  private final class PerDevice {
    private final ArrayDeque<AddressSpace> waiting = new ArrayDeque<>();
    private final BitSet isWaiting = new BitSet();
    private final Step flushNext = this::flushNext;
    private final Work work = new Work("wb_workfn", flushNext);

    void add(Exec x, AddressSpace mapping) {
      if (!isWaiting.get(mapping.id())) {
        isWaiting.set(mapping.id());
        waiting.addLast(mapping);
        workqueues.queue(x, workqueue, work);
      }
    }

    /** A write that ends from here on asks again. */
    private void flushNext(Exec x) {
      AddressSpace mapping = waiting.pollFirst();
      if (mapping != null) {
        isWaiting.clear(mapping.id());
        x.then(flushNext);
        host.flushRange(x, mapping, 0, Long.MAX_VALUE);
      }
    }
  }

  InodeFlushes(WritebackHost host) {
    this.host = host;
    workqueues = host.machine().workqueues();
    workqueue =
        workqueues.alloc(
            "writeback_inode",
            Workqueue.ACTIVE_DEFAULT,
            EnumSet.of(Workqueue.Flag.UNBOUND, Workqueue.Flag.MEM_RECLAIM));
  }

  @Override
  public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
    devices.computeIfAbsent(mapping.device(), device -> new PerDevice()).add(x, mapping);
  }

  @Override
  public void detach() {
    for (PerDevice device : devices.values()) {
      workqueues.cancel(device.work);
      device.waiting.clear();
    }
    workqueues.destroy(workqueue);
  }
}
