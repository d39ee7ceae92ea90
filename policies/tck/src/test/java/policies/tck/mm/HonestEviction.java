package policies.tck.mm;

import java.util.ArrayDeque;
import java.util.function.Function;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionDeferral;
import mm.core.spi.eviction.EvictionHost;
import mm.core.spi.eviction.EvictionPolicy;
import mm.core.spi.eviction.EvictionTask;
import sim.kernel.Exec;
import sim.kernel.Step;

/** Keeps every rule: a batch of 31 shares a flush. Offenders are made from its batch. */
class HonestEviction implements EvictionPolicy {
  private static final int BATCH = 31;

  @Override
  public EvictionDeferral attach(EvictionHost host) {
    return deferral(Batch::new);
  }

  static EvictionDeferral deferral(Function<EvictionTask, EvictionBatch> batches) {
    return new EvictionDeferral() {
      @Override
      public EvictionBatch newBatch(EvictionTask task) {
        return batches.apply(task);
      }

      @Override
      public void detach() {
        // All state is in the batches.
      }
    };
  }

  /** The folios of one task; each offender replaces one of its methods. */
  static class Batch implements EvictionBatch {
    final EvictionTask task;
    final Step flush = this::flush;
    final Step finishNext = this::finishNext;
    ArrayDeque<Integer> folios = new ArrayDeque<>();

    /** Folios that came, in all. */
    int taken;

    Batch(EvictionTask task) {
      this.task = task;
    }

    @Override
    public void evict(Exec x, int folio) {
      taken++;
      folios.addLast(folio);
      if (folios.size() >= BATCH) {
        x.then(flush);
      }
      task.tryToUnmap(x, folio);
    }

    @Override
    public void flush(Exec x) {
      x.then(finishNext);
      task.unmapFlush(x);
    }

    void finishNext(Exec x) {
      Integer folio = folios.pollFirst();
      if (folio != null) {
        x.then(finishNext);
        task.finish(x, folio);
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
