package mm.core;

import static mm.core.PageTreeNodes.FIRST_MARK;
import static mm.core.PageTreeNodes.PRESENT;
import static mm.core.PageTreeNodes.SLOTS;
import static mm.core.PageTreeNodes.SLOT_BITS;
import static mm.core.PageTreeNodes.SLOT_MASK;
import static mm.core.PageTreeNodes.firstSlot;
import static mm.core.PageTreeNodes.firstWord;

/**
 * The folios of one mapping by page index, with marks. Models the xarray {@code i_pages}: a radix
 * tree of 64-slot nodes, as high as the largest index needs, in which a large folio fills all its
 * slots on the level where they are fewest, and every index inside leads to it.
 *
 * <p>Left out: shadow entries, which {@link mm.core.reclaim.Workingset} has beside it, RCU and the
 * lock. A tree holds no references; the page cache takes one for each page of a folio it stores.
 */
public final class PageTree extends PageTreeWalk {
  private static final int ORDERS_PER_LEVEL = SLOT_BITS;
  private static final int MARKS = PageMark.values().length;

  private final FolioStore folios;
  private long pageCount;

  PageTree(FolioStore folios, PageTreeNodes nodes) {
    super(nodes);
    this.folios = folios;
  }

  /** Pages in the tree: {@code nrpages} of the mapping. A large folio counts with all its pages. */
  public long pageCount() {
    return pageCount;
  }

  /** Whether it has no folio. */
  public boolean isEmpty() {
    return root == 0;
  }

  /** The folio that has page {@code index}; 0 for none. Models {@code xa_load}. */
  public int load(long index) {
    if (index >>> cursorShift >>> SLOT_BITS == cursorBase) {
      int entry = cursorSlots[cursorFirst + ((int) (index >>> cursorShift) & SLOT_MASK)];
      if (entry >= 0) {
        return entry;
      }
    }
    return walk(index) ? entryAt(index) : 0;
  }

  /**
   * Stores a folio at page {@code index}, without marks.
   *
   * @param index below 2^40 and a multiple of the folio's size, else IllegalArgumentException
   * @throws IllegalStateException if one of its pages is taken; the tree is as before then
   */
  public void store(long index, int folio) {
    int order = folio > 0 ? folios.order(folio) : 0;
    long unaligned = index & (1L << order) - 1;
    if (folio <= 0 || index < 0 || index >= FolioStore.INDEX_LIMIT || unaligned != 0) {
      throw new IllegalArgumentException(
          "page tree: store of "
              + folios.describe(folio)
              + ": index is "
              + index
              + "; it must be a multiple of the folio's size below 2^40");
    }
    int level = order / ORDERS_PER_LEVEL * SLOT_BITS;
    if (cursorShift != level || index >>> level >>> SLOT_BITS != cursorBase) {
      moveCursor(nodeFor(index, level, folio), index);
    }
    int slot = (int) (index >>> level) & SLOT_MASK;
    int span = 1 << order % ORDERS_PER_LEVEL;
    long bits = (-1L >>> SLOTS - span) << slot;
    long[] words = nodes.wordsOf(cursor);
    int present = firstWord(cursor) + PRESENT;
    if ((words[present] & bits) != 0) {
      throw occupied(index, folio);
    }
    words[present] |= bits;
    int first = cursorFirst + slot;
    for (int i = first; i < first + span; i++) {
      cursorSlots[i] = folio;
    }
    pageCount += 1L << order;
  }

  /** Takes the folio out that has page {@code index}, with its marks; 0 if there is none. */
  public int erase(long index) {
    int folio = seek(index);
    if (folio == 0) {
      return 0;
    }
    int slot = headSlot(slotOf(index), folio);
    int end = endSlot(slot, folio);
    long bits = (-1L >>> SLOTS - (end - slot)) << slot;
    long[] words = nodes.wordsOf(cursor);
    int word = firstWord(cursor);
    for (int mark = FIRST_MARK; mark < FIRST_MARK + MARKS; mark++) {
      if ((words[word + mark] & bits) != 0) {
        nodes.clearBits(cursor, mark, bits);
      }
    }
    for (int i = cursorFirst + slot; i < cursorFirst + end; i++) {
      cursorSlots[i] = 0;
    }
    words[word + PRESENT] &= ~bits;
    pageCount -= (long) (end - slot) << cursorShift;
    if (words[word + PRESENT] == 0) {
      prune(cursor);
      shrink();
    } else if (cursor == root) {
      // A large folio may have stood beside the node in slot 0.
      shrink();
    }
    return folio;
  }

