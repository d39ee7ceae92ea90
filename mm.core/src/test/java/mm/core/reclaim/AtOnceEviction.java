package mm.core.reclaim;

import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionDeferral;
import mm.core.spi.eviction.EvictionHost;
import mm.core.spi.eviction.EvictionTask;
import sim.kernel.Exec;

/** Unmaps, flushes and finishes each folio in one step, and has nothing pending ever. */
record AtOnceEviction(EvictionHost host) implements EvictionDeferral {
  @Override
  public EvictionBatch newBatch(EvictionTask task) {
    return new Batch(task);
  }

  @Override
  public void detach() {
    // Nothing is pending.
  }

  private record Batch(EvictionTask task) implements EvictionBatch {
    @Override
    public void evict(Exec x, int folio) {
      task.tryToUnmap(x, folio);
      task.unmapFlush(x);
      task.finish(x, folio);
    }

    @Override
    public void flush(Exec x) {
      // Nothing is pending.
    }

    @Override
    public int[] handBack() {
      return new int[0];
    }

    @Override
    public int pending() {
      return 0;
    }
  }
}
