package fs.buffer.ext4;

/** What the blocks of a file are like before the run, up to its size. */
public enum Ext4Layout {
  /** No blocks: writes reserve them, and writeback allocates. */
  SPARSE(BlockState.HOLE),
  /** Blocks without data ({@code fallocate}): each write converts them when it completes. */
  PREALLOCATED(BlockState.UNWRITTEN),
  /** Written before: writes within the size are overwrites. */
  WRITTEN(BlockState.WRITTEN);

  private final BlockState state;

  Ext4Layout(BlockState state) {
    this.state = state;
  }

  BlockState state() {
    return state;
  }
}
