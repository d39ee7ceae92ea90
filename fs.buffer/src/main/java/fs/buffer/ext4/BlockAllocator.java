package fs.buffer.ext4;

import java.util.List;

/**
 * Free space of the device ({@code mballoc}): gives contiguous blocks, one behind the other, and
 * each file some ahead of what it asks for.
 *
 * <p>Left out: block groups with their bitmaps, the locality group of small files, and space that
 * comes back, because no file is deleted or truncated in a run.
 */
final class BlockAllocator {
  private final long blocks;
  private final List<Ext4File> files;
  private long next;
  private long reserved;

  /** Blocks that files have ahead of their extents. */
  private long ahead;

  /**
   * Space for data.
   *
   * @param firstBlock first device block that is free
   * @param blocks device blocks in all
   * @param files whose preallocations are taken back when nothing else is left
   */
  BlockAllocator(long firstBlock, long blocks, List<Ext4File> files) {
    next = firstBlock;
    this.blocks = blocks;
    this.files = files;
  }

  /** Blocks that no extent has and nobody was promised. */
  long freeBlocks() {
    return blocks - next + ahead - reserved;
  }

  /** {@code ext4_da_reserve_space}: false if there are not so many ({@code ENOSPC}). */
  boolean reserve(long count) {
    if (count > freeBlocks()) {
      return false;
    }
    reserved += count;
    return true;
  }

  /** {@code ext4_da_update_reserve_space}: blocks that were promised have been given. */
  void release(long count) {
    reserved -= count;
  }

  /** Where it would go on: which block group is changed by an allocation. */
  long goal() {
    return Math.min(next, blocks - 1);
  }

  /** Takes blocks in one piece, for a file that is there before the run; -1 if there are none. */
  long take(long count) {
    if (count > blocks - next) {
      return -1;
    }
    long first = next;
    next += count;
    return first;
  }

  /**
   * {@code ext4_mb_new_blocks}: gives blocks of a file their places, as many as lie beside each
   * other.
   *
   * @param into its first block is named; state and places are filled in
   * @param limit the block behind the last that is asked for
   * @return false if no block is free
   */
  boolean allocate(Ext4File file, long limit, MappedBlocks into) {
    Preallocations ranges = file.preallocations();
    long block = into.block;
    if (!ranges.has(block) && !preallocate(ranges, block, limit, file.sizeWith(limit))) {
      return false;
    }
    ranges.has(block);
    long taken = Math.min(limit - block, ranges.blocksFrom(block));
    into.diskBlock = ranges.diskBlock(block);
    into.endBlock = block + taken;
    ahead -= taken;
    return true;
  }

  private boolean preallocate(Preallocations ranges, long block, long limit, long sizeBytes) {
    long first = ranges.rangeFirst(block, sizeBytes);
    long end = ranges.rangeEnd(block, limit - block, sizeBytes);
    if (end - first > blocks - next) {
      // Nearly full: no more than is asked for.
      first = block;
      end = Math.min(end, Math.min(limit, block + blocks - next));
    }
    if (end > first) {
      ranges.add(first, end - first, next);
      next += end - first;
      ahead += end - first;
      return true;
    }
    return discard(
        ranges, block, Math.min(limit, ranges.rangeEnd(block, limit - block, sizeBytes)));
  }

  /** {@code ext4_mb_discard_preallocations}: gives what another file has ahead and never used. */
  private boolean discard(Preallocations ranges, long block, long limit) {
    for (Ext4File other : files) {
      Preallocations theirs = other.preallocations();
      for (int range = 0; range < theirs.count(); range++) {
        long used = other.status().endOnDisk(theirs.first(range), theirs.end(range));
        long unused = theirs.end(range) - used;
        if (unused > 0) {
          long given = Math.min(unused, limit - block);
          long disk = theirs.cut(range, theirs.end(range) - given);
          ranges.add(block, given, disk);
          return true;
        }
      }
    }
    return false;
  }
}
