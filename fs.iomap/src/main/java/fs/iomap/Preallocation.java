package fs.iomap;

/**
 * Space that is reserved behind a write which makes its file longer ({@code
 * xfs_iomap_prealloc_size}): twice what lies before it in one piece, cut to a power of two.
 *
 * <p>The kernel gives it back when the file is closed or space is short. Nothing is given back
 * here, so that it never takes more than an eighth of what is free.
 */
final class Preallocation {
  /** {@code XFS_WRITEIO_LOG_LARGE}: the least, and what the end of a write is rounded down to. */
  private static final int UNIT_SHIFT = 16;

  /** {@code XFS_MAX_BMBT_EXTLEN}: blocks of the longest extent. */
  private static final long EXTENT_BLOCKS_MAX = (1L << 21) - 1;

  private final IomapFileSystem fs;
  private final Iomap previous = new Iomap();
  private final Iomap before = new Iomap();

  Preallocation(IomapFileSystem fs) {
    this.fs = fs;
  }

  /**
   * Where a reservation ends, its preallocation included ({@code xfs_buffered_write_iomap_begin}).
   *
   * @param block where the write begins; nothing lies at it or behind it
   * @param endBlock block behind the last that is to be written
   * @param sizeBytes size of the file before the write
   */
  long endBlock(ExtentMap data, long block, long endBlock, long sizeBytes) {
    long blocks = Math.min(blocks(data, block, sizeBytes), fs.freeBlocks() >> 3);
    if (blocks == 0) {
      return endBlock;
    }
    long lastByte = (endBlock << fs.blockShift()) - 1;
    long unit = lastByte >> UNIT_SHIFT << UNIT_SHIFT >> fs.blockShift();
    return Math.max(endBlock, unit + blocks);
  }

  private long blocks(ExtentMap data, long block, long sizeBytes) {
    long least = 1L << UNIT_SHIFT - fs.blockShift();
    if (sizeBytes >> fs.blockShift() < least) {
      return 0;
    }
    if (block == 0) {
      return least;
    }
    data.lookup(block - 1, previous);
    if (previous.state == ExtentState.HOLE) {
      return least;
    }
    long inOnePiece = previous.endBlock - previous.firstBlock;
    while (inOnePiece <= EXTENT_BLOCKS_MAX / 2 && previous.firstBlock > 0) {
      data.lookup(previous.firstBlock - 1, before);
      if (!goesOn()) {
        break;
      }
      inOnePiece += before.endBlock - before.firstBlock;
      previous.copyFrom(before);
    }
    long wanted = 2 * inOnePiece > EXTENT_BLOCKS_MAX ? block : 2 * inOnePiece;
    long power = Long.highestOneBit(Math.min(wanted, EXTENT_BLOCKS_MAX + 1));
    return Math.max(least, Math.min(power, EXTENT_BLOCKS_MAX));
  }

  /** Whether the extent before has blocks and is continued by the previous one on the device. */
  private boolean goesOn() {
    return before.hasBlocks()
        && previous.hasBlocks()
        && before.diskBlock(before.endBlock) == previous.diskBlock;
  }
}