  /** Sets a mark of the folio that has page {@code index}; there must be one. */
  public void setMark(long index, PageMark mark) {
    int folio = require(index, "setMark");
    nodes.setBits(cursor, FIRST_MARK + mark.ordinal(), 1L << headSlot(slotOf(index), folio));
  }

  /** Clears a mark of the folio that has page {@code index}; there must be one. */
  public void clearMark(long index, PageMark mark) {
    int folio = require(index, "clearMark");
    nodes.clearBits(cursor, FIRST_MARK + mark.ordinal(), 1L << headSlot(slotOf(index), folio));
  }

  /** Whether there is a folio at page {@code index} that has the mark. */
  public boolean getMark(long index, PageMark mark) {
    int folio = seek(index);
    if (folio == 0) {
      return false;
    }
    long bit = 1L << headSlot(slotOf(index), folio);
    return (nodes.word(cursor, FIRST_MARK + mark.ordinal()) & bit) != 0;
  }

  /** Whether any folio has the mark: one look at the root. Models {@code mapping_tagged}. */
  public boolean marked(PageMark mark) {
    return root != 0 && nodes.word(root, FIRST_MARK + mark.ordinal()) != 0;
  }

  /**
   * The first folio that has a page from {@code first} to {@code last}, both included; 0 for none,
   * also when {@code first} lies behind {@code last}.
   */
  public int next(long first, long last) {
    return find(first, last, PRESENT) ? cursorEntry() : 0;
  }

  /** The first marked folio that has a page from {@code first} to {@code last}; 0 for none. */
  public int nextMarked(PageMark mark, long first, long last) {
    return find(first, last, FIRST_MARK + mark.ordinal()) ? cursorEntry() : 0;
  }

  /**
   * Adds folios that have a page from {@code first} to {@code last} to a batch until it is full, in
   * order and without taking references. Models {@code filemap_get_folios}.
   *
   * @return the index to go on from: after the last folio added, or {@code last} + 1 at the end;
   *     {@code last} may be Long.MAX_VALUE, which then stands for its successor too
   */
  public long lookup(FolioBatch batch, long first, long last) {
    return fill(batch, first, last, PRESENT);
  }

  /** As {@link #lookup}, with marked folios only. Models {@code filemap_get_folios_tag}. */
  public long lookupMarked(FolioBatch batch, PageMark mark, long first, long last) {
    return fill(batch, first, last, FIRST_MARK + mark.ordinal());
  }

  private long fill(FolioBatch batch, long first, long last, int word) {
    long index = first;
    while (batch.space() > 0) {
      if (!find(index, last, word)) {
        return last == Long.MAX_VALUE ? last : last + 1;
      }
      index = take(batch, last, word);
    }
    return index;
  }

  /** Adds what find() found and what follows it in its node; returns the index to go on from. */
  private long take(FolioBatch batch, long last, int word) {
    long bits = nodes.word(cursor, word) & -1L << foundSlot;
    long base = cursorBase << cursorShift << SLOT_BITS;
    long index = foundIndex;
    while (bits != 0 && batch.space() > 0) {
      int slot = Long.numberOfTrailingZeros(bits);
      int folio = cursorSlots[cursorFirst + slot];
      index = base + ((long) slot << cursorShift);
      if (folio < 0 || index > last) {
        return index;
      }
      batch.add(folio);
      int end = endSlot(slot, folio);
      index = base + ((long) end << cursorShift);
      bits = end < SLOTS ? bits & -1L << end : 0;
    }
    return index;
  }

  /**
   * Copies mark DIRTY to mark TOWRITE on folios that have a page from {@code first} to {@code
   * last}, 64 at a time. Models {@code tag_pages_for_writeback}.
   */
  public void tagForWriteback(long first, long last) {
    int dirty = FIRST_MARK + PageMark.DIRTY.ordinal();
    int towrite = FIRST_MARK + PageMark.TOWRITE.ordinal();
    long index = first;
    // Ends because each turn moves the index behind what it has tagged.
    while (find(index, last, dirty)) {
      if (cursorShift == 0) {
        long bits = nodes.word(cursor, dirty) & -1L << foundSlot;
        long nodeLast = foundIndex | SLOT_MASK;
        if (last < nodeLast) {
          bits &= -1L >>> SLOT_MASK - ((int) last & SLOT_MASK);
        }
        nodes.setBits(cursor, towrite, bits);
        index = nodeLast + 1;
      } else {
        // A node above the lowest level may have nodes between its folios.
        nodes.setBits(cursor, towrite, 1L << foundSlot);
        int end = endSlot(foundSlot, cursorEntry());
        index = foundIndex + ((long) (end - foundSlot) << cursorShift);
      }
    }
  }

  private int require(long index, String what) {
    int folio = seek(index);
    if (folio == 0) {
      throw new IllegalStateException(
          "page tree: " + what + ": index is " + index + "; there must be a folio");
    }
    return folio;
  }

