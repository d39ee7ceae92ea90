package policies.eviction.ideal;

import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionTask;
import sim.kernel.Exec;
import sim.kernel.Step;

/** The one folio that a task is evicting, which no TLB knows. */
final class ForgottenFolio implements EvictionBatch {
  private static final int[] NONE = {};

  private final EvictionTask task;
  private final Step finish = this::finish;

  /** 0 for none. */
  private int folio;

  ForgottenFolio(EvictionTask task) {
    this.task = task;
  }

  @Override
  public void evict(Exec x, int taken) {
    folio = taken;
    x.then(finish);
    task.tryToUnmap(x, folio);
    task.unmapFlushForFree();
  }

  /** The time that unmapping took has passed. */
  private void finish(Exec x) {
    int flushed = folio;
    if (flushed != 0) {
      folio = 0;
      task.finish(x, flushed);
    }
  }

  @Override
  public void flush(Exec x) {
    // Each folio was finished before the next one came.
  }

  @Override
  public int[] handBack() {
    int[] back = folio == 0 ? NONE : new int[] {folio};
    folio = 0;
    return back;
  }

  @Override
  public int pending() {
    return folio == 0 ? 0 : 1;
  }
}
