package fs.buffer;

import java.util.Arrays;

/**
 * Block pointers of one ext2 file: twelve in the inode, the others in indirect blocks of block size
 * / 4 pointers each.
 *
 * <p>The pointers that one indirect block holds (or the inode) are a group. A group whose blocks
 * follow each other is kept as its first block alone, so that a large file costs two longs for each
 * 4 MiB.
 */
final class IndirectMap {
  static final int DIRECT_BLOCKS = 12;

  private static final long NONE = -1;

  private final int pointers;

  // By group.
  private long[] base = new long[4];
  private int[][] table = new int[4][];
  private long[] indirectBlock = new long[4];
  private boolean[] cached = new boolean[4];
  private int groups;

  /** A file without blocks. */
  IndirectMap(int blockSizeBytes) {
    pointers = blockSizeBytes / Integer.BYTES;
  }

  /** The group whose pointers include that of {@code block}; 0 for the inode. */
  int groupOf(long block) {
    return block < DIRECT_BLOCKS ? 0 : (int) ((block - DIRECT_BLOCKS) / pointers) + 1;
  }

  private int slotOf(long block) {
    return (int) (block < DIRECT_BLOCKS ? block : (block - DIRECT_BLOCKS) % pointers);
  }

  /** Pointers of a group. */
  int size(int group) {
    return group == 0 ? DIRECT_BLOCKS : pointers;
  }

  /** Indirect blocks between the inode and a group: 0, 1, 2 or 3. */
  int levels(int group) {
    if (group <= 1) {
      return group;
    }
    return group - 2 < pointers ? 2 : 3;
  }

  /** Whether {@link #get} can answer: the inode is in memory, an indirect block may not be. */
  boolean isCached(int group) {
    return group == 0 || group >= groups || indirectBlock[group] == NONE || cached[group];
  }

  void setCached(int group) {
    cached[group] = true;
  }

  /** Device block of the indirect block of a group; -1 if it has none. */
  long indirectBlock(int group) {
    return group < groups ? indirectBlock[group] : NONE;
  }

  /** Gives a group its indirect block, which is new and therefore in memory. */
  void setIndirectBlock(int group, long deviceBlock) {
    grow(group);
    indirectBlock[group] = deviceBlock;
    cached[group] = true;
  }

  /** Device block; -1 for a hole. */
  long get(long block) {
    int group = groupOf(block);
    if (group >= groups) {
      return NONE;
    }
    int slot = slotOf(block);
    if (table[group] != null) {
      return table[group][slot] == 0 ? NONE : table[group][slot] & 0xffff_ffffL;
    }
    return base[group] == NONE ? NONE : base[group] + slot;
  }

  /** Points a hole to a device block. */
  void set(long block, long deviceBlock) {
    int group = groupOf(block);
    grow(group);
    if (table[group] == null) {
      table[group] = new int[size(group)];
    }
    int slot = slotOf(block);
    table[group][slot] = (int) deviceBlock;
    if (slot == size(group) - 1) {
      pack(group);
    }
  }

  /** Lays the first {@code count} blocks of a group out from a device block on. */
  void layOut(int group, long firstDeviceBlock, long count, long indirect) {
    grow(group);
    indirectBlock[group] = indirect;
    if (count == size(group)) {
      base[group] = firstDeviceBlock;
      return;
    }
    table[group] = new int[size(group)];
    for (int slot = 0; slot < count; slot++) {
      table[group][slot] = (int) (firstDeviceBlock + slot);
    }
  }

  /** Keeps a group whose blocks follow each other as its first block. */
  private void pack(int group) {
    int[] blocks = table[group];
    for (int i = 0; i < blocks.length; i++) {
      if (blocks[i] != blocks[0] + i) {
        return;
      }
    }
    base[group] = blocks[0] & 0xffff_ffffL;
    table[group] = null;
  }

  private void grow(int group) {
    if (group >= base.length) {
      int length = Math.max(group + 1, base.length * 2);
      base = Arrays.copyOf(base, length);
      table = Arrays.copyOf(table, length);
      indirectBlock = Arrays.copyOf(indirectBlock, length);
      cached = Arrays.copyOf(cached, length);
    }
    for (; groups <= group; groups++) {
      base[groups] = NONE;
      indirectBlock[groups] = NONE;
    }
  }
}
