package fs.buffer.ext4;

import java.util.Arrays;
import java.util.BitSet;

/**
 * What each block of a file is and where ({@code struct ext4_es_tree}, and of the tree on disk how
 * many extents it has).
 *
 * <p>Kept in chunks of 1024 blocks. A chunk whose blocks are alike and follow each other is one
 * word, so that a file in large extents costs a few words for each 4 MiB; any other is an array.
 * Holes at the end are not stored.
 */
final class ExtentStatus {
  private static final int CHUNK_SHIFT = 10;
  private static final int CHUNK_BLOCKS = 1 << CHUNK_SHIFT;
  private static final int SLOT_MASK = CHUNK_BLOCKS - 1;
  private static final int STATE_BITS = 2;
  private static final long STATE_MASK = (1 << STATE_BITS) - 1;
  private static final int UNWRITTEN = BlockState.UNWRITTEN.ordinal();

  /** {@code EXT_INIT_MAX_LEN}: blocks of one extent on disk at most. */
  private static final int EXTENT_BLOCKS_MAX = 32_768;

  // By chunk: the word of its first block if it is uniform, or its blocks' words.
  private long[] uniform = new long[4];
  private long[][] table = new long[4][];

  /** Extents on disk that begin in the chunk; right unless the chunk is in {@link #uncounted}. */
  private short[] starts = new short[4];

  private int chunks;
  private final BitSet uncounted = new BitSet();
  private final BitSet changed = new BitSet();
  private long startsTotal;
  private long blocksOnDisk;

  /** Fills {@code into} with the blocks from {@code block} on that are alike, up to a limit. */
  void lookup(long block, long limit, MappedBlocks into) {
    long word = wordOf(block);
    into.block = block;
    into.state = BlockState.of((int) (word & STATE_MASK));
    into.diskBlock = word >>> STATE_BITS;
    long at = block + 1;
    while (at < limit) {
      int chunk = (int) (at >> CHUNK_SHIFT);
      if (chunk >= chunks || table[chunk] == null) {
        // Its blocks are alike, and those before this one are looked at already.
        if (wordOf(at) != wordAt(word, at - block)) {
          break;
        }
        at = chunk >= chunks ? limit : (long) chunk + 1 << CHUNK_SHIFT;
      } else if (table[chunk][(int) at & SLOT_MASK] == wordAt(word, at - block)) {
        at++;
      } else {
        break;
      }
    }
    into.endBlock = Math.min(at, limit);
  }

  /** What one block is. */
  BlockState state(long block) {
    return BlockState.of((int) (wordOf(block) & STATE_MASK));
  }

  /** The block behind the last of a range that is on disk; {@code first} if none is. */
  long endOnDisk(long first, long end) {
    long at = end;
    while (at > first && !state(at - 1).isOnDisk()) {
      at--;
    }
    return at;
  }

  private long wordOf(long block) {
    int chunk = (int) (block >> CHUNK_SHIFT);
    if (chunk >= chunks) {
      return 0;
    }
    int slot = (int) block & SLOT_MASK;
    return table[chunk] != null ? table[chunk][slot] : wordAt(uniform[chunk], slot);
  }

  /** The word of the n-th block behind one, if it goes on alike. */
  private static long wordAt(long word, long n) {
    return (word & STATE_MASK) < UNWRITTEN ? word : word + (n << STATE_BITS);
  }

  /**
   * Makes blocks {@code first} to {@code end} - 1 alike.
   *
   * @param disk device block of the first; 0 unless the state is on disk
   */
  void set(long first, long end, BlockState state, long disk) {
    if (first < 0 || end <= first) {
      throw new IllegalArgumentException(
          "extent status: set of blocks " + first + " to " + end + "; the range must not be empty");
    }
    grow((int) (end - 1 >> CHUNK_SHIFT) + 1);
    for (long at = first; at < end; ) {
      int chunk = (int) (at >> CHUNK_SHIFT);
      long stop = Math.min(end, (long) chunk + 1 << CHUNK_SHIFT);
      long word = wordAt(disk << STATE_BITS | state.ordinal(), at - first);
      setInChunk(chunk, (int) at & SLOT_MASK, (int) (stop - at), word);
      at = stop;
    }
  }

