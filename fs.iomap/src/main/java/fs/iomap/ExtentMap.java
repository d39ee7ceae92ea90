package fs.iomap;

import fs.iomap.internal.log.LogItem;
import java.util.Arrays;

/**
 * The extents of one fork of a file by file block, as the b+tree of {@code struct xfs_ifork}: a
 * sorted list of leaves of up to 128 extents in primitive arrays, so that a file of a million
 * fragments can still be changed in the middle.
 *
 * <p>Neighbouring extents that continue each other in the file, on the device and in state are one
 * extent. Holes are not stored.
 */
final class ExtentMap {
  private static final int LEAF_EXTENTS = 128;

  private static final class Leaf {
    final long[] first = new long[LEAF_EXTENTS];
    final long[] end = new long[LEAF_EXTENTS];
    final long[] disk = new long[LEAF_EXTENTS];

    /** Ordinal of the state, plus SHARED. */
    final byte[] kind = new byte[LEAF_EXTENTS];

    int size;

    /** The leaf as a block of the tree, for the log; null until a transaction changes it. */
    LogItem logItem;

    void copyTo(Leaf to, int from, int at, int count) {
      System.arraycopy(first, from, to.first, at, count);
      System.arraycopy(end, from, to.end, at, count);
      System.arraycopy(disk, from, to.disk, at, count);
      System.arraycopy(kind, from, to.kind, at, count);
    }
  }

  private static final byte SHARED = 0x10;
  private static final ExtentState[] STATES = ExtentState.values();

  private Leaf[] leaves = {new Leaf()};
  private int leafCount = 1;
  private int extentCount;
  private long version;

  /** Position that {@link #seek} found: the first extent that ends behind the block. */
  private int leaf;

  private int slot;

  /** Number of changes so far ({@code if_seq}). */
  long version() {
    return version;
  }

  /** Makes every mapping that was looked up before stale. */
  void touch() {
    version++;
  }

  int extentCount() {
    return extentCount;
  }

  /** Fills {@code into} with the extent or the hole that has {@code block}. */
  void lookup(long block, Iomap into) {
    into.version = version;
    if (!seek(block)) {
      fillHole(into, lastEnd(), Long.MAX_VALUE);
      return;
    }
    Leaf at = leaves[leaf];
    if (at.first[slot] > block) {
      fillHole(into, endBefore(leaf, slot), at.first[slot]);
      return;
    }
    into.firstBlock = at.first[slot];
    into.endBlock = at.end[slot];
    into.diskBlock = at.disk[slot];
    into.state = STATES[at.kind[slot] & ~SHARED];
    into.shared = (at.kind[slot] & SHARED) != 0;
  }

  private static void fillHole(Iomap into, long first, long end) {
    into.firstBlock = first;
    into.endBlock = end;
    into.diskBlock = 0;
    into.state = ExtentState.HOLE;
    into.shared = false;
  }

  /** The leaf that has {@code block} as the log knows it; null if it never was there. */
  LogItem logItemAt(long block) {
    seek(block);
    return leaves[leaf].logItem;
  }

  /** Names the leaf that has {@code block} to the log. */
  void setLogItemAt(long block, LogItem item) {
    seek(block);
    leaves[leaf].logItem = item;
  }

  /** First block at or behind {@code block} that is no hole; {@code Long.MAX_VALUE} if none is. */
  long nextExtent(long block) {
    return seek(block) ? Math.max(block, leaves[leaf].first[slot]) : Long.MAX_VALUE;
  }

  /** Block behind the last extent; 0 without extents. */
  long lastEnd() {
    Leaf last = leaves[leafCount - 1];
    return last.size == 0 ? 0 : last.end[last.size - 1];
  }

  private long endBefore(int leafIndex, int slotIndex) {
    if (slotIndex > 0) {
      return leaves[leafIndex].end[slotIndex - 1];
    }
    return leafIndex == 0 ? 0 : leaves[leafIndex - 1].end[leaves[leafIndex - 1].size - 1];
  }

  /** Moves to the first extent that ends behind {@code block}; false if there is none. */
  private boolean seek(long block) {
    if (leaf < leafCount) {
      // Sequential work stays in the extent or goes on to the next one.
      Leaf at = leaves[leaf];
      if (slot < at.size && at.end[slot] > block && endBefore(leaf, slot) <= block) {
        return true;
      }
    }
    int low = 0;
    int high = leafCount - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (leaves[middle].end[leaves[middle].size - 1] > block) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    leaf = low;
    Leaf at = leaves[low];
    int from = 0;
    int to = at.size;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (at.end[middle] > block) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    slot = from;
    return from < at.size;
  }

