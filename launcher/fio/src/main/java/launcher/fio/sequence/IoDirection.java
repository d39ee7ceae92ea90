package launcher.fio.sequence;

/** What an operation does. */
public enum IoDirection {
  READ,
  WRITE,
  TRIM,
  /** fsync(2). */
  SYNC,
  /** fdatasync(2). */
  DATASYNC,
  /** sync_file_range(2), over the writes since the last one. */
  SYNC_FILE_RANGE;

  /** Whether the operation moves data, so that it counts as an I/O and has a length. */
  public boolean transfers() {
    return ordinal() <= TRIM.ordinal();
  }
}
