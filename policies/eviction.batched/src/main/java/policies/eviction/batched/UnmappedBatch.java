package policies.eviction.batched;

import java.util.Arrays;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionTask;
import sim.kernel.Exec;
import sim.kernel.Step;

/** The folios of one task that are unmapped, and whose TLB entries are not flushed yet. */
final class UnmappedBatch implements EvictionBatch {
  private final EvictionTask task;
  private final Step unmapped = this::unmapped;
  private final Step pageoutLast = this::pageoutLast;
  private final Step finishNext = this::finishNext;
  private final int[] folios;
  private int count;

  /** Those before it are finished; 0 while the batch is being filled. */
  private int finished;

  UnmappedBatch(EvictionTask task, int foliosPerBatch) {
    this.task = task;
    folios = new int[foliosPerBatch];
  }

  @Override
  public void evict(Exec x, int folio) {
    folios[count++] = folio;
    x.then(unmapped);
    task.tryToUnmap(x, folio);
  }

  /** The folio that came last is unmapped. */
  private void unmapped(Exec x) {
    if (count == 0) {
      return;
    }
    if (task.isForPageout(folios[count - 1])) {
      // It is written at once: no CPU may store to it from here on.
      x.then(pageoutLast);
      task.unmapFlushDirty(x);
    } else if (count == folios.length) {
      flush(x);
    }
  }

  private void pageoutLast(Exec x) {
    if (count > 0) {
      task.finish(x, folios[--count]);
    }
  }

  @Override
  public void flush(Exec x) {
    x.then(finishNext);
    task.unmapFlush(x);
  }

  /** The shoot-down has been waited for: finishes the folios in the order they came. */
  private void finishNext(Exec x) {
    if (finished == count) {
      finished = 0;
      count = 0;
      return;
    }
    x.then(finishNext);
    task.finish(x, folios[finished++]);
  }

  @Override
  public int[] handBack() {
    int[] back = Arrays.copyOfRange(folios, finished, count);
    finished = 0;
    count = 0;
    return back;
  }

  @Override
  public int pending() {
    return count - finished;
  }
}
