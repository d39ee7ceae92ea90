package fs.iomap;

/** Kinds of ioend ({@code IOMAP_IOEND_*}); only ioends of equal {@link #NOMERGE} flags join. */
final class IoendFlag {
  /** Written to the copy-on-write fork; the end remaps the range. */
  static final int SHARED = 1;

  /** Written to an unwritten extent; the end converts it. */
  static final int UNWRITTEN = 1 << 1;

  /** Does not join what is before it. */
  static final int BOUNDARY = 1 << 2;

  /** A direct write. */
  static final int DIRECT = 1 << 3;

  /** Of dropbehind folios; up to Linux 7.2. */
  static final int DONTCACHE = 1 << 4;

  /** {@code IOMAP_IOEND_NOMERGE_FLAGS}. */
  static final int NOMERGE = SHARED | UNWRITTEN | DIRECT | DONTCACHE;

  private IoendFlag() {}
}
