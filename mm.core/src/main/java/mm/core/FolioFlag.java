package mm.core;

import java.util.List;

/**
 * A page flag, or a set of them made by {@link #or}.
 *
 * <p>This is a record with constants and no enum, for two reasons. A set of flags is a value of the
 * same type, so that "dirty or under writeback" is one test. And the compiler of the JVM trusts the
 * fields of a record: a test against a constant becomes a test against an immediate mask, at the
 * cost of an {@code int} constant but without its danger, which is that folio and flag are both
 * {@code int} and could be swapped.
 *
 * <p>Models {@code enum pageflags} of include/linux/page-flags.h, as far as the page cache and
 * reclaim look at it. The bit numbers are ours.
 *
 * @param mask the bits of the flags in the set; never 0
 * @param label the kernel's name without {@code PG_}, or several joined by {@code |}
 */
public record FolioFlag(int mask, String label) {
  /** The folio lock, a bit lock. Taken by {@link FolioStore#trylock}. */
  public static final FolioFlag LOCKED = new FolioFlag(1, "locked");

  /** Somebody sleeps on the LOCKED or the WRITEBACK bit: the wait table must be looked at. */
  public static final FolioFlag WAITERS = new FolioFlag(1 << 1, "waiters");

  /** The content is valid. */
  public static final FolioFlag UPTODATE = new FolioFlag(1 << 2, "uptodate");

  /** Newer than storage; the tree mirrors it in {@link PageMark#DIRTY}. */
  public static final FolioFlag DIRTY = new FolioFlag(1 << 3, "dirty");

  /** On its way to storage; mirrored in {@link PageMark#WRITEBACK}. Holds no reference. */
  public static final FolioFlag WRITEBACK = new FolioFlag(1 << 4, "writeback");

  /** To be removed when its writeback, or the read that created it, ends. Set at creation only. */
  public static final FolioFlag DROPBEHIND = new FolioFlag(1 << 5, "dropbehind");

  /** Used once since it was last looked at by reclaim. */
  public static final FolioFlag REFERENCED = new FolioFlag(1 << 6, "referenced");

  /** Belongs on an active list. */
  public static final FolioFlag ACTIVE = new FolioFlag(1 << 7, "active");

  /** End of writeback rotates the folio to the inactive tail. */
  public static final FolioFlag RECLAIM = new FolioFlag(1 << 8, "reclaim");

  /** The readahead marker: the same bit as {@link #RECLAIM}, told apart by being clean. */
  public static final FolioFlag READAHEAD = new FolioFlag(1 << 8, "readahead");

  /** Buffer heads or sub-folio state are attached and hold a reference. */
  public static final FolioFlag PRIVATE = new FolioFlag(1 << 9, "private");

  /** Backed by swap: anonymous or shmem. Decides between anon and file lists. */
  public static final FolioFlag SWAPBACKED = new FolioFlag(1 << 10, "swapbacked");

  /** Has a slot in swap. */
  public static final FolioFlag SWAPCACHE = new FolioFlag(1 << 11, "swapcache");

  /** Linked in a list of {@link LruLists}. Set and cleared by it only. */
  public static final FolioFlag LRU = new FolioFlag(1 << 12, "lru");

  /** Belongs on the unevictable list. */
  public static final FolioFlag UNEVICTABLE = new FolioFlag(1 << 13, "unevictable");

  /** Locked into memory by a process. */
  public static final FolioFlag MLOCKED = new FolioFlag(1 << 14, "mlocked");

  /** Was active when it was last evicted, or has been refaulted. */
  public static final FolioFlag WORKINGSET = new FolioFlag(1 << 15, "workingset");

  /** The mapping is an anonymous region; in the kernel the low bit of the mapping pointer. */
  public static final FolioFlag ANON = new FolioFlag(1 << 16, "anon");

  /** Some of its page frames have never been touched. No flag of the kernel: the hypervisor's. */
  public static final FolioFlag UNTOUCHED = new FolioFlag(1 << 17, "untouched");

  /** Has buffer heads, which its group is charged for. */
  public static final FolioFlag BUFFERS = new FolioFlag(1 << 18, "buffers");

  /** What makes {@code filemap_end_dropbehind} keep a folio. */
  public static final FolioFlag DIRTY_OR_WRITEBACK = DIRTY.or(WRITEBACK);

  private static final List<FolioFlag> ALL =
      List.of(
          LOCKED,
          WAITERS,
          UPTODATE,
          DIRTY,
          WRITEBACK,
          DROPBEHIND,
          REFERENCED,
          ACTIVE,
          RECLAIM,
          PRIVATE,
          SWAPBACKED,
          SWAPCACHE,
          LRU,
          UNEVICTABLE,
          MLOCKED,
          WORKINGSET,
          ANON,
          UNTOUCHED,
          BUFFERS);

  /** Refuses an empty mask and the sign bit, which the store keeps for itself. */
  public FolioFlag {
    if (mask <= 0) {
      throw new IllegalArgumentException(
          "folio flag '" + label + "': mask is " + mask + "; it must be above 0");
    }
  }

  /** The set that holds the flags of both; meant for a constant, not for a hot path. */
  public FolioFlag or(FolioFlag other) {
    return new FolioFlag(mask | other.mask, label + "|" + other.label);
  }

  /** The kernel's names of the flags in {@code mask}, joined by {@code |}; "none" for 0. */
  public static String labelsOf(int mask) {
    StringBuilder labels = new StringBuilder();
    for (FolioFlag flag : ALL) {
      if ((mask & flag.mask) != 0) {
        labels.append(labels.length() == 0 ? "" : "|").append(flag.label);
      }
    }
    return labels.length() == 0 ? "none" : labels.toString();
  }
}
