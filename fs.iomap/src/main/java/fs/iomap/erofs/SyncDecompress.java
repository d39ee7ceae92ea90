package fs.iomap.erofs;

/** Which reads decompress in the reader's own task ({@code sync_decompress} in sysfs). */
public enum SyncDecompress {
  /**
   * Reads of a single folio do, readahead does not; the first asynchronous request that comes to
   * its end in atomic context makes it {@link #FORCE_ON}.
   */
  AUTO,
  /** Readahead of at most 3 pages does as well. */
  FORCE_ON,
  /** None does. */
  FORCE_OFF
}
