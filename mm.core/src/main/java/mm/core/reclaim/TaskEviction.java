package mm.core.reclaim;

import java.util.Arrays;
import mm.core.FolioFlag;
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

  /** Folios that no policy has, from {@link #owedFrom} on; the next policy gets them. */
  private int[] owed = new int[64];

  private int owedFrom;
  private int owedEnd;

  /** Folios whose entries are removed and not flushed; those that no entry let store are < 0. */
  private int[] unflushed = new int[64];

  private int unflushedFolios;
  private long unflushedPages;

  /** Folios that the policy has unlocked. */
  private int[] unlocked = new int[64];

  private int unlockedFolios;

  private Owner owner;

  /** Takes folios that stay after all, and that this task has not locked; null if none may. */
  private Owner keeper;

  private EvictionBatch batch;

  TaskEviction(EvictionSlot slot, PageCache cache) {
    this.slot = slot;
    this.cache = cache;
    flushCpus = new long[(cache.machine().cpuCount() + 63) >>> 6];
  }

  void begin(Owner of, Owner keptBy) {
    owner = of;
    keeper = keptBy;
  }

  boolean isIdle() {
    return owner == null;
  }

  void end() {
    owner = null;
    keeper = null;
  }

  int pending() {
    return held + owedEnd - owedFrom;
  }

  int inPolicy() {
    return held;
  }

  /** Gives a mapped, locked folio to the policy. A step function. */
  public void evict(Exec x, int folio) {
    take(folio);
    try {
      if (batch == null) {
        batch = slot.newBatch(this);
      }
      if (batch != null) {
        batch.evict(x, folio);
        return;
      }
    } catch (RuntimeException thrown) {
      if (!slot.hasPolicy() || !isHeld(folio)) {
        // Not the policy's fault: there is none, or the folio's owner has gone on with it.
        throw thrown;
      }
      slot.giveUp(thrown);
      return;
    }
    giveUp(folio);
    owe(folio);
  }

  /** As {@link #evict}, for a folio that nothing follows: it is finished when this returns. */
  public void evictAlone(Exec x, int folio) {
    x.then(flush);
    evict(x, folio);
  }

  /** Has the policy finish all that it holds. A step function. */
  public void flush(Exec x) {
    x.then(flushed);
    if (batch == null) {
      return;
    }
    int before = held;
    try {
      batch.flush(x);
    } catch (RuntimeException thrown) {
      if (!slot.hasPolicy() || held < before) {
        throw thrown;
      }
      slot.giveUp(thrown);
    }
  }

  private void flushed(Exec x) {
    if (held > 0) {
      slot.giveUp(
          "left "
              + held
              + " folios unfinished after flush, among them "
              + cache.folios().describe(firstHeld()));
    }
    given = 0;
    if (owedFrom == owedEnd) {
      owedFrom = 0;
      owedEnd = 0;
    } else if (slot.hasPolicy()) {
      // The policy was swapped under this list: its successor gets what it had.
      x.then(flush);
      evictOwed(x, owed[owedFrom++]);
    } else {
      x.then(flushed);
      slot.awaitPolicy(x);
    }
  }

  /** A folio that the policy before had unlocked is locked again first, if it can be. */
  private void evictOwed(Exec x, int folio) {
    if (!lockedAgain(folio)) {
      evict(x, folio);
    } else if (cache.trylock(folio)) {
      evict(x, folio);
    } else {
      keeper.unmapped(x, folio);
    }
  }

  private boolean lockedAgain(int folio) {
    for (int i = 0; i < unlockedFolios; i++) {
      if (unlocked[i] == folio) {
        unlocked[i] = unlocked[--unlockedFolios];
        return true;
      }
    }
    return false;
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

  private void owe(int folio) {
    if (owedEnd == owed.length) {
      owed = Arrays.copyOf(owed, owedEnd * 2);
    }
    owed[owedEnd++] = folio;
  }

  private boolean isHeld(int folio) {
    for (int i = given - 1; i >= 0; i--) {
      if (custody[i] == folio) {
        return true;
      }
    }
    return false;
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
            + slot.policyId()
            + ": "
            + cache.folios().describe(folio)
            + " is finished; it must be one that was taken, not finished before and not handed"
            + " back");
  }

  /**
   * Takes all folios back from a policy that leaves, whatever it says; its successor gets them, in
   * the order they were given, when this task flushes.
   *
   * @return what the policy did wrong; empty if nothing
   */
  String leavePolicy() {
    if (batch == null) {
      return "";
    }
    String fault = faultOfHandBack();
    batch = null;
    if (held > 0) {
      int left = owedEnd - owedFrom;
      int[] all = new int[Math.max(64, 2 * (held + left))];
      int count = 0;
      for (int i = 0; i < given; i++) {
        if (custody[i] != 0) {
          all[count++] = custody[i];
        }
      }
      System.arraycopy(owed, owedFrom, all, count, left);
      owed = all;
      owedFrom = 0;
      owedEnd = count + left;
    }
    held = 0;
    given = 0;
    return fault;
  }

  private String faultOfHandBack() {
    int[] back;
    try {
      back = batch.handBack();
    } catch (RuntimeException thrown) {
      return "handBack threw " + thrown;
    }
    if (back == null) {
      return "handBack returned null";
    }
    int at = 0;
    for (int i = 0; i < given; i++) {
      if (custody[i] != 0) {
        if (at == back.length || back[at] != custody[i]) {
          return "handBack kept back or misplaced " + cache.folios().describe(custody[i]);
        }
        at++;
      }
    }
    return at == back.length ? "" : "handBack returned folio " + back[at] + ", not its own";
  }

  @Override
  public void tryToUnmap(Exec x, int folio) {
    boolean mapped = cache.folios().mapped(folio);
    boolean writable = cache.mapped().unmapFolio(x, folio, flushCpus);
    unflushedPages += cache.folios().nrPages(folio);
    if (mapped) {
      if (unflushedFolios == unflushed.length) {
        unflushed = Arrays.copyOf(unflushed, unflushedFolios * 2);
      }
      unflushed[unflushedFolios++] = writable ? folio : -folio;
      slot.countUnflushed(1);
    }
  }

  @Override
  public void unmapFlush(Exec x) {
    if (unflushedPages > 0) {
      slot.tlbs().flush(x, flushCpus, unflushedPages);
      forgetUnflushed();
    }
  }

  @Override
  public void unmapFlushForFree() {
    slot.tlbs().forget(flushCpus);
    Arrays.fill(flushCpus, 0);
    forgetUnflushed();
  }

  private void forgetUnflushed() {
    slot.countUnflushed(-unflushedFolios);
    unflushedFolios = 0;
    unflushedPages = 0;
  }

  /** Whether TLBs may know the folio that this task has not flushed; for stores, or at all. */
  boolean isUnflushed(int folio, boolean forStores) {
    if (!mayBeStale()) {
      return false;
    }
    for (int i = 0; i < unflushedFolios; i++) {
      if (unflushed[i] == folio || unflushed[i] == -folio && !forStores) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean mayUnlock(int folio) {
    return keeper != null && cache.folios().test(folio, FolioFlag.DIRTY);
  }

  @Override
  public void unlock(Exec x, int folio) {
    requireKeeper("unlock");
    if (unlockedFolios == unlocked.length) {
      unlocked = Arrays.copyOf(unlocked, unlockedFolios * 2);
    }
    unlocked[unlockedFolios++] = folio;
    cache.unlock(x, folio);
  }

  @Override
  public boolean trylock(int folio) {
    return cache.trylock(folio) && lockedAgain(folio);
  }

  @Override
  public boolean isEvictable(int folio) {
    return !cache.folios().test(folio, FolioFlag.UNEVICTABLE);
  }

  @Override
  public boolean isUntouched(int folio) {
    return !cache.folios().mapped(folio)
        && !cache.folios().test(folio, FolioFlag.WRITEBACK)
        && !cache.folios().maybeDmaPinned(folio);
  }

  @Override
  public void putBack(Exec x, int folio) {
    requireKeeper("putBack");
    giveUp(folio);
    if (!lockedAgain(folio)) {
      cache.unlock(x, folio);
    }
    keeper.unmapped(x, folio);
  }

  private void requireKeeper(String what) {
    if (keeper == null) {
      throw new IllegalStateException(
          "eviction policy "
              + slot.policyId()
              + ": "
              + what
              + " of a folio that may not be unlocked");
    }
  }

  @Override
  public void finish(Exec x, int folio) {
    giveUp(folio);
    if (isUnflushed(folio, false)) {
      report(x, "finished a folio before the TLB flush");
    }
    if (lockedAgain(folio)) {
      throw new IllegalStateException(
          "eviction policy "
              + slot.policyId()
              + ": finish of "
              + cache.folios().describe(folio)
              + ", which it has unlocked; it must have locked it again");
    }
    owner.unmapped(x, folio);
  }

  private void report(Exec x, String what) {
    cache.machine().checker().report(Rule.DOMAIN, x, slot.policyId() + " " + what);
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
