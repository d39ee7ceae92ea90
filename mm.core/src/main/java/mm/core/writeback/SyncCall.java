package mm.core.writeback;

import java.util.ArrayList;
import java.util.List;
import mm.core.AddressSpace;
import mm.core.spi.mapping.SyncMode;
import mm.core.spi.mapping.WritebackReason;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.wait.WaitQueue;

/**
 * One {@code sync} call: has every flusher write what is dirty now, waits for them, and then for
 * the I/O. Models {@code ksys_sync} without the file systems' own part.
 */
final class SyncCall {
  private final Writeback writeback;
  private final List<WritebackWork> works = new ArrayList<>();
  private final WaitQueue done = new WaitQueue();
  private final Step waitWorks = this::waitWorks;
  private final Step waitMappings = this::waitMappings;
  private int nextMapping = 1;

  SyncCall(Writeback writeback) {
    this.writeback = writeback;
  }

  void begin(Exec x) {
    writeback.wakeFlushers(x, WritebackReason.SYNC);
    writeback.switches().syncBegins();
    for (BackingDevice device : writeback.devices()) {
      for (BdiWriteback wb : device.wbs()) {
        if (wb.hasDirtyIo()) {
          WritebackWork work =
              new WritebackWork().begin(SyncMode.ALL, WritebackReason.SYNC, Long.MAX_VALUE);
          work.forSync = true;
          work.doneWaiters = done;
          works.add(work);
          wb.flusher.queue(x, work);
        }
      }
    }
    x.then(waitWorks);
  }

  private void waitWorks(Exec x) {
    for (WritebackWork work : works) {
      if (!work.done) {
        x.then(waitWorks);
        done.sleep(x);
        return;
      }
    }
    writeback.switches().syncEnds(x);
    x.then(waitMappings);
  }

  private void waitMappings(Exec x) {
    while (nextMapping < writeback.cache().mappings().idLimit()) {
      AddressSpace mapping = writeback.cache().mappings().find(nextMapping++);
      if (mapping != null && !mapping.pages().isEmpty()) {
        x.then(waitMappings);
        writeback.cache().fdatawait(x, mapping, 0, Long.MAX_VALUE);
        return;
      }
    }
    x.setResult(0);
  }
}
