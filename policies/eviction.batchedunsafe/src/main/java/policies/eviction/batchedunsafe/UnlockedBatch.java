package policies.eviction.batchedunsafe;

import java.util.Arrays;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionTask;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * The unmapped folios of one task. Those that were dirty are unlocked from the end of their
 * unmapping until they are finished; the others, and all that may not be unlocked, stay locked.
 */
final class UnlockedBatch implements EvictionBatch {
  /** What a folio_batch holds. */
  private static final int FOLIOS = 31;

  private final EvictionTask task;
  private final Step unmapped = this::unmapped;
  private final Step finishNext = this::finishNext;
  private final int[] folios = new int[FOLIOS];
  private final boolean[] isUnlocked = new boolean[FOLIOS];
  private int count;

  /** Those before it are finished or put back; 0 while the batch is being filled. */
  private int finished;

  UnlockedBatch(EvictionTask task) {
    this.task = task;
  }

  @Override
  public void evict(Exec x, int folio) {
    isUnlocked[count] = false;
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
    if (task.mayUnlock(last)) {
      isUnlocked[count - 1] = true;
      task.unlock(x, last);
    }
    if (count == FOLIOS) {
      flush(x);
    }
  }

  @Override
  public void flush(Exec x) {
    if (count == 0) {
      return;
    }
    dropUnevictable(x);
    x.then(finishNext);
    task.unmapFlush(x);
  }

  /** For each: lock, check still evictable, unlock. What fails goes back to its list. */
  private void dropUnevictable(Exec x) {
    int left = 0;
    for (int i = 0; i < count; i++) {
      int folio = folios[i];
      x.charge(Cost.FOLIO_LOOKUP);
      if (isUnlocked[i] && !isStillEvictable(x, folio)) {
        task.putBack(x, folio);
      } else {
        isUnlocked[left] = isUnlocked[i];
        folios[left++] = folio;
      }
    }
    count = left;
  }

  private boolean isStillEvictable(Exec x, int folio) {
    if (!task.trylock(folio)) {
      return false;
    }
    boolean evictable = task.isEvictable(folio);
    task.unlock(x, folio);
    return evictable;
  }

  /** The shoot-down has been waited for. Nobody asks who has had the folio in the meantime. */
  private void finishNext(Exec x) {
    if (finished == count) {
      finished = 0;
      count = 0;
      return;
    }
    x.then(finishNext);
    int folio = folios[finished];
    boolean ours = !isUnlocked[finished++] || task.trylock(folio);
    if (ours) {
      task.finish(x, folio);
    } else {
      task.putBack(x, folio);
    }
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
