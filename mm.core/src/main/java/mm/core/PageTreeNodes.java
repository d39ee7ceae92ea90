package mm.core;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * The nodes of all page trees of a run, in chunks that are added as needed and never copied. Freed
 * nodes are used again, the last freed first.
 *
 * <p>A node is an {@code int} above 0. It has 64 slots and, as {@code long} words, a bitmap of the
 * slots in use, one for each {@link PageMark}, and a word with parent, place in it and shift. The
 * fields are open to {@link PageTree}, which keeps the chunk of the node that it is working on.
 */
final class PageTreeNodes {
  static final int SLOT_BITS = 6;
  static final int SLOTS = 1 << SLOT_BITS;
  static final int SLOT_MASK = SLOTS - 1;

  /** Words of a node: the slots in use, then the marks in the order of {@link PageMark}. */
  static final int PRESENT = 0;

  static final int FIRST_MARK = 1;

  /** Parent in the upper half; of the lower, group in 16-31, place in the parent in 8-15, shift. */
  private static final int LINK = 4;

  private static final int GROUP_SHIFT = 16;
  private static final long GROUP_MASK = 0xffff_0000L;

  static final int WORDS = 5;

  private static final int CHUNK_SHIFT = 8;
  private static final int CHUNK_NODES = 1 << CHUNK_SHIFT;
  private static final int CHUNK_MASK = CHUNK_NODES - 1;

  private int[][] slots = new int[16][];
  private long[][] words = new long[16][];
  private int chunkCount;
  private int fresh = 1;
  private int freeHead;
  private int nodeCount;

  private int group;
  private int chargedCount;
  private IntConsumer whenFreed = owner -> {};

  /** Says who is told of the group of each node that is freed and was charged to one. */
  void whenFreed(IntConsumer listener) {
    whenFreed = listener;
  }

  /** Nodes made from now on are charged to that group, 0 for none ({@code XA_FLAGS_ACCOUNT}). */
  void chargeTo(int memcg) {
    group = memcg;
    chargedCount = 0;
  }

  /** Nodes made since {@link #chargeTo}; those made from now on are charged to nobody. */
  int takeCharged() {
    group = 0;
    return chargedCount;
  }

  /** A node with empty slots and no marks. */
  int alloc(int parent, int place, int shift) {
    int node = freeHead;
    if (node == 0) {
      node = takeFresh();
    } else {
      freeHead = slotsOf(node)[firstSlot(node)];
      slotsOf(node)[firstSlot(node)] = 0;
    }
    wordsOf(node)[firstWord(node) + LINK] = (long) group << GROUP_SHIFT;
    setLink(node, parent, place, shift);
    nodeCount++;
    chargedCount += group == 0 ? 0 : 1;
    return node;
  }

  private int takeFresh() {
    if (fresh >>> CHUNK_SHIFT == chunkCount) {
      if (chunkCount == slots.length) {
        slots = Arrays.copyOf(slots, chunkCount * 2);
        words = Arrays.copyOf(words, chunkCount * 2);
      }
      slots[chunkCount] = new int[CHUNK_NODES * SLOTS];
      words[chunkCount] = new long[CHUNK_NODES * WORDS];
      chunkCount++;
    }
    return fresh++;
  }

  /** Takes back a node whose slots are empty and whose marks are clear. */
  void free(int node) {
    slotsOf(node)[firstSlot(node)] = freeHead;
    freeHead = node;
    nodeCount--;
    int owner = (int) word(node, LINK) >>> GROUP_SHIFT;
    if (owner != 0) {
      whenFreed.accept(owner);
    }
  }

  int nodeCount() {
    return nodeCount;
  }

  long footprintBytes() {
    return (long) chunkCount * CHUNK_NODES * (SLOTS * Integer.BYTES + WORDS * Long.BYTES);
  }

  int[] slotsOf(int node) {
    return slots[node >>> CHUNK_SHIFT];
  }

  /** Where the slots of a node begin in {@link #slotsOf}. */
  static int firstSlot(int node) {
    return (node & CHUNK_MASK) << SLOT_BITS;
  }

  long[] wordsOf(int node) {
    return words[node >>> CHUNK_SHIFT];
  }

  /** Where the words of a node begin in {@link #wordsOf}. */
  static int firstWord(int node) {
    return (node & CHUNK_MASK) * WORDS;
  }

  long word(int node, int which) {
    return wordsOf(node)[firstWord(node) + which];
  }

  void setLink(int node, int parent, int place, int shift) {
    long owner = word(node, LINK) & GROUP_MASK;
    wordsOf(node)[firstWord(node) + LINK] = (long) parent << 32 | owner | place << 8 | shift;
  }

  int parent(int node) {
    return (int) (word(node, LINK) >>> 32);
  }

  int place(int node) {
    return (int) word(node, LINK) >>> 8 & 0xff;
  }

  int shift(int node) {
    return (int) word(node, LINK) & 0xff;
  }

  /** Sets bits in a word of a node; a word that was 0 is announced to the nodes above. */
  void setBits(int changed, int word, long bits) {
    int node = changed;
    long set = bits;
    // Ends at the root, which is seven levels up at most.
    while (node != 0) {
      long[] words = wordsOf(node);
      int at = firstWord(node) + word;
      long before = words[at];
      words[at] = before | set;
      if (before != 0) {
        return;
      }
      set = 1L << place(node);
      node = parent(node);
    }
  }

  /** Clears bits in a word of a node; a word that becomes 0 is announced to the nodes above. */
  void clearBits(int changed, int word, long bits) {
    int node = changed;
    long clear = bits;
    while (node != 0) {
      long[] words = wordsOf(node);
      int at = firstWord(node) + word;
      words[at] &= ~clear;
      if (words[at] != 0) {
        return;
      }
      clear = 1L << place(node);
      node = parent(node);
    }
  }
}
