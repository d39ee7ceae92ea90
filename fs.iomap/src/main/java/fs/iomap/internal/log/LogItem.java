package fs.iomap.internal.log;

/**
 * Something that transactions change: the log has to keep its last change until it is written in
 * place ({@code struct xfs_log_item}).
 */
public final class LogItem {
  /** It is not in the AIL. */
  static final long NOT_IN_AIL = -1;

  private static final int RECORD_HEADER_SHIFT = 6;

  final MetadataBuffer buffer;

  /** What a change takes in a checkpoint, with 512 bytes of record header for each 32 KiB. */
  final int loggedBytes;

  /** Byte of the log where the checkpoint begins that holds its last change on the device. */
  long lsn = NOT_IN_AIL;

  /** The checkpoint to come that has a change of it. */
  long sequence = -1;

  /** Whether the checkpoint that is being written has a change of it. */
  boolean committing;

  /** Whether its write in place is under way, and its {@link #lsn} when that began. */
  boolean flushing;

  long flushLsn;

  LogItem previous;
  LogItem next;

  /**
   * Something that was never changed.
   *
   * @param buffer where it is written in place
   * @param changeBytes what one change of it takes in the log
   */
  public LogItem(MetadataBuffer buffer, int changeBytes) {
    this.buffer = buffer;
    loggedBytes = changeBytes + (changeBytes >> RECORD_HEADER_SHIFT);
    buffer.items.add(this);
  }
}