  private void setInChunk(int chunk, int slot, int count, long word) {
    if (table[chunk] == null && count < CHUNK_BLOCKS) {
      if (wordOf(((long) chunk << CHUNK_SHIFT) + slot) == word && isAlike(word)) {
        return;
      }
      long[] words = new long[CHUNK_BLOCKS];
      for (int i = 0; i < CHUNK_BLOCKS; i++) {
        words[i] = wordAt(uniform[chunk], i);
      }
      table[chunk] = words;
    }
    boolean onDisk = (word & STATE_MASK) >= UNWRITTEN;
    long before = 0;
    long changes = 0;
    for (int i = slot; i < slot + count; i++) {
      long old = table[chunk] != null ? table[chunk][i] : wordAt(uniform[chunk], i);
      long now = wordAt(word, i - slot);
      before += (old & STATE_MASK) >= UNWRITTEN ? 1 : 0;
      changes |= old ^ now;
      if (table[chunk] != null) {
        table[chunk][i] = now;
      }
    }
    if (count == CHUNK_BLOCKS) {
      table[chunk] = null;
      uniform[chunk] = word;
    } else if (slot + count == CHUNK_BLOCKS) {
      pack(chunk);
    }
    blocksOnDisk += (onDisk ? count : 0) - before;
    if (changes != 0 && (onDisk || before > 0)) {
      uncounted.set(chunk, chunk + 2);
      changed.set(chunk);
    }
  }

  /** Whether a run of such blocks has one word for all: so that no array is needed to say it. */
  private static boolean isAlike(long word) {
    return (word & STATE_MASK) < UNWRITTEN;
  }

  /** Keeps a chunk whose blocks are alike as its first word. */
  private void pack(int chunk) {
    long[] words = table[chunk];
    for (int i = 1; i < CHUNK_BLOCKS; i++) {
      if (words[i] != wordAt(words[0], i)) {
        return;
      }
    }
    uniform[chunk] = words[0];
    table[chunk] = null;
  }

  private void grow(int needed) {
    if (needed > uniform.length) {
      int length = Math.max(needed, uniform.length * 2);
      uniform = Arrays.copyOf(uniform, length);
      table = Arrays.copyOf(table, length);
      starts = Arrays.copyOf(starts, length);
    }
    chunks = Math.max(chunks, needed);
  }

  // The tree on disk.

  /** Extents on disk: runs of blocks that follow each other, none longer than 32768 blocks. */
  long extents() {
    for (int c = uncounted.nextSetBit(0); c >= 0; c = uncounted.nextSetBit(c + 1)) {
      if (c < chunks) {
        short now = countStarts(c);
        startsTotal += now - starts[c];
        starts[c] = now;
      }
    }
    uncounted.clear();
    return startsTotal + blocksOnDisk / EXTENT_BLOCKS_MAX;
  }

  private short countStarts(int chunk) {
    long first = (long) chunk << CHUNK_SHIFT;
    long previous = chunk == 0 ? 0 : wordOf(first - 1);
    int slots = table[chunk] == null ? 1 : CHUNK_BLOCKS;
    short count = 0;
    for (int i = 0; i < slots; i++) {
      long word = wordOf(first + i);
      boolean goesOn = previous != 0 && word == wordAt(previous, 1);
      if ((word & STATE_MASK) >= UNWRITTEN && !goesOn) {
        count++;
      }
      previous = word;
    }
    return count;
  }

  /**
   * Blocks of the tree that were changed since this was last asked, if it has {@code leaves}.
   * Simplified: the leaves share the file evenly.
   */
  int takeChangedLeaves(long leaves) {
    int count = 0;
    long last = -1;
    for (int c = changed.nextSetBit(0); c >= 0; c = changed.nextSetBit(c + 1)) {
      long leaf = c * leaves / chunks;
      if (leaf != last) {
        last = leaf;
        count++;
      }
    }
    changed.clear();
    return leaves == 0 ? 0 : count;
  }
}
