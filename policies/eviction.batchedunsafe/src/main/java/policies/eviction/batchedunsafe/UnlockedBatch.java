package policies.eviction.batchedunsafe;

import java.util.Arrays;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionTask;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * The unmapped folios of one task. Those that are to be written out are unlocked from the end of
 * their unmapping until their turn to be written; the others stay locked until the shoot-down.
 */
final class UnlockedBatch implements EvictionBatch {
  /** What a folio_batch holds. */
  private static final int BATCH = 31;

  private final EvictionTask task;
  private final Step unmapped = this::unmapped;
  private final Step pageoutNext = this::pageoutNext;
  private final Step freeBatch = this::freeBatch;
  private final Step freeNext = this::freeNext;

  /** In the order they came; neither kind is ever more than a batch. */
  private final int[] folios = new int[2 * BATCH];

  private final boolean[] isDirty = new boolean[2 * BATCH];
  private int count;
  private int dirtyCount;

  UnlockedBatch(EvictionTask task) {
    this.task = task;
  }

  @Override
  public void evict(Exec x, int folio) {
    isDirty[count] = false;
    folios[count++] = folio;
    x.then(unmapped);
    task.tryToUnmap(x, folio);
  }

  /** The folio that came last is unmapped. */
  private void unmapped(Exec x) {
    if (count == 0) {
      return;
    }
    int last = folios[count - 1];
    if (task.isForPageout(last)) {
      isDirty[count - 1] = true;
      dirtyCount++;
      task.unlock(x, last);
    }
    if (dirtyCount == BATCH) {
      pageoutBatch(x);
    } else if (count - dirtyCount == BATCH) {
      freeBatch(x);
    }
  }

  @Override
  public void flush(Exec x) {
    x.then(freeBatch);
    pageoutBatch(x);
  }

  /** For each: lock, check, unlock; what fails goes back to its list. Then one shoot-down. */
  private void pageoutBatch(Exec x) {
    int at = next(0, true);
    while (at < count) {
      x.charge(Cost.FOLIO_LOOKUP);
      boolean keep = !isStillEvictable(x, folios[at]);
      if (keep) {
        task.putBack(x, remove(at));
      }
      at = next(keep ? at : at + 1, true);
    }
    if (dirtyCount > 0) {
      x.then(pageoutNext);
      task.unmapFlushDirty(x);
    }
  }

  private boolean isStillEvictable(Exec x, int folio) {
    if (!task.trylock(folio)) {
      return false;
    }
    if (!task.isEvictable(folio)) {
      return false;
    }
    task.unlock(x, folio);
    return true;
  }

  /** The shoot-down has been waited for. Nobody asks who has had the folio in the meantime. */
  private void pageoutNext(Exec x) {
    int at = next(0, true);
    if (at == count) {
      return;
    }
    x.then(pageoutNext);
    int folio = remove(at);
    if (task.trylock(folio)) {
      task.finish(x, folio);
    } else {
      task.putBack(x, folio);
    }
  }

  /** One shoot-down, after which the clean ones can be freed. */
  private void freeBatch(Exec x) {
    x.then(freeNext);
    task.unmapFlush(x);
  }

  private void freeNext(Exec x) {
    int at = next(0, false);
    if (at < count) {
      x.then(freeNext);
      task.finish(x, remove(at));
    }
  }

  /** Where the next one of a kind is; {@link #count} if there is none. */
  private int next(int from, boolean dirty) {
    int at = from;
    while (at < count && isDirty[at] != dirty) {
      at++;
    }
    return at;
  }

  private int remove(int at) {
    int folio = folios[at];
    dirtyCount -= isDirty[at] ? 1 : 0;
    count--;
    System.arraycopy(folios, at + 1, folios, at, count - at);
    System.arraycopy(isDirty, at + 1, isDirty, at, count - at);
    return folio;
  }

  @Override
  public int[] handBack() {
    int[] back = Arrays.copyOf(folios, count);
    count = 0;
    dirtyCount = 0;
    return back;
  }

  @Override
  public int pending() {
    return count;
  }
}
