package mm.core.spi.mapping;

import java.util.Locale;

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
  /** Laptop mode, which newer kernels no longer have; does not arise. */
  LAPTOP_TIMER,
  /** The file system needs space, which ours never do; does not arise. */
  FS_FREE_SPACE,
  /** The flusher runs on the workqueue's rescuer. */
  FORKER_THREAD,
  /** A throttled group has dirtied files that another group's flusher writes. */
  FOREIGN_FLUSH,
  /** A DONTCACHE write kicked the flusher. */
  DONTCACHE;

  /** The kernel's name of it, as its trace events print it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
