package mm.core.file;

/** A flag of one read or write call. Models {@code RWF_*}; masks are the kernel's values. */
public enum RwFlag {
  /** High priority: the caller polls for completion. */
  HIPRI(0x1),
  /** As if the file were open with O_DSYNC. */
  DSYNC(0x2),
  /** As if the file were open with O_SYNC. */
  SYNC(0x4),
  /** Return EAGAIN rather than wait. */
  NOWAIT(0x8),
  /** Write at the end of the file. */
  APPEND(0x10),
  /** Leave nothing in the page cache that was not there before. */
  DONTCACHE(0x80);

  private final int mask;

  RwFlag(int mask) {
    this.mask = mask;
  }

  /** The kernel's value. */
  public int mask() {
    return mask;
  }
}
