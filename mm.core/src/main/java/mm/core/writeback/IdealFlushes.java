package mm.core.writeback;

import java.util.ArrayDeque;
import mm.core.AddressSpace;
import mm.core.PageCache;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;

/**
 * Flushes of ranges by tasks that no kernel has: each begins at once, costs no CPU any time, and
 * lets only itself wait for locks and for room in the device's queue.
 */
final class IdealFlushes {
  private final PageCache cache;
  private final ArrayDeque<Flush> free = new ArrayDeque<>();

  IdealFlushes(PageCache cache) {
    this.cache = cache;
  }

  void begin(Exec x, AddressSpace mapping, long pos, long countBytes) {
    Flush flush = free.pollLast();
    if (flush == null) {
      flush = new Flush();
    }
    flush.mapping = mapping;
    flush.pos = pos;
    flush.countBytes = countBytes;
    flush.task.runIdeally(x.cpu(), flush.run);
  }

  private final class Flush {
    final Task task = cache.machine().newIdealTask("flush-ideal");
    final Step run = this::run;
    private final Step ended = this::ended;
    private AddressSpace mapping;
    private long pos;
    private long countBytes;

    private void run(Exec x) {
      x.then(ended);
      cache.flushRange(x, mapping, pos, countBytes);
    }

    private void ended(Exec x) {
      mapping = null;
      free.addLast(this);
    }
  }
}
