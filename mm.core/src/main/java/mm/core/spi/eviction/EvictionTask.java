package mm.core.spi.eviction;

import org.osgi.annotation.versioning.ProviderType;
import sim.kernel.Exec;

/** One task that evicts, as its policy's batch sees it. */
@ProviderType
public interface EvictionTask {
  /**
   * Removes the folio from every page table that maps it, and adds the CPUs whose TLBs may still
   * know it to this task's flush batch. Ends in the current step. Models {@code try_to_unmap} with
   * {@code TTU_BATCH_FLUSH}.
   */
  void tryToUnmap(Exec x, int folio);

  /**
   * Flushes the TLBs of all CPUs in this task's flush batch with one shoot-down, and waits for it;
   * nothing if the batch is empty. Ends in the current step. Models {@code try_to_unmap_flush}.
   */
  void unmapFlush(Exec x);

  /**
   * As {@link #unmapFlush}, but only if an entry in the flush batch let a CPU store: what has to
   * precede the write-out of a folio. Clean entries may wait. Ends in the current step. Models
   * {@code try_to_unmap_flush_dirty}.
   */
  void unmapFlushDirty(Exec x);

  /**
   * Makes the TLBs of all CPUs in this task's flush batch forget at once and at no cost, without an
   * interrupt: no machine can. For bounds only.
   */
  void unmapFlushForFree();

  /**
   * Ends the eviction of an unmapped folio whose TLB entries were flushed: removes it, or keeps it
   * if it became dirty or busy, and unlocks it. A step function.
   */
  void finish(Exec x, int folio);

  /**
   * Whether {@link #finish} would write the folio out: one of reclaim's that is dirty, and
   * anonymous or shmem. No entry that lets a CPU store to it may be unflushed then. Such a folio
   * may be unlocked before it is finished; others, and those of dropbehind and of truncation, may
   * not. {@code finish} writes no dirty folio of a file.
   */
  boolean isForPageout(int folio);

  /**
   * Unlocks a folio that is to be finished later, and wakes who waits for it: from here on anybody
   * may map it, store to it, have it written or pin it. Its reference stays. Ends in the current
   * step.
   */
  void unlock(Exec x, int folio);

  /** Locks a folio again that {@link #unlock} has unlocked, if that is possible at once. */
  boolean trylock(int folio);

  /**
   * Whether a folio that was unlocked in between is still as {@link #tryToUnmap} left it: neither
   * under writeback nor mapped again. Asked of a locked folio.
   */
  boolean isEvictable(int folio);

  /** Whether a device may have a folio in use: {@code folio_maybe_dma_pinned}. */
  boolean maybeDmaPinned(int folio);

  /**
   * Gives up evicting a folio: it goes back to the list it came from, unlocked unless somebody else
   * has locked it. In place of {@link #finish}; ends in the current step.
   */
  void putBack(Exec x, int folio);
}
