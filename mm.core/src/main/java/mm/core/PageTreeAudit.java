package mm.core;

import static mm.core.PageTreeNodes.FIRST_MARK;
import static mm.core.PageTreeNodes.PRESENT;
import static mm.core.PageTreeNodes.SLOTS;
import static mm.core.PageTreeNodes.SLOT_BITS;

/** The rules that a {@link PageTree} keeps, checked from outside its fast paths. */
final class PageTreeAudit {
  private final FolioStore folios;
  private final PageTreeNodes nodes;

  PageTreeAudit(FolioStore folios, PageTreeNodes nodes) {
    this.folios = folios;
    this.nodes = nodes;
  }

  /** Checks a tree and returns how many pages its folios have. */
  long audit(int root, int rootShift) {
    if (root == 0) {
      return 0;
    }
    check(root > 0, root, "the root is a node");
    check(nodes.shift(root) == rootShift, root, "the root's shift is the tree's");
    check(nodes.parent(root) == 0, root, "the root has no parent");
    boolean needless = nodes.word(root, PRESENT) == 1 && entry(root, 0) < 0;
    check(!needless, root, "the root has more than a node in slot 0");
    return auditNode(root);
  }

  private long auditNode(int node) {
    check(nodes.word(node, PRESENT) != 0, node, "no node is empty");
    long pages = 0;
    int shift = nodes.shift(node);
    long heads = 0;
    for (int slot = 0; slot < SLOTS; slot++) {
      int entry = entry(node, slot);
      boolean present = (nodes.word(node, PRESENT) >>> slot & 1) != 0;
      check(present == (entry != 0), node, "slot " + slot + " is in use as its bit says");
      if (entry < 0) {
        heads |= 1L << slot;
        pages += auditChild(node, slot, -entry);
      } else if (entry > 0) {
        int order = folios.order(entry);
        int span = order < shift ? 0 : 1 << order - shift;
        check(span > 0 && span < SLOTS, node, "folio " + entry + " is on the level of its order");
        int head = slot & -span;
        check(entry(node, head) == entry, node, "folio " + entry + " fills all its slots");
        boolean unique = slot == head || entry(node, slot - 1) == entry;
        check(unique, node, "the slots of folio " + entry + " are side by side");
        if (slot == head) {
          heads |= 1L << slot;
          check(entry(node, head + span - 1) == entry, node, "folio " + entry + " is whole");
        }
        pages += 1L << shift;
      }
    }
    for (int mark = 0; mark < PageMark.values().length; mark++) {
      long extra = nodes.word(node, FIRST_MARK + mark) & ~heads;
      check(extra == 0, node, "mark " + PageMark.values()[mark] + " is on first slots only");
    }
    return pages;
  }

  private long auditChild(int node, int slot, int child) {
    check(nodes.parent(child) == node, child, "its parent is the node it is in");
    check(nodes.place(child) == slot, child, "its place is the slot it is in");
    check(nodes.shift(child) == nodes.shift(node) - SLOT_BITS, child, "its shift is 6 less");
    for (int mark = 0; mark < PageMark.values().length; mark++) {
      boolean above = (nodes.word(node, FIRST_MARK + mark) >>> slot & 1) != 0;
      boolean below = nodes.word(child, FIRST_MARK + mark) != 0;
      check(above == below, child, "mark " + PageMark.values()[mark] + " is summed up above");
    }
    return auditNode(child);
  }

  private int entry(int node, int slot) {
    return nodes.slotsOf(node)[PageTreeNodes.firstSlot(node) + slot];
  }

  private static void check(boolean holds, int node, String rule) {
    if (!holds) {
      throw new IllegalStateException(
          "page tree: verify: node " + node + ": broken is that " + rule);
    }
  }
}
