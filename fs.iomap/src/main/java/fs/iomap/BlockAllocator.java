package fs.iomap;

/**
 * Free space of the device: gives contiguous extents, one behind the other.
 *
 * <p>Models what {@code xfs_alloc_vextent} does on a file system that is neither full nor
 * fragmented. Nothing is given back, because no file is deleted in a run.
 */
final class BlockAllocator {
  private final long blocks;
  private long next;

  /**
   * Space for data.
   *
   * @param firstBlock first device block that is free
   * @param blocks device blocks in all
   */
  BlockAllocator(long firstBlock, long blocks) {
    this.next = firstBlock;
    this.blocks = blocks;
  }

  /** Takes {@code count} blocks in one piece; -1 if there are not so many ({@code ENOSPC}). */
  long allocate(long count) {
    if (count > blocks - next) {
      return -1;
    }
    long first = next;
    next += count;
    return first;
  }

  long freeBlocks() {
    return blocks - next;
  }
}
