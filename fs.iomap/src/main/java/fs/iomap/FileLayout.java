package fs.iomap;

/** What the blocks of a file are like before the run: it decides how writes to it complete. */
public enum FileLayout {
  /** No blocks: writes reserve space, and writeback allocates it. */
  SPARSE(ExtentState.HOLE, false),
  /** {@code fallocate}: blocks that writeback has to convert. */
  PREALLOCATED(ExtentState.UNWRITTEN, false),
  /** Written before: writes within the size are plain overwrites. */
  WRITTEN(ExtentState.WRITTEN, false),
  /** Written before and then cloned: writes go to new blocks and are remapped at their end. */
  SHARED(ExtentState.WRITTEN, true);

  private final ExtentState state;
  private final boolean shared;

  FileLayout(ExtentState state, boolean shared) {
    this.state = state;
    this.shared = shared;
  }

  ExtentState state() {
    return state;
  }

  boolean shared() {
    return shared;
  }
}
