package fs.buffer.ext4;

/** What a block of a file is ({@code EXTENT_STATUS_HOLE} and so on). */
enum BlockState {
  /** Nothing there: it reads as zeros. */
  HOLE,
  /** Space is reserved; which blocks is decided at writeback. */
  DELAYED,
  /** It has a block whose content nobody may see. */
  UNWRITTEN,
  /** It has a block with data. */
  WRITTEN;

  private static final BlockState[] STATES = values();

  static BlockState of(int ordinal) {
    return STATES[ordinal];
  }

  /** Whether it has a place on the device. */
  boolean isOnDisk() {
    return this == UNWRITTEN || this == WRITTEN;
  }
}
