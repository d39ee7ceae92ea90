package mm.core;

import mm.core.writeback.Writeback;
import sim.kernel.Exec;
import sim.kernel.machine.Cost;

/**
 * Makes a large folio smaller ones where it is. Models {@code folio_split} to order 0, which halves
 * it and then always the half that has a certain page, so that this page is a folio by itself and
 * all others are in folios as large as they can be.
 */
final class FolioSplit {
  private final PageCache cache;
  private final FolioStore folios;
  private final Writeback writeback;
  private final long holdNs;
  private SplitDropbehind dropbehind = SplitDropbehind.KEPT;

  FolioSplit(PageCache cache) {
    this.cache = cache;
    folios = cache.folios();
    writeback = cache.writeback();
    holdNs = cache.machine().costNs(Cost.FOLIO_TREE_HOLD);
  }

  void use(SplitDropbehind kind) {
    dropbehind = kind;
  }

  /**
   * Splits a locked, unmapped folio; the caller's reference and lock stay with its first part.
   *
   * @return false if it is under writeback or isolated, has private state that the file system
   *     keeps, as iomap's does while it is dirty, or references that nobody accounts for: -EBUSY or
   *     -EAGAIN
   */
  boolean split(Exec x, AddressSpace mapping, int folio, long index) {
    boolean idle = folios.test(folio, FolioFlag.LRU) && !folios.test(folio, FolioFlag.WRITEBACK);
    if (!idle || folios.mapped(folio)) {
      return false;
    }
    if (folios.test(folio, FolioFlag.PRIVATE) && !mapping.operations().releaseFolio(x, folio)) {
      return false;
    }
    int pages = folios.nrPages(folio);
    if (folios.refcount(folio) != pages + 1) {
      return false;
    }
    // What a split costs is its work on each page's descriptor, as an allocation's is.
    x.charge(Cost.FOLIO_ADD_PAGE, pages);
    mapping.treeLock().contendIrqSave(x, holdNs);
    long first = folios.index(folio);
    boolean dirtyMark = mapping.pages().getMark(first, PageMark.DIRTY);
    boolean towriteMark = mapping.pages().getMark(first, PageMark.TOWRITE);
    int lost = dirtyDropbehindPages(folio);
    mapping.pages().erase(first);
    int part = folio;
    while (folios.nrPages(part) > 1) {
      int tail = cache.lru().halve(part, dropbehind);
      boolean inTail = index >= folios.index(tail);
      int whole = inTail ? part : tail;
      store(mapping, whole, dirtyMark, towriteMark);
      lost -= dirtyDropbehindPages(whole);
      if (whole != folio) {
        release(x, whole);
      }
      part = inTail ? tail : part;
    }
    store(mapping, part, dirtyMark, towriteMark);
    lost -= dirtyDropbehindPages(part);
    if (part != folio) {
      release(x, part);
    }
    if (lost > 0) {
      writeback.keptDirty(x, mapping, lost);
    }
    return true;
  }

  private int dirtyDropbehindPages(int folio) {
    boolean counted =
        folios.test(folio, FolioFlag.DIRTY) && folios.test(folio, FolioFlag.DROPBEHIND);
    return counted ? folios.nrPages(folio) : 0;
  }

  private void store(AddressSpace mapping, int folio, boolean dirtyMark, boolean towriteMark) {
    long index = folios.index(folio);
    mapping.pages().store(index, folio);
    if (dirtyMark) {
      mapping.pages().setMark(index, PageMark.DIRTY);
    }
    if (towriteMark) {
      mapping.pages().setMark(index, PageMark.TOWRITE);
    }
  }

  private void release(Exec x, int folio) {
    cache.unlock(x, folio);
    cache.put(folio);
  }
}