  /**
   * Makes blocks {@code first} to {@code end} - 1 one extent, whatever was there before.
   *
   * @param disk device block of {@code first}; 0 for a hole or a reservation
   */
  void set(long first, long end, ExtentState state, long disk, boolean shared) {
    if (first < 0 || end <= first) {
      throw new IllegalArgumentException(
          "extent map: set of blocks " + first + " to " + end + "; the range must not be empty");
    }
    version++;
    cutAt(first);
    cutAt(end);
    while (seek(first) && leaves[leaf].first[slot] < end) {
      remove();
    }
    if (state == ExtentState.HOLE) {
      return;
    }
    byte kind = (byte) (state.ordinal() | (shared ? SHARED : 0));
    seek(first);
    insert(first, end, disk, kind);
    seek(first);
    joinWithNext();
    if (first > 0 && seek(first - 1) && leaves[leaf].end[slot] == first) {
      joinWithNext();
    }
  }

  /** Makes {@code block} the border of two extents if it lies inside one. */
  private void cutAt(long block) {
    if (!seek(block) || leaves[leaf].first[slot] >= block) {
      return;
    }
    Leaf at = leaves[leaf];
    long end = at.end[slot];
    long disk = at.disk[slot] + (hasBlocks(at.kind[slot]) ? block - at.first[slot] : 0);
    byte kind = at.kind[slot];
    at.end[slot] = block;
    slot++;
    insert(block, end, disk, kind);
  }

  private static boolean hasBlocks(byte kind) {
    return (kind & ~SHARED) > ExtentState.DELALLOC.ordinal();
  }

  /** Inserts before the current position, which may be behind the leaf's last extent. */
  private void insert(long first, long end, long disk, byte kind) {
    if (leaves[leaf].size == LEAF_EXTENTS) {
      splitLeaf();
    }
    Leaf at = leaves[leaf];
    at.copyTo(at, slot, slot + 1, at.size - slot);
    at.first[slot] = first;
    at.end[slot] = end;
    at.disk[slot] = disk;
    at.kind[slot] = kind;
    at.size++;
    extentCount++;
  }

  private void splitLeaf() {
    if (leafCount == leaves.length) {
      leaves = Arrays.copyOf(leaves, leafCount * 2);
    }
    System.arraycopy(leaves, leaf + 1, leaves, leaf + 2, leafCount - leaf - 1);
    leafCount++;
    Leaf full = leaves[leaf];
    Leaf next = new Leaf();
    leaves[leaf + 1] = next;
    // A file that grows at its end leaves full leaves behind, not half-full ones.
    int keep = slot == LEAF_EXTENTS && leaf + 2 == leafCount ? LEAF_EXTENTS - 1 : LEAF_EXTENTS / 2;
    full.copyTo(next, keep, 0, LEAF_EXTENTS - keep);
    next.size = LEAF_EXTENTS - keep;
    full.size = keep;
    if (slot > keep) {
      leaf++;
      slot -= keep;
    }
  }

  private void remove() {
    Leaf at = leaves[leaf];
    at.copyTo(at, slot + 1, slot, at.size - slot - 1);
    at.size--;
    extentCount--;
    if (at.size == 0 && leafCount > 1) {
      System.arraycopy(leaves, leaf + 1, leaves, leaf, leafCount - leaf - 1);
      leaves[--leafCount] = null;
      leaf = 0;
      slot = 0;
    }
  }

  /** Joins the extent at the current position with the one behind it if it goes on there. */
  private void joinWithNext() {
    Leaf at = leaves[leaf];
    int nextLeaf = leaf;
    int nextSlot = slot + 1;
    if (nextSlot == at.size) {
      nextLeaf++;
      nextSlot = 0;
      if (nextLeaf == leafCount) {
        return;
      }
    }
    Leaf next = leaves[nextLeaf];
    long length = at.end[slot] - at.first[slot];
    boolean onDisk = !hasBlocks(at.kind[slot]) || at.disk[slot] + length == next.disk[nextSlot];
    if (at.end[slot] != next.first[nextSlot] || at.kind[slot] != next.kind[nextSlot] || !onDisk) {
      return;
    }
    at.end[slot] = next.end[nextSlot];
    leaf = nextLeaf;
    slot = nextSlot;
    remove();
  }

  /**
   * Checks the map against its own rules.
   *
   * @throws IllegalStateException that names the first rule broken
   */
  void verify() {
    int counted = 0;
    long end = -1;
    long diskEnd = 0;
    byte kind = -1;
    for (int i = 0; i < leafCount; i++) {
      Leaf at = leaves[i];
      if (at.size == 0 && leafCount > 1) {
        throw new IllegalStateException("extent map: leaf " + i + " is empty");
      }
      for (int j = 0; j < at.size; j++) {
        boolean goesOn =
            at.first[j] == end && at.kind[j] == kind && (!hasBlocks(kind) || at.disk[j] == diskEnd);
        if (at.first[j] < end || at.end[j] <= at.first[j] || goesOn) {
          throw new IllegalStateException(
              "extent map: extent at block "
                  + at.first[j]
                  + " overlaps, is empty, or continues the one before it");
        }
        end = at.end[j];
        diskEnd = at.disk[j] + end - at.first[j];
        kind = at.kind[j];
        counted++;
      }
    }
    if (counted != extentCount) {
      throw new IllegalStateException(
          "extent map: extents are " + counted + "; counted are " + extentCount);
    }
  }
}
