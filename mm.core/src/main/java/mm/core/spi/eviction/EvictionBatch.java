package mm.core.spi.eviction;

import org.osgi.annotation.versioning.ConsumerType;
import sim.kernel.Exec;

/**
 * Mapped folios that one task is evicting. Every folio taken by {@link #evict} is given to {@link
 * EvictionTask#finish} exactly once, after it was unmapped and the TLBs were flushed, or handed
 * back by {@link #handBack}.
 */
@ConsumerType
public interface EvictionBatch {
  /**
   * Takes a mapped folio over from reclaim or from dropbehind. A step function; may sleep only as
   * far as {@link EvictionTask} does.
   *
   * @param folio locked; mapped by a page table, unless a policy that left has unmapped it already
   *     and not flushed yet
   */
  void evict(Exec x, int folio);

  /** The task has come to the end of its list: nothing may stay pending. A step function. */
  void flush(Exec x);

  /**
   * Hands back each folio that is not finished, in the order they were taken; never null. Between
   * two events: steps that this batch has named may still run afterwards and must find nothing.
   */
  int[] handBack();

  /** How many folios are neither finished nor handed back. */
  int pending();
}
