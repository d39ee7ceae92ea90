package mm.core;

import static mm.core.PageTreeNodes.SLOTS;
import static mm.core.PageTreeNodes.SLOT_BITS;
import static mm.core.PageTreeNodes.SLOT_MASK;
import static mm.core.PageTreeNodes.firstSlot;

/**
 * The ways through a {@link PageTree}: to the node of an index, and to the next folio that has a
 * bit set.
 *
 * <p>The tree remembers the node it last worked in. As long as operations stay within its 64 slots,
 * which is what sequential I/O does, they don't walk down from the root.
 */
abstract class PageTreeWalk {
  final PageTreeNodes nodes;

  /** Slots hold 0 for nothing, a folio, or a node as its negative. */
  int root;

  int rootShift;

  /** The node last worked in, 0 for none; it covers the indexes whose upper bits are the base. */
  int cursor;

  int cursorShift;
  long cursorBase = -1;
  int[] cursorSlots;
  int cursorFirst;

  PageTreeWalk(PageTreeNodes nodes) {
    this.nodes = nodes;
  }

  /** Where {@link #find} stopped; valid when it returned true. */
  long foundIndex;

  int foundSlot;

  int cursorEntry() {
    return cursorSlots[cursorFirst + foundSlot];
  }

  /**
   * Finds the first folio whose bit is set in {@code word} and that has a page from {@code first}
   * to {@code last}; the cursor is then its node, and its first page in foundIndex.
   */
  boolean find(long first, long last, int word) {
    if (first < 0) {
      throw new IllegalArgumentException(
          "page tree: first is " + first + "; it must be 0 or above");
    }
    long index = first;
    // Ends: a turn that finds nothing moves the index behind the node that it searched.
    while (index <= last) {
      int node = cursor;
      int shift = cursorShift;
      if (index >>> shift >>> SLOT_BITS != cursorBase) {
        node = root;
        shift = rootShift;
        if (node == 0 || index >>> shift >>> SLOT_BITS != 0) {
          return false;
        }
      }
      // Down to the first set bit; a node whose bit is set in its parent has a bit set itself, but
      // perhaps only before the index.
      while (true) {
        int slot = (int) (index >>> shift) & SLOT_MASK;
        int[] slots = nodes.slotsOf(node);
        int base = firstSlot(node);
        int entry = slots[base + slot];
        if (entry > 0) {
          slot = headSlot(slots, base, slot, entry);
        }
        long bits = nodes.word(node, word) & -1L << slot;
        if (bits == 0) {
          index = ((index >>> shift >>> SLOT_BITS) + 1) << shift << SLOT_BITS;
          break;
        }
        int found = Long.numberOfTrailingZeros(bits);
        if (found != slot || entry > 0) {
          index = (index >>> shift >>> SLOT_BITS << SLOT_BITS | found) << shift;
        }
        if (index > last) {
          return false;
        }
        entry = slots[base + found];
        if (entry > 0) {
          if (node != cursor) {
            moveCursor(node, index);
          }
          foundIndex = index;
          foundSlot = found;
          return true;
        }
        node = -entry;
        shift -= SLOT_BITS;
      }
    }
    return false;
  }

  int slotOf(long index) {
    return (int) (index >>> cursorShift) & SLOT_MASK;
  }

  /** The first slot of the folio that has this slot of the cursor's node. */
  int headSlot(int slot, int folio) {
    return headSlot(cursorSlots, cursorFirst, slot, folio);
  }

  /** A folio of 2^n slots begins at a multiple of 2^n, so that is where to look for its first. */
  static int headSlot(int[] slots, int base, int slot, int folio) {
    int head = slot;
    for (int span = 2; span <= SLOTS; span <<= 1) {
      int candidate = slot & -span;
      if (slots[base + candidate] != folio) {
        return head;
      }
      head = candidate;
    }
    return head;
  }

  /** The slot after the folio whose first slot this is. */
  int endSlot(int head, int folio) {
    int end = head + 1;
    while (end < SLOTS && cursorSlots[cursorFirst + end] == folio) {
      end++;
    }
    return end;
  }

  /** Brings the cursor to the folio at {@code index} and returns it; 0 if there is none. */
  int seek(long index) {
    if (index >>> cursorShift >>> SLOT_BITS == cursorBase) {
      int entry = cursorSlots[cursorFirst + slotOf(index)];
      if (entry >= 0) {
        return entry;
      }
    }
    return walk(index) ? entryAt(index) : 0;
  }

  int entryAt(long index) {
    return cursorSlots[cursorFirst + slotOf(index)];
  }

  /** Moves the cursor to the lowest node on the way to {@code index}; false if there is none. */
  boolean walk(long index) {
    int node = root;
    int shift = rootShift;
    if (node == 0 || index >>> shift >>> SLOT_BITS != 0) {
      return false;
    }
    while (true) {
      int entry = nodes.slotsOf(node)[firstSlot(node) + ((int) (index >>> shift) & SLOT_MASK)];
      if (entry >= 0) {
        moveCursor(node, index);
        return true;
      }
      node = -entry;
      shift -= SLOT_BITS;
    }
  }

  void moveCursor(int node, long index) {
    cursor = node;
    cursorShift = nodes.shift(node);
    cursorBase = index >>> cursorShift >>> SLOT_BITS;
    cursorSlots = nodes.slotsOf(node);
    cursorFirst = firstSlot(node);
  }

  void dropCursor() {
    cursor = 0;
    cursorShift = 0;
    cursorBase = -1;
    cursorSlots = null;
  }
}
