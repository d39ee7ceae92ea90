package fs.iomap;

/**
 * A mapping of a range of a file to the device ({@code struct iomap}): what one block mapping call
 * answers. Filled by {@link ExtentMap#lookup} and used again.
 */
final class Iomap {
  /** log2 of the bytes of a sector. */
  static final int SECTOR_SHIFT = 9;

  /** First block of the file that it covers. */
  long firstBlock;

  /** Block after the last that it covers; {@code Long.MAX_VALUE} for a hole without end. */
  long endBlock;

  /** Device block of {@link #firstBlock}; meaningless without blocks. */
  long diskBlock;

  ExtentState state = ExtentState.HOLE;

  /** Blocks shared with another file, or in the copy-on-write fork ({@code IOMAP_F_SHARED}). */
  boolean shared;

  /** {@link ExtentMap#version} of the data fork at look-up: a change makes this stale. */
  long version = -1;

  boolean covers(long block) {
    return block >= firstBlock && block < endBlock;
  }

  /** Whether there are blocks with data or room for it on the device. */
  boolean hasBlocks() {
    return state == ExtentState.WRITTEN || state == ExtentState.UNWRITTEN;
  }

  long diskBlock(long block) {
    return diskBlock + (block - firstBlock);
  }

  /** Leaves only blocks {@code first} to {@code end} - 1, which it covers. */
  void trim(long first, long end) {
    diskBlock = hasBlocks() ? diskBlock(first) : 0;
    firstBlock = first;
    endBlock = end;
  }

  void copyFrom(Iomap other) {
    firstBlock = other.firstBlock;
    endBlock = other.endBlock;
    diskBlock = other.diskBlock;
    state = other.state;
    shared = other.shared;
    version = other.version;
  }

  void invalidate() {
    version = -1;
    endBlock = firstBlock;
  }
}
