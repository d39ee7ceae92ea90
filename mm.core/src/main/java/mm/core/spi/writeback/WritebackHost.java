package mm.core.spi.writeback;

import mm.core.AddressSpace;
import org.osgi.annotation.versioning.ProviderType;
import sim.kernel.Exec;
import sim.kernel.Machine;

/** What the page cache offers to a writeback policy in one run. */
@ProviderType
public interface WritebackHost {
  /** The machine of the run. */
  Machine machine();

  /**
   * Writes the range out in the caller's task, without waiting for the I/O. A step function; may
   * sleep. Models {@code filemap_flush_range}: WB_SYNC_NONE, no budget.
   */
  void flushRange(Exec x, AddressSpace mapping, long pos, long countBytes);

  /**
   * As {@link #flushRange}, with a budget: stops when that many pages have been submitted, the last
   * folio counted whole.
   *
   * @param pages above 0
   */
  void flushRangeUpTo(Exec x, AddressSpace mapping, long pos, long countBytes, long pages);

  /**
   * As {@link #flushRange}, by a task that no kernel has: it begins at this very instant, costs no
   * CPU any time, and waits in the caller's place for folio locks and for room in the device's
   * queue. Ends in the current step and charges nothing. Only a policy that ships as a bound may
   * use it.
   */
  void flushRangeIdeally(Exec x, AddressSpace mapping, long pos, long countBytes);

  /**
   * Wakes the flushers of the mapping's device to write everything they have. Ends in the current
   * step. Models {@code wb_start_writeback} with WB_start_all: a second kick before the flusher is
   * done with the first does nothing.
   *
   * @return whether a flusher was woken
   */
  boolean startAll(Exec x, AddressSpace mapping);

  /**
   * Wakes the mapping's flusher to write as many pages as there are dirty dropbehind ones, the
   * oldest inodes first. Ends in the current step. Models {@code filemap_dontcache_kick_writeback}:
   * does nothing if there is no dirty inode, or if a kick is pending.
   *
   * @return whether the flusher was woken
   */
  boolean startDontcache(Exec x, AddressSpace mapping);

  /** As {@link #startDontcache(Exec, AddressSpace)}, in the way of a version that was posted. */
  boolean startDontcache(Exec x, AddressSpace mapping, DontcacheKick kick);

  /** Dirty pages of all files: NR_FILE_DIRTY. */
  long dirtyPages();

  /** Dirty pages at which writers are stopped, as the machine stands now. */
  long dirtyThresholdPages();

  /**
   * Pages of the mapping's bdi_writeback that are dirty and dropbehind, from its approximate
   * counter (WB_DONTCACHE_DIRTY).
   */
  long dontcacheDirtyPages(AddressSpace mapping);
}
