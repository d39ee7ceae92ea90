package mm.core;

import java.util.ArrayDeque;
import mm.core.reclaim.TaskEviction;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/**
 * Removes folios after their writeback, or after the read that made them. Models {@code
 * folio_end_dropbehind}, {@code filemap_end_dropbehind}, {@code filemap_end_dropbehind_read} and
 * {@code folio_unmap_invalidate}.
 */
final class Dropbehind {
  private static final DropOutcome[] OUTCOMES = DropOutcome.values();

  private final PageCache cache;
  private final FolioStore folios;
  private final DropbehindSlot slot;
  private final long holdNs;
  private final long[] pagesByOutcome = new long[OUTCOMES.length];
  private final ArrayDeque<Drop> drops = new ArrayDeque<>();

  Dropbehind(PageCache cache) {
    this.cache = cache;
    folios = cache.folios();
    slot = new DropbehindSlot(cache);
    holdNs = cache.machine().costNs(Cost.FOLIO_TREE_HOLD);
  }

  DropbehindSlot slot() {
    return slot;
  }

  long pages(DropOutcome outcome) {
    return pagesByOutcome[outcome.ordinal()];
  }

  /** After the end of writeback of a dropbehind folio: {@code folio_end_dropbehind}. */
  void afterWriteback(Exec x, int folio) {
    if (!x.inTask()) {
      record(x, folio, slot.defer(x, folio) ? DropOutcome.DEFERRED : DropOutcome.NOT_TASK);
      return;
    }
    // A step of its own: a waiter that was just woken may get there first.
    folios.get(folio);
    x.then(drop(folio).end);
  }

  /** A policy did not want a folio that another had handed back: it stays cached. */
  void notDeferred(Exec x, int folio) {
    record(x, folio, DropOutcome.NOT_TASK);
  }

  /** The same for a folio that a dropbehind policy has held; it comes with a reference. */
  void endDeferred(Exec x, int folio) {
    drop(folio).end.run(x);
  }

  /**
   * After a read: drops the folio if it was made for that read. A step function; the caller's
   * reference is put. Models {@code filemap_end_dropbehind_read}.
   */
  void afterRead(Exec x, int folio) {
    if (folios.test(folio, FolioFlag.DIRTY_OR_WRITEBACK)) {
      record(x, folio, DropOutcome.DIRTY_OR_WRITEBACK);
      cache.put(folio);
      return;
    }
    drop(folio).end.run(x);
  }

  private Drop drop(int folio) {
    Drop drop = drops.pollLast();
    if (drop == null) {
      drop = new Drop();
    }
    drop.folio = folio;
    return drop;
  }

  private void record(Exec x, int folio, DropOutcome outcome) {
    int pages = folios.nrPages(folio);
    pagesByOutcome[outcome.ordinal()] += pages;
    if (outcome == DropOutcome.DROPPED) {
      cache.machine().trace().emit(x.nowNs(), x.cpu().id(), Tracepoint.FOLIO_DROP, pages);
    } else {
      cache
          .machine()
          .trace()
          .emit(x.nowNs(), x.cpu().id(), Tracepoint.FOLIO_KEEP, pages, outcome.ordinal());
    }
  }

  /**
   * The part of {@code folio_unmap_invalidate} after unmapping: takes a locked folio out of the
   * page cache, whatever references others hold. Ends in the current step.
   *
   * @return false if the file system or new dirt keeps it: -EBUSY
   */
  boolean invalidate(Exec x, AddressSpace mapping, int folio) {
    if (folios.mapped(folio) || cache.mappings().of(folio) != mapping) {
      return false;
    }
    if (folios.test(folio, FolioFlag.PRIVATE) && !mapping.operations().releaseFolio(x, folio)) {
      return false;
    }
    if (folios.test(folio, FolioFlag.DIRTY_OR_WRITEBACK)) {
      return false;
    }
    x.charge(Cost.FOLIO_DROP);
    x.charge(Cost.FOLIO_FREE_PAGE, folios.nrPages(folio) - 1);
    mapping.spinLock().contend(x, holdNs);
    mapping.spinLock().encloses(x, mapping.treeLock());
    cache.states().remove(x, mapping, folio);
    return true;
  }

  /** One folio being dropped; the caller's reference is held until the end. */
  private final class Drop {
    final Step end = this::end;
    private final Step evicted = this::evicted;
    private final TaskEviction.Owner unmapped = (x, unmappedFolio) -> invalidateNow(x);
    private int folio;
    private TaskEviction eviction;

    /** {@code folio_end_dropbehind} in a task. */
    private void end(Exec x) {
      if (!folios.test(folio, FolioFlag.DROPBEHIND)) {
        finish(x, DropOutcome.FLAG_CLEARED);
      } else if (!folios.trylock(folio)) {
        finish(x, DropOutcome.TRYLOCK_FAILED);
      } else {
        endLocked(x);
      }
    }

    /** {@code filemap_end_dropbehind}. */
    private void endLocked(Exec x) {
      AddressSpace mapping = cache.mappings().of(folio);
      if (folios.test(folio, FolioFlag.DIRTY_OR_WRITEBACK)) {
        unlockAndFinish(x, DropOutcome.DIRTY_OR_WRITEBACK);
        return;
      }
      folios.clear(folio, FolioFlag.DROPBEHIND);
      if (mapping == null) {
        unlockAndFinish(x, DropOutcome.NO_MAPPING);
      } else if (folios.mapped(folio)) {
        eviction = cache.evictionSlot().acquire(unmapped);
        x.then(evicted);
        eviction.evictAlone(x, folio);
      } else {
        invalidateNow(x);
      }
    }

    private void evicted(Exec x) {
      cache.evictionSlot().release(eviction);
      eviction = null;
      drops.addLast(this);
    }

    private void invalidateNow(Exec x) {
      AddressSpace mapping = cache.mappings().of(folio);
      boolean dropped = invalidate(x, mapping, folio);
      unlockAndFinish(x, dropped ? DropOutcome.DROPPED : DropOutcome.BUSY);
    }

    private void unlockAndFinish(Exec x, DropOutcome outcome) {
      cache.unlock(x, folio);
      finish(x, outcome);
    }

    private void finish(Exec x, DropOutcome outcome) {
      record(x, folio, outcome);
      cache.put(folio);
      if (eviction == null) {
        drops.addLast(this);
      }
    }
  }
}
