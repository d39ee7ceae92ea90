package mm.core;

/**
 * The lists of an {@link Lruvec}. Models {@code enum lru_list}, in the kernel's order, so that
 * {@code /proc/vmstat}-like reports come out in the order readers know.
 */
public enum LruList {
  /** Anonymous and shmem folios that reclaim looks at next. */
  INACTIVE_ANON,
  /** Anonymous and shmem folios in use. */
  ACTIVE_ANON,
  /** File folios that reclaim looks at next; where all new ones start. */
  INACTIVE_FILE,
  /** File folios used more than once. */
  ACTIVE_FILE,
  /** Folios that reclaim need not look at. */
  UNEVICTABLE;

  private static final LruList[] EVICTABLE = {
    INACTIVE_ANON, ACTIVE_ANON, INACTIVE_FILE, ACTIVE_FILE
  };

  /** The lists that reclaim goes over, in the order of their numbers, which start at 0. */
  public static LruList[] evictable() {
    return EVICTABLE.clone();
  }

  /** The list a folio with these flags belongs on. Models {@code folio_lru_list}. */
  public static LruList ofFlags(int flags) {
    if ((flags & FolioFlag.UNEVICTABLE.mask()) != 0) {
      return UNEVICTABLE;
    }
    int file = (flags & FolioFlag.SWAPBACKED.mask()) == 0 ? 2 : 0;
    int active = (flags & FolioFlag.ACTIVE.mask()) != 0 ? 1 : 0;
    return EVICTABLE[file + active];
  }
}
