package mm.core.reclaim;

import java.util.Arrays;
import mm.core.PageCache;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionTask;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.check.Rule;

/**
 * A task that evicts mapped folios by way of the policy in use: its flush batch, and custody of the
 * folios that the policy has. Lent out by {@link EvictionSlot} for one list of folios.
 */
public final class TaskEviction implements EvictionTask {
  /** Goes on with a folio that the policy has unmapped and whose TLB entries were flushed. */
  @FunctionalInterface
  public interface Owner {
    /**
     * Ends what was begun with the folio, and unlocks it. A step function.
     *
     * @param folio locked; may be mapped again
     */
    void unmapped(Exec x, int folio);
  }

  private final EvictionSlot slot;
  private final PageCache cache;
  private final long[] flushCpus;
  private final Step flush = this::flush;
  private final Step flushed = this::flushed;

  /** Folios that the policy has, in the order they were given; holes are 0. */
  private int[] custody = new int[64];

  private int given;
  private int held;

  /** Folios that a policy which left has handed back, from {@link #again} on. */
  private int[] handedBack = new int[0];

  private int again;
  private Owner owner;
  private EvictionBatch batch;
  private long unflushedPages;

  TaskEviction(EvictionSlot slot, PageCache cache) {
    this.slot = slot;
    this.cache = cache;
    flushCpus = new long[(cache.machine().cpuCount() + 63) >>> 6];
  }

  void begin(Owner of) {
    owner = of;
    if (batch == null) {
      batch = slot.newBatch(this);
    }
  }

  boolean isIdle() {
    return owner == null;
  }

  void end() {
    owner = null;
  }

  /** Gives a mapped, locked folio to the policy. A step function. */
  public void evict(Exec x, int folio) {
    take(folio);
    batch.evict(x, folio);
  }

  /** As {@link #evict}, for a folio that nothing follows: it is finished when this returns. */
  public void evictAlone(Exec x, int folio) {
    x.then(flush);
    evict(x, folio);
  }

  /** Has the policy finish all that it holds. A step function. */
  public void flush(Exec x) {
    x.then(flushed);
    batch.flush(x);
  }

  private void flushed(Exec x) {
    if (again < handedBack.length) {
      // The policy was swapped under this list: its successor gets what it had.
      x.then(flush);
      int folio = handedBack[again++];
      take(folio);
      batch.evict(x, folio);
      return;
    }
    if (held > 0) {
      throw new IllegalStateException(
          "eviction policy "
              + slot.id()
              + ": "
              + held
              + " folios are not finished after flush, among them "
              + cache.folios().describe(firstHeld()));
    }
    given = 0;
  }

  private int firstHeld() {
    for (int i = 0; i < given; i++) {
      if (custody[i] != 0) {
        return custody[i];
      }
    }
    return 0;
  }

  private void take(int folio) {
    if (given == custody.length) {
      custody = Arrays.copyOf(custody, given * 2);
    }
    custody[given++] = folio;
    held++;
  }

  private void giveUp(int folio) {
    for (int i = given - 1; i >= 0; i--) {
      if (custody[i] == folio) {
        custody[i] = 0;
        held--;
        return;
      }
    }
    throw new IllegalStateException(
        "eviction policy "
            + slot.id()
            + ": "
            + cache.folios().describe(folio)
            + " is finished or handed back; it must be one that was taken, and only once");
  }

  /**
   * Takes all folios back from a policy that leaves; they go to its successor at the next flush.
   */
  int leavePolicy() {
    if (batch == null) {
      return 0;
    }
    int[] back = batch.handBack();
    for (int folio : back) {
      giveUp(folio);
    }
    if (held > 0) {
      throw new IllegalStateException(
          "eviction policy " + slot.id() + ": kept " + held + " folios when it had to hand back");
    }
    int left = handedBack.length - again;
    int[] all = Arrays.copyOf(back, back.length + left);
    System.arraycopy(handedBack, again, all, back.length, left);
    handedBack = all;
    again = 0;
    batch = null;
    return back.length;
  }

  void enterPolicy() {
    if (!isIdle()) {
      batch = slot.newBatch(this);
    }
  }

  @Override
  public void tryToUnmap(Exec x, int folio) {
    cache.mapped().unmapFolio(x, folio, flushCpus);
    unflushedPages += cache.folios().nrPages(folio);
  }

  @Override
  public void unmapFlush(Exec x) {
    if (unflushedPages > 0) {
      slot.tlbs().flush(x, flushCpus, unflushedPages);
      unflushedPages = 0;
    }
  }

  @Override
  public void finish(Exec x, int folio) {
    giveUp(folio);
    if (mayBeStale()) {
      cache
          .machine()
          .checker()
          .report(Rule.DOMAIN, x, slot.id() + " finished a folio before the TLB flush");
    }
    owner.unmapped(x, folio);
  }

  private boolean mayBeStale() {
    for (long word : flushCpus) {
      if (word != 0) {
        return true;
      }
    }
    return false;
  }
}
