package policies.eviction.batchedv4;

import java.util.Arrays;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionTask;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * The unmapped folios of one task. Those that are to be written out are unlocked from the end of
 * their unmapping until their batch is full, and locked from then on; the others stay locked until
 * the shoot-down.
 */
final class RecheckedBatch implements EvictionBatch {
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

  RecheckedBatch(EvictionTask task) {
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

  /** Locks each again and looks who has had it; one shoot-down for those that nobody has. */
  private void pageoutBatch(Exec x) {
    int at = next(0, true);
    while (at < count) {
      x.charge(Cost.FOLIO_LOOKUP);
      int folio = folios[at];
      boolean ours = task.trylock(folio) && task.isEvictable(folio) && !task.maybeDmaPinned(folio);
      if (!ours) {
        task.putBack(x, remove(at));
      }
      at = next(ours ? at + 1 : at, true);
    }
    if (dirtyCount > 0) {
      x.then(pageoutNext);
      task.unmapFlushDirty(x);
    }
  }

  /** The shoot-down has been waited for. */
  private void pageoutNext(Exec x) {
    int at = next(0, true);
    if (at < count) {
      x.then(pageoutNext);
      task.finish(x, remove(at));
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
