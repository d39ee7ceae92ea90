package mm.core.spi.eviction;

import org.osgi.annotation.versioning.ConsumerType;
import sim.kernel.Exec;

/**
 * Mapped folios that one task is evicting. Used by that task only. Every folio taken by {@link
 * #evict} is given to {@link EvictionHost#finish} exactly once, after its page tables were unmapped
 * and the TLBs flushed, or is handed back by {@link #handBack}.
 */
@ConsumerType
public interface EvictionBatch {
  /**
   * Takes a mapped folio over from reclaim or from dropbehind. A step function in task context; may
   * sleep.
   *
   * @param folio locked, isolated, mapped by a page table
   */
  void evict(Exec x, int folio);

  /**
   * The evicting task has come to the end of its list: nothing may stay pending. A step function in
   * task context.
   */
  void flush(Exec x);

  /** Hands each folio back that is neither finished nor has been handed back; never null. */
  int[] handBack();

  /** How many folios it holds. */
  int pending();
}
