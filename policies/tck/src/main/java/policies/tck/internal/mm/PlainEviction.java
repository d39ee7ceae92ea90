package policies.tck.internal.mm;

import java.util.ArrayList;
import java.util.List;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionDeferral;
import mm.core.spi.eviction.EvictionHost;
import mm.core.spi.eviction.EvictionPolicy;
import mm.core.spi.eviction.EvictionTask;
import sim.kernel.Exec;
import sim.kernel.Step;

/** A predecessor and successor that unmaps as folios come, and flushes at the end of the list. */
final class PlainEviction implements EvictionPolicy {
  @Override
  public EvictionDeferral attach(EvictionHost host) {
    return new EvictionDeferral() {
      @Override
      public EvictionBatch newBatch(EvictionTask task) {
        return new Batch(task);
      }

      @Override
      public void detach() {
        // All state is in the batches.
      }
    };
  }

  private static final class Batch implements EvictionBatch {
    private final EvictionTask task;
    private final List<Integer> folios = new ArrayList<>();
    private final Step finishNext = this::finishNext;

    Batch(EvictionTask task) {
      this.task = task;
    }

    @Override
    public void evict(Exec x, int folio) {
      folios.add(folio);
      task.tryToUnmap(x, folio);
    }

    @Override
    public void flush(Exec x) {
      x.then(finishNext);
      task.unmapFlush(x);
    }

    private void finishNext(Exec x) {
      if (!folios.isEmpty()) {
        x.then(finishNext);
        task.finish(x, folios.remove(0));
      }
    }

    @Override
    public int[] handBack() {
      int[] back = folios.stream().mapToInt(folio -> folio).toArray();
      folios.clear();
      return back;
    }

    @Override
    public int pending() {
      return folios.size();
    }
  }
}
