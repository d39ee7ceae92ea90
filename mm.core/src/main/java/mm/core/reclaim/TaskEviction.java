package mm.core.reclaim;

import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.PageCache;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionTask;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.check.CustodyBound;
import sim.kernel.check.Rule;
import sim.kernel.spi.PolicyBreachException;

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
  private final TlbFlushBatch tlbBatch;
  private final EvictionCustody custody = new EvictionCustody();
  private final Step flush = this::flush;
  private final Step flushed = this::flushed;

  private Owner owner;

  /** Takes folios that stay after all, and that this task has not locked; null if none may. */
  private Owner keeper;

  private EvictionBatch batch;

  TaskEviction(EvictionSlot slot, PageCache cache) {
    this.slot = slot;
    this.cache = cache;
    tlbBatch = new TlbFlushBatch(slot, cache);
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
    return custody.pending();
  }

  int inPolicy() {
    return custody.held();
  }

  /** Gives a mapped, locked folio to the policy. A step function. */
  public void evict(Exec x, int folio) {
    if (custody.held() >= slot.bound().items()) {
      slot.giveUp(CustodyBound.exceeded(custody.held(), "folios"));
      custody.owe(folio);
      return;
    }
    custody.give(folio);
    long mark = x.markAtomic();
    try {
      if (batch == null) {
        batch = slot.newBatch(this);
      }
      if (batch != null) {
        batch.evict(x, folio);
        return;
      }
    } catch (Throwable thrown) {
      cache.machine().requireSurvivable(thrown);
      if (!slot.hasPolicy() || !custody.has(folio)) {
        // Not the policy's fault: there is none, or the folio's owner has gone on with it.
        throw thrown;
      }
      giveUp(x, thrown, mark);
      return;
    } finally {
      x.markedReturned();
    }
    custody.takeBack(folio);
    custody.owe(folio);
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
    int before = custody.held();
    long mark = x.markAtomic();
    try {
      batch.flush(x);
    } catch (Throwable thrown) {
      cache.machine().requireSurvivable(thrown);
      if (!slot.hasPolicy() || custody.held() < before) {
        throw thrown;
      }
      giveUp(x, thrown, mark);
    } finally {
      x.markedReturned();
    }
  }

  private void giveUp(Exec x, Throwable thrown, long mark) {
    String culprit = slot.policyId();
    slot.giveUp(thrown);
    x.releaseAtomicTo(mark, culprit);
  }

  private void flushed(Exec x) {
    if (custody.held() > 0) {
      slot.giveUp(
          "left "
              + custody.held()
              + " folios unfinished after flush, among them "
              + cache.folios().describe(custody.firstHeld()));
    }
    custody.listDone();
    if (!custody.owesAny()) {
      return;
    }
    if (slot.hasPolicy()) {
      // The policy was swapped under this list: its successor gets what it had.
      x.then(flush);
      evictOwed(x, custody.nextOwed());
    } else {
      x.then(flushed);
      slot.awaitPolicy(x);
    }
  }

  /** A folio that the policy before had unlocked is locked again first, if it can be. */
  private void evictOwed(Exec x, int folio) {
    if (!custody.forgetUnlocked(folio) || cache.trylock(folio)) {
      evict(x, folio);
    } else {
      keeper.unmapped(x, folio);
    }
  }

  /** The policy is done with a folio. */
  private void takeBack(int folio) {
    if (!custody.takeBack(folio)) {
      throw new PolicyBreachException(
          "eviction policy "
              + slot.policyId()
              + ": "
              + cache.folios().describe(folio)
              + " is finished; it must be one that was taken, not finished before and not handed"
              + " back");
    }
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
    custody.policyLeft();
    return fault;
  }

  private String faultOfHandBack() {
    int[] back;
    try {
      back = batch.handBack();
    } catch (Throwable thrown) {
      cache.machine().requireSurvivable(thrown);
      return "handBack threw " + thrown;
    }
    if (back == null) {
      return "handBack returned null";
    }
    int missing = custody.missingFrom(back);
    if (missing != 0) {
      return "handBack kept back or misplaced " + cache.folios().describe(missing);
    }
    int held = custody.held();
    return held == back.length ? "" : "handBack returned folio " + back[held] + ", not its own";
  }

  @Override
  public void tryToUnmap(Exec x, int folio) {
    requireRunsOwn();
    if (keeper != null && cache.folios().test(folio, FolioFlag.MLOCKED)) {
      return; // Locked since reclaim looked: it stays mapped.
    }
    tlbBatch.unmap(x, folio);
  }

  @Override
  public void unmapFlush(Exec x) {
    requireRunsOwn();
    tlbBatch.flush(x);
  }

  @Override
  public void unmapFlushDirty(Exec x) {
    requireRunsOwn();
    tlbBatch.flushDirty(x);
  }

  @Override
  public void unmapFlushForFree() {
    requireRunsOwn();
    tlbBatch.flushForFree();
  }

  /** Whether TLBs may know the folio that this task has not flushed; for stores, or at all. */
  boolean isUnflushed(int folio, boolean forStores) {
    return tlbBatch.covers(folio, forStores);
  }

  @Override
  public boolean isForPageout(int folio) {
    requireRunsOwn();
    if (keeper == null || !cache.folios().test(folio, FolioFlag.DIRTY)) {
      return false;
    }
    AddressSpace mapping = cache.mappings().of(folio);
    return mapping != null && mapping.swapBacked() != null;
  }

  @Override
  public void unlock(Exec x, int folio) {
    requireRunsOwn();
    requireKeeper("unlock");
    custody.noteUnlocked(folio);
    cache.unlock(x, folio);
  }

  @Override
  public boolean trylock(int folio) {
    requireRunsOwn();
    return cache.trylock(folio) && custody.forgetUnlocked(folio);
  }

  @Override
  public boolean isEvictable(int folio) {
    requireRunsOwn();
    return !cache.folios().mapped(folio) && !cache.folios().test(folio, FolioFlag.WRITEBACK);
  }

  @Override
  public boolean maybeDmaPinned(int folio) {
    requireRunsOwn();
    return cache.folios().maybeDmaPinned(folio);
  }

  @Override
  public void putBack(Exec x, int folio) {
    requireRunsOwn();
    requireKeeper("putBack");
    takeBack(folio);
    if (!custody.forgetUnlocked(folio)) {
      cache.unlock(x, folio);
    }
    keeper.unmapped(x, folio);
  }

  private void requireRunsOwn() {
    cache.machine().requireRunsOwn(slot.policyId());
  }

  private void requireKeeper(String what) {
    if (keeper == null) {
      throw new PolicyBreachException(
          "eviction policy "
              + slot.policyId()
              + ": "
              + what
              + " of a folio that may not be unlocked");
    }
  }

  @Override
  public void finish(Exec x, int folio) {
    requireRunsOwn();
    takeBack(folio);
    // What is written out may wait with entries that let nobody store: it is not freed here.
    if (isUnflushed(folio, isForPageout(folio))) {
      report(x, "finished a folio before the TLB flush");
    }
    if (custody.forgetUnlocked(folio)) {
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
}
