package mm.core;

import java.util.List;
import mm.core.reclaim.Memcg;
import mm.core.reclaim.SwapBacked;
import mm.core.writeback.BackingDevice;
import mm.core.writeback.BdiWriteback;
import mm.core.writeback.WbStat;

/** Counts everything in a page cache again, and compares. */
final class PageCacheAudit {
  private static final List<NodeStat> LEVELS =
      List.of(
          NodeStat.FILE_PAGES,
          NodeStat.FILE_DIRTY,
          NodeStat.WRITEBACK,
          NodeStat.FILE_MAPPED,
          NodeStat.ANON_MAPPED,
          NodeStat.SHMEM,
          NodeStat.SWAPCACHE,
          NodeStat.MLOCK);

  private static final List<WbStat> WB_LEVELS =
      List.of(WbStat.RECLAIMABLE, WbStat.WRITEBACK, WbStat.DONTCACHE_DIRTY);

  private final PageCache cache;
  private final FolioStore folios;
  private final long[][] byGroup;
  private final long[] usage;
  private final List<BdiWriteback> wbs;
  private final long[][] byWb;
  private int folioCount;

  /** Whether nobody holds a lock or a reference of his own. */
  private boolean quiet;

  PageCacheAudit(PageCache cache) {
    this.cache = cache;
    folios = cache.folios();
    byGroup = new long[cache.memory().memcgs().size()][LEVELS.size()];
    usage = new long[byGroup.length];
    wbs =
        cache.writeback().devices().stream().map(BackingDevice::wbs).flatMap(List::stream).toList();
    byWb = new long[wbs.size()][WB_LEVELS.size()];
  }

  /** Everything, in a page cache that nobody is working on. */
  void verify() {
    quiet = true;
    verifyLevels();
    require("folios in use", folios.folioCount(), folioCount);
    for (Memcg memcg : cache.memory().memcgs()) {
      require(memcg + " usage", memcg.folioPages(), usage[memcg.id()]);
    }
    require("isolated pages", cache.stats().get(NodeStat.ISOLATED_FILE), 0);
    require("isolated anonymous pages", cache.stats().get(NodeStat.ISOLATED_ANON), 0);
    require("folios in custody", cache.dropbehindSlot().pending(), 0);
  }

  /** What holds between any two events. */
  void verifyLevels() {
    for (int id = 1; id < cache.mappings().idLimit(); id++) {
      AddressSpace mapping = cache.mappings().find(id);
      if (mapping != null) {
        mapping.pages().verify();
        scan(mapping);
        requireFlusherKnows(mapping);
      }
    }
    for (int i = 0; i < LEVELS.size(); i++) {
      long sum = 0;
      for (Memcg memcg : cache.memory().memcgs()) {
        long counted = byGroup[memcg.id()][i];
        sum += counted;
        if (!memcg.isRoot()) {
          require(memcg + " " + LEVELS.get(i), memcg.stats().get(LEVELS.get(i)), counted);
        }
      }
      require("node " + LEVELS.get(i), cache.stats().get(LEVELS.get(i)), sum);
    }
    for (int i = 0; i < WB_LEVELS.size(); i++) {
      for (int wb = 0; wb < wbs.size(); wb++) {
        String what = wbs.get(wb) + " " + WB_LEVELS.get(i);
        require(what, wbs.get(wb).statSum(WB_LEVELS.get(i)), byWb[wb][i]);
      }
    }
  }

  private void requireFlusherKnows(AddressSpace mapping) {
    if (mapping.pages().marked(PageMark.DIRTY) && !mapping.inode().isKnownToFlusher()) {
      throw new IllegalStateException(
          "page cache: verify: inode "
              + mapping.hostInode()
              + " has dirty pages; it must be on a list of its flusher");
    }
  }

  private void scan(AddressSpace mapping) {
    long index = 0;
    while (true) {
      int folio = mapping.pages().next(index, Long.MAX_VALUE);
      if (folio == 0) {
        return;
      }
      scan(mapping, folio);
      index = folios.index(folio) + folios.nrPages(folio);
    }
  }

  private void scan(AddressSpace mapping, int folio) {
    folioCount++;
    int pages = folios.nrPages(folio);
    boolean dirty = folios.test(folio, FolioFlag.DIRTY);
    boolean writeback = folios.test(folio, FolioFlag.WRITEBACK);
    boolean dropbehind = folios.test(folio, FolioFlag.DROPBEHIND);
    long[] group = byGroup[folios.memcg(folio)];
    usage[folios.memcg(folio)] += pages;
    SwapBacked memory = mapping.swapBacked();
    boolean anon = memory != null && memory.isAnon();
    boolean swapCache = folios.test(folio, FolioFlag.SWAPCACHE);
    if (!anon) {
      // Anonymous memory that its process gave up is not.
      requireSame(folio, "SWAPBACKED", folios.test(folio, FolioFlag.SWAPBACKED), memory != null);
    }
    boolean mlocked = folios.test(folio, FolioFlag.MLOCKED);
    group[7] += mlocked ? pages : 0;
    group[0] += !anon || swapCache ? pages : 0;
    group[1] += dirty && memory == null ? pages : 0;
    group[2] += writeback ? pages : 0;
    group[3] += folios.mapped(folio) && !anon ? pages : 0;
    group[4] += folios.mapped(folio) && anon ? pages : 0;
    group[5] += memory != null && !anon && !swapCache ? pages : 0;
    group[6] += swapCache ? pages : 0;
    if (memory == null && (dirty || writeback)) {
      long[] wb = byWb[wbs.indexOf(mapping.inode().wb())];
      wb[0] += dirty ? pages : 0;
      wb[1] += writeback ? pages : 0;
      wb[2] += dirty && dropbehind ? pages : 0;
    }
    boolean locked = folios.test(folio, FolioFlag.LOCKED);
    long index = folios.index(folio);
    boolean dirtyMark = mapping.pages().getMark(index, PageMark.DIRTY);
    // Between clear-dirty and start of writeback, under the lock, the mark still stands.
    boolean marksDirty = memory == null && (dirty || locked && dirtyMark);
    requireSame(folio, "mark DIRTY", dirtyMark, marksDirty);
    boolean marked = mapping.pages().getMark(index, PageMark.WRITEBACK);
    requireSame(folio, "mark WRITEBACK", marked, writeback);
    if (folios.mapping(folio) != mapping.id()) {
      throw folios.bad(folio, "verify", "it must belong to mapping " + mapping.id());
    }
    int refs = pages + folios.mapcount(folio);
    refs += folios.test(folio, FolioFlag.PRIVATE) ? 1 : 0;
    if (folios.refcount(folio) < refs) {
      throw folios.bad(folio, "verify", "it must have at least " + refs + " references");
    }
    if (quiet) {
      requireSame(folio, "LRU", folios.test(folio, FolioFlag.LRU), true);
      requireSame(folio, "LOCKED", locked, false);
      requireSame(folio, "UNEVICTABLE", folios.test(folio, FolioFlag.UNEVICTABLE), mlocked);
      requireSame(folio, "more references", folios.refcount(folio) > refs, false);
    }
  }

  private void requireSame(int folio, String what, boolean is, boolean right) {
    if (is != right) {
      throw folios.bad(folio, "verify: " + what + " is " + is, "it must be " + right);
    }
  }

  private static void require(String what, long is, long right) {
    if (is != right) {
      throw new IllegalStateException(
          "page cache: verify: " + what + " is " + is + "; counted are " + right);
    }
  }
}
