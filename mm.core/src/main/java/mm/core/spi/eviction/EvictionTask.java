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
}
