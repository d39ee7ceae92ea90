package mm.core.reclaim;

import java.util.function.LongPredicate;
import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.LruList;
import mm.core.NodeStat;
import mm.core.PageCache;
import sim.kernel.Exec;
import sim.kernel.trace.Tracepoint;

/**
 * Tells a folio that comes back soon after reclaim took it from one that is new. Models
 * mm/workingset.c: reclaim leaves a shadow that says how many folios had been evicted or activated
 * by then; if no more have been since than there is memory that could have been given up in its
 * place, the folio that comes back is active at once.
 *
 * <p>Made by {@link Memory}. A shadow is forgotten when more pages than the machine has were
 * evicted or activated after it; the kernel's shrinker goes by the number of tree nodes that have
 * nothing but shadows.
 */
public final class Workingset {
  // A shadow: the age from bit 18 on, the group in bits 2 to 17, PG_workingset in bit 1, and 1.
  private static final int AGE_SHIFT = 18;
  private static final int MEMCG_SHIFT = 2;
  private static final int MEMCG_MASK = FolioStore.MEMCG_LIMIT - 1;
  private static final long WORKINGSET_BIT = 2;

  private final PageCache cache;
  private final Memory memory;
  private final FolioStore folios;
  private final LongPredicate stale = shadow -> distance(shadow) > memory().managedPages();

  Workingset(PageCache cache, Memory memory) {
    this.cache = cache;
    this.memory = memory;
    folios = cache.folios();
  }

  private Memory memory() {
    return memory;
  }

  /** A folio becomes active: {@code workingset_activation}. Called by the page cache. */
  public void activated(int folio) {
    age(memory.memcg(folios.memcg(folio)), folios.nrPages(folio));
  }

  /** {@code workingset_age_nonresident}: what was evicted before moves towards oblivion. */
  private void age(Memcg memcg, int pages) {
    memcg.nonresidentAge += pages;
    if (!memcg.isRoot()) {
      memory.root().nonresidentAge += pages;
    }
  }

  /**
   * Leaves a shadow for each page of a folio that reclaim is about to take out of its mapping: of a
   * file, or from the swap cache. Models {@code workingset_eviction}.
   *
   * @param target the group that was short of memory; the root if the machine was
   */
  void evicted(AddressSpace mapping, int folio, Memcg target) {
    ShadowEntries shadows = mapping.shadows();
    if (shadows == null) {
      shadows = new ShadowEntries(stale);
      mapping.setShadows(shadows);
    }
    long shadow = target.nonresidentAge << AGE_SHIFT | (long) target.id() << MEMCG_SHIFT | 1;
    if (folios.test(folio, FolioFlag.WORKINGSET)) {
      shadow |= WORKINGSET_BIT;
    }
    int pages = folios.nrPages(folio);
    age(target, pages);
    long first = folios.index(folio);
    for (long index = first; index < first + pages; index++) {
      shadows.put(index, shadow);
    }
  }

  /** Forgets the shadows of a range, which is truncated, invalidated or overwritten. */
  public void forget(AddressSpace mapping, long firstIndex, long lastIndex) {
    ShadowEntries shadows = mapping.shadows();
    if (shadows != null && shadows.count() > 0) {
      shadows.forget(firstIndex, lastIndex);
    }
  }

  /**
   * A folio is put into a mapping, and will be on a list next: if it was evicted not long ago it is
   * active. Called by the page cache. Models {@code workingset_refault}.
   */
  public void added(Exec x, AddressSpace mapping, int folio) {
    ShadowEntries shadows = mapping.shadows();
    if (shadows == null || shadows.count() == 0) {
      return;
    }
    long shadow = takeLast(shadows, folio);
    if (shadow != 0 && !stale.test(shadow)) {
      refault(x, folio, shadow);
    }
  }

  /** Pages of a new folio may have been evicted apart: the last one counts, all are taken. */
  private long takeLast(ShadowEntries shadows, int folio) {
    long first = folios.index(folio);
    long last = 0;
    for (long index = first; index < first + folios.nrPages(folio); index++) {
      long shadow = shadows.take(index);
      last = shadow == 0 ? last : shadow;
    }
    return last;
  }

  private void refault(Exec x, int folio, long shadow) {
    LruList lru = LruList.ofFlags(folios.flags(folio));
    boolean file = lru == LruList.INACTIVE_FILE;
    int pages = folios.nrPages(folio);
    Memcg memcg = memory.memcg(folios.memcg(folio));
    boolean recent = distance(shadow) <= workingsetPages(memcgOf(shadow), lru);
    count(memcg, file ? NodeStat.REFAULT_FILE : NodeStat.REFAULT_ANON, pages);
    cache
        .machine()
        .trace()
        .emit(x.nowNs(), x.cpu().id(), Tracepoint.WORKINGSET_REFAULT, pages, recent ? 1 : 0);
    if (!recent) {
      return;
    }
    folios.set(folio, FolioFlag.ACTIVE);
    age(memcg, pages);
    count(memcg, file ? NodeStat.REFAULT_ACTIVATE_FILE : NodeStat.REFAULT_ACTIVATE_ANON, pages);
    if ((shadow & WORKINGSET_BIT) != 0) {
      folios.set(folio, FolioFlag.WORKINGSET);
      memory.reclaim().noteCost(memcg, lru, pages, 0);
    }
  }

  private void count(Memcg memcg, NodeStat stat, int pages) {
    cache.stats().add(stat, pages);
    if (!memcg.isRoot()) {
      memcg.stats().add(stat, pages);
    }
  }

  private Memcg memcgOf(long shadow) {
    return memory.memcg((int) (shadow >>> MEMCG_SHIFT) & MEMCG_MASK);
  }

  /** Pages evicted or activated since: {@code refault_distance}. */
  private long distance(long shadow) {
    return memcgOf(shadow).nonresidentAge - (shadow >>> AGE_SHIFT);
  }

  /** What could have gone in the folio's place: {@code workingset_test_recent}. */
  private long workingsetPages(Memcg memcg, LruList lru) {
    boolean file = lru == LruList.INACTIVE_FILE;
    long pages = memory.lruPages(memcg, LruList.ACTIVE_FILE);
    pages += file ? 0 : memory.lruPages(memcg, LruList.INACTIVE_FILE);
    if (memory.canSwap()) {
      pages += memory.lruPages(memcg, LruList.ACTIVE_ANON);
      pages += file ? memory.lruPages(memcg, LruList.INACTIVE_ANON) : 0;
    }
    return pages;
  }
}
