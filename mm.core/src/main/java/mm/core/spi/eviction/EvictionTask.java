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
   * Whether a folio may be unlocked before it is finished: one that reclaim has found dirty may;
   * clean ones, and those of dropbehind and of truncation, may not.
   */
  boolean mayUnlock(int folio);

  /**
   * Unlocks a folio that is to be finished later, and wakes who waits for it: from here on anybody
   * may map it, store to it, have it written or pin it. Its reference stays. Ends in the current
   * step.
   */
  void unlock(Exec x, int folio);

  /** Locks a folio again that {@link #unlock} has unlocked, if that is possible at once. */
  boolean trylock(int folio);

  /** Whether a folio still belongs on a list that reclaim looks at. */
  boolean isEvictable(int folio);

  /**
   * Whether a locked folio is still as {@link #tryToUnmap} left it: not mapped again, not under
   * writeback, not pinned for DMA.
   */
  boolean isUntouched(int folio);

  /**
   * Gives up evicting a folio: it goes back to the list it came from, unlocked unless somebody else
   * has locked it. In place of {@link #finish}; ends in the current step.
   */
  void putBack(Exec x, int folio);
}
