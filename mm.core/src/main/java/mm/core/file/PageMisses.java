package mm.core.file;

import mm.core.AddressSpace;
import mm.core.FolioStore;

/**
 * Where cached pages begin and end around an index. Models {@code page_cache_next_miss} and {@code
 * page_cache_prev_miss}, their walk included: a walk that starts in the middle of a large folio
 * stands on the folio's first slot, but counts from where it was sent. So it takes each page for
 * another one, until it comes to another node of the tree, and finds holes early or late.
 */
final class PageMisses {
  /** {@code XA_CHUNK_SHIFT}: a leaf has the slots of 64 pages; larger folios are in its parent. */
  private static final int NODE_SHIFT = 6;

  private static final int NODE_SLOTS = 1 << NODE_SHIFT;

  private PageMisses() {}

  /**
   * The first hole behind the folio at {@code index}, as the kernel sees it; behind the range if it
   * sees none among the {@code max} pages from {@code index + 1} on.
   *
   * @param nrPages the folio's
   */
  static long after(AddressSpace mapping, long index, int nrPages, long max) {
    long behind = nrPages > 1 && nrPages < NODE_SLOTS ? 1 : 0;
    for (long at = index + 1; at - index <= max; at++) {
      if (at > index + 1 && (at - behind) % NODE_SLOTS == 0) {
        behind = 0;
      }
      if (mapping.pages().load(at - behind) == 0) {
        return at;
      }
    }
    return index + 1 + max;
  }

  /**
   * The last hole before {@code index}, as the kernel sees it: -1 if all is cached from the file's
   * first page on, and the last page looked at if there is none among {@code max}.
   */
  static long before(AddressSpace mapping, FolioStore folios, long index, long max) {
    long at = index - 1;
    long slot = at;
    boolean inLeaf = true;
    for (long left = max; left > 0; left--) {
      if (left < max) {
        at--;
        if (inLeaf && (slot & NODE_SLOTS - 1) != 0) {
          slot--;
        } else if (at < 0) {
          return -1;
        } else {
          slot = nodeBefore(slot, at, inLeaf);
        }
      }
      int folio = slot < 0 ? 0 : mapping.pages().load(slot);
      if (folio == 0) {
        return at;
      }
      if (left == max) {
        slot = folios.index(folio);
      }
      inLeaf = folios.order(folio) < NODE_SHIFT;
    }
    return at;
  }

  /**
   * One step back from the first slot of a leaf, or from a slot of its parent: {@code __xas_prev}
   * compares the slot with the index, and only if they differ it goes on to the node before, where
   * it stands at the index again.
   */
  private static long nodeBefore(long slot, long at, boolean inLeaf) {
    long node = slot >> NODE_SHIFT;
    if (inLeaf ? (at & NODE_SLOTS - 1) == 0 : node == at >> NODE_SHIFT) {
      return inLeaf ? slot : (node << NODE_SHIFT) + (at & NODE_SLOTS - 1);
    }
    if ((node & NODE_SLOTS - 1) == 0) {
      // The parent's first slot: the same again one level up.
      long parent = (node >> NODE_SHIFT) - 1;
      node = (parent << NODE_SHIFT) + (at >> NODE_SHIFT & NODE_SLOTS - 1);
    } else {
      node--;
    }
    return (node << NODE_SHIFT) + (at & NODE_SLOTS - 1);
  }
}
