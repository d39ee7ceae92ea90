package fs.buffer.ext4;

import java.util.Arrays;

/**
 * Space that a file has ahead of its extents ({@code struct ext4_prealloc_space} in the inode's
 * tree): for ranges of its blocks that do not overlap, where each of them will be. Made larger than
 * the request that found nothing, so that files which grow at the same time lie in large pieces,
 * and blocks that are written in any order lie in that of the file.
 */
final class Preallocations {
  private static final int BLOCK_SHIFT = 12;
  private static final long MIB = 1L << 20;
  private static final long STEP_MIN_BYTES = 16L << 10;

  // By range, in the order of the file.
  private long[] first = new long[4];
  private long[] end = new long[4];
  private long[] disk = new long[4];
  private int count;

  /** The range that was found last, or before which one would have to be put. */
  private int at;

  /** Whether it has space for a block; {@link #diskBlock} and {@link #blocksFrom} then say more. */
  boolean has(long block) {
    seek(block);
    return at < count && first[at] <= block;
  }

  /** Where a block that it has space for will be. */
  long diskBlock(long block) {
    return disk[at] + (block - first[at]);
  }

  /** Blocks from this one on that have space beside it. */
  long blocksFrom(long block) {
    return end[at] - block;
  }

  /** Moves to the first range that ends behind the block. */
  private void seek(long block) {
    if (at < count && end[at] > block && (at == 0 || end[at - 1] <= block)) {
      return;
    }
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (end[middle] > block) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    at = low;
  }

  /** Adds a range that overlaps none. */
  void add(long firstBlock, long blocks, long firstDisk) {
    seek(firstBlock);
    if (count == first.length) {
      first = Arrays.copyOf(first, count * 2);
      end = Arrays.copyOf(end, count * 2);
      disk = Arrays.copyOf(disk, count * 2);
    }
    System.arraycopy(first, at, first, at + 1, count - at);
    System.arraycopy(end, at, end, at + 1, count - at);
    System.arraycopy(disk, at, disk, at + 1, count - at);
    first[at] = firstBlock;
    end[at] = firstBlock + blocks;
    disk[at] = firstDisk;
    count++;
  }

  int count() {
    return count;
  }

  long first(int range) {
    return first[range];
  }

  long end(int range) {
    return end[range];
  }

  /** Cuts a range off before {@code newEnd}; the device block of what it loses. */
  long cut(int range, long newEnd) {
    end[range] = newEnd;
    return disk[range] + (newEnd - first[range]);
  }

  // How much.

  /**
   * {@code ext4_mb_normalize_request}: the first block of the range that is made for a request. Of
   * a file of up to 1 MiB the whole file, of a larger one its piece of 2, 4 or 8 MiB; what has
   * space already is left out.
   */
  long rangeFirst(long block, long sizeBytes) {
    seek(block);
    long from = at == 0 ? 0 : end[at - 1];
    long step = stepBytes(sizeBytes) >> BLOCK_SHIFT;
    return Math.max(from, block / step * step);
  }

  /** The block behind that range. */
  long rangeEnd(long block, long blocks, long sizeBytes) {
    long step = stepBytes(sizeBytes) >> BLOCK_SHIFT;
    long until = Math.max(block / step * step + step, block + blocks);
    return at < count ? Math.min(until, first[at]) : until;
  }

  private static long stepBytes(long sizeBytes) {
    if (sizeBytes <= MIB) {
      long step = STEP_MIN_BYTES;
      while (step < sizeBytes) {
        step *= 2;
      }
      return step;
    }
    if (sizeBytes <= 4 * MIB) {
      return 2 * MIB;
    }
    return sizeBytes <= 8 * MIB ? 4 * MIB : 8 * MIB;
  }
}