  // Shape.

  /** The node of the given shift that covers {@code index}, made with the way to it if needed. */
  private int nodeFor(long index, int level, int folio) {
    if (root == 0) {
      rootShift = level;
      while (index >>> rootShift >>> SLOT_BITS != 0) {
        rootShift += SLOT_BITS;
      }
      root = nodes.alloc(0, 0, rootShift);
    }
    while (rootShift < level || index >>> rootShift >>> SLOT_BITS != 0) {
      raise();
    }
    int node = root;
    for (int shift = rootShift; shift > level; shift -= SLOT_BITS) {
      int slot = (int) (index >>> shift) & SLOT_MASK;
      int entry = nodes.slotsOf(node)[firstSlot(node) + slot];
      if (entry > 0) {
        // Only nodes that were there before have folios, so nothing has been changed yet.
        throw occupied(index, folio);
      }
      if (entry == 0) {
        int child = nodes.alloc(node, slot, shift - SLOT_BITS);
        nodes.slotsOf(node)[firstSlot(node) + slot] = -child;
        nodes.wordsOf(node)[firstWord(node) + PRESENT] |= 1L << slot;
        entry = -child;
      }
      node = -entry;
    }
    return node;
  }

  /** Puts a root above the root. */
  private void raise() {
    int old = root;
    rootShift += SLOT_BITS;
    root = nodes.alloc(0, 0, rootShift);
    nodes.setLink(old, root, 0, rootShift - SLOT_BITS);
    nodes.slotsOf(root)[firstSlot(root)] = -old;
    nodes.wordsOf(root)[firstWord(root) + PRESENT] = 1;
    for (int mark = FIRST_MARK; mark < FIRST_MARK + MARKS; mark++) {
      if (nodes.word(old, mark) != 0) {
        nodes.wordsOf(root)[firstWord(root) + mark] = 1;
      }
    }
  }

  /** Frees an empty node, and each node above that becomes empty by it. */
  private void prune(int empty) {
    int node = empty;
    dropCursor();
    while (nodes.word(node, PRESENT) == 0) {
      int parent = nodes.parent(node);
      int place = nodes.place(node);
      nodes.free(node);
      if (parent == 0) {
        root = 0;
        return;
      }
      nodes.slotsOf(parent)[firstSlot(parent) + place] = 0;
      nodes.wordsOf(parent)[firstWord(parent) + PRESENT] &= ~(1L << place);
      node = parent;
    }
  }

  /** Takes roots away that have nothing but a node in slot 0. */
  private void shrink() {
    while (root != 0 && nodes.word(root, PRESENT) == 1) {
      int entry = nodes.slotsOf(root)[firstSlot(root)];
      if (entry > 0) {
        return;
      }
      int old = root;
      if (cursor == old) {
        dropCursor();
      }
      nodes.slotsOf(old)[firstSlot(old)] = 0;
      for (int word = PRESENT; word < FIRST_MARK + MARKS; word++) {
        nodes.wordsOf(old)[firstWord(old) + word] = 0;
      }
      nodes.free(old);
      root = -entry;
      rootShift -= SLOT_BITS;
      nodes.setLink(root, 0, 0, rootShift);
    }
  }

  /**
   * Checks the whole tree against its own rules, in time that grows with its nodes; for tests and
   * for the end of a run.
   *
   * @throws IllegalStateException that names the first rule broken
   */
  public void verify() {
    long counted = new PageTreeAudit(folios, nodes).audit(root, rootShift);
    if (counted != pageCount) {
      throw new IllegalStateException(
          "page tree: verify: pages in slots are " + counted + "; counted are " + pageCount);
    }
    if (cursor != 0 && cursorBase != baseOf(cursor)) {
      throw new IllegalStateException(
          "page tree: verify: the cursor's base is "
              + cursorBase
              + "; its node is at "
              + baseOf(cursor));
    }
  }

  /** The upper bits of the indexes that a node covers, worked out from its place in the tree. */
  private long baseOf(int node) {
    long base = 0;
    int bits = 0;
    int child = node;
    while (child != root) {
      base |= (long) nodes.place(child) << bits;
      bits += SLOT_BITS;
      child = nodes.parent(child);
    }
    return base;
  }

  private IllegalStateException occupied(long index, int folio) {
    // The root may have been raised in vain for a folio that is larger than the tree was.
    shrink();
    return new IllegalStateException(
        "page tree: store of "
            + folios.describe(folio)
            + ": index is "
            + index
            + "; its pages must be free, but "
            + folios.describe(next(index, index + folios.nrPages(folio) - 1))
            + " is there");
  }
}
