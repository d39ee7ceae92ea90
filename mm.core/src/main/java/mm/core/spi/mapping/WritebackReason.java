package mm.core.spi.mapping;

/** Why a flusher writes. Models {@code enum wb_reason}; ordinals are the kernel's numbers. */
public enum WritebackReason {
  /** Dirty pages are above the background threshold. */
  BACKGROUND,
  /** Reclaim met dirty folios at the end of the LRU lists. */
  VMSCAN,
  /** {@code sync}, {@code fsync} or unmount. */
  SYNC,
  /** Data has become older than {@code dirty_expire}. */
  PERIODIC,
  /** Laptop mode; not modelled. */
  LAPTOP_TIMER,
  /** The file system needs space; not modelled. */
  FS_FREE_SPACE,
  /** The flusher ran on the rescuer; not modelled. */
  FORKER_THREAD,
  /** Another cgroup's writeback; not modelled. */
  FOREIGN_FLUSH,
  /** A DONTCACHE write kicked the flusher. */
  DONTCACHE
}
