package launcher.fio.sequence;

import java.util.Arrays;

/**
 * Which blocks of a file were touched. Levels of 64-bit words, each bit of which says that a word
 * of the level below is full, so that the next free block is found in a few steps however full the
 * map is.
 */
final class BlockMap {
  private final long blocks;
  private final long[][] levels;

  BlockMap(long blocks) {
    this.blocks = blocks;
    int count = 1;
    for (long words = (blocks + 63) >>> 6; words > 1; words = (words + 63) >>> 6) {
      count++;
    }
    levels = new long[count][];
    long bits = blocks;
    for (int level = 0; level < count; level++) {
      levels[level] = new long[Math.toIntExact((bits + 63) >>> 6)];
      bits = levels[level].length;
    }
    clear();
  }

  /** Frees every block. Bits beyond the end are set, so that nobody finds them free. */
  void clear() {
    long bits = blocks;
    for (long[] level : levels) {
      Arrays.fill(level, 0);
      if ((bits & 63) != 0) {
        level[level.length - 1] = -1L << (bits & 63);
      }
      bits = level.length;
    }
  }

  boolean isSet(long block) {
    return block >= blocks || (levels[0][(int) (block >>> 6)] >>> (block & 63) & 1) != 0;
  }

  /**
   * Touches up to {@code count} blocks from {@code first} on, and stops before one that was touched
   * already.
   *
   * @return how many were free; none if the first was not
   */
  long setRun(long first, long count) {
    long done = 0;
    while (done < count && !isSet(first + done)) {
      set(first + done);
      done++;
    }
    return done;
  }

  private void set(long block) {
    long bit = block;
    for (long[] level : levels) {
      int word = (int) (bit >>> 6);
      level[word] |= 1L << (bit & 63);
      if (level[word] != -1L) {
        return;
      }
      bit = word;
    }
  }

  /** The first free block from {@code from} on, going round at the end; -1 if all are touched. */
  long nextFree(long from) {
    long found = from < blocks ? freeFrom(from) : -1;
    return found >= 0 ? found : freeFrom(0);
  }

  private long freeFrom(long from) {
    long bit = from;
    for (int level = 0; level < levels.length; level++) {
      int word = (int) (bit >>> 6);
      if (word >= levels[level].length) {
        return -1;
      }
      long free = ~levels[level][word] & -1L << (bit & 63);
      if (free != 0) {
        return descend(level, ((long) word << 6) + Long.numberOfTrailingZeros(free));
      }
      bit = (long) word + 1;
    }
    return -1;
  }

  private long descend(int from, long start) {
    long bit = start;
    for (int level = from - 1; level >= 0; level--) {
      bit = (bit << 6) + Long.numberOfTrailingZeros(~levels[level][(int) bit]);
    }
    return bit;
  }
}
