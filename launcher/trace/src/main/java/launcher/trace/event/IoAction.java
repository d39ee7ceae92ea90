package launcher.trace.event;

/** What a program asked for. */
public enum IoAction {
  /** Names a file. */
  ADD,
  /** Opens a file. */
  OPEN,
  /** Closes a file. */
  CLOSE,
  /** Reads. */
  READ,
  /** Writes. */
  WRITE,
  /** Discards. */
  TRIM,
  /** fsync. */
  SYNC,
  /** fdatasync. */
  DATASYNC,
  /** sync_file_range; fio logs it and does not replay it. */
  SYNC_FILE_RANGE,
  /** A cache was asked for it; whether to read or to write is not told. */
  REFERENCE,
  /** Waits until a time. */
  WAIT,
  /** A mark between parts. */
  MARK;

  /** Whether offset and length mean something. */
  public boolean transfers() {
    return this == READ || this == WRITE || this == TRIM;
  }
}
