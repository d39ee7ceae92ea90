package mm.core;

import java.util.Arrays;

/**
 * All LRU lists of a run: an {@link Lruvec} for each memory control group and node.
 *
 * <p>Which list a folio is on follows from its memcg, its node and its flags SWAPBACKED, ACTIVE and
 * UNEVICTABLE. While LRU is set, these must not be changed but by the methods here. References are
 * the caller's, but for {@link #isolate}. Models include/linux/mm_inline.h and mm/swap.c below its
 * per-CPU batches.
 */
public final class LruLists {
  private final FolioStore folios;
  private Lruvec[][] lruvecs = new Lruvec[1][];
  private Lruvec recent;

  /** Makes empty lists for folios of {@code folios}. */
  public LruLists(FolioStore folios) {
    this.folios = folios;
  }

  /** The lists of a group on a node, made when first asked for. */
  public Lruvec lruvec(int memcgId, int nodeId) {
    if (memcgId < 0
        || memcgId >= FolioStore.MEMCG_LIMIT
        || nodeId < 0
        || nodeId >= FolioStore.NODE_LIMIT) {
      throw new IllegalArgumentException(
          "LRU lists: memcg is "
              + memcgId
              + " and node "
              + nodeId
              + "; the memcg must be from 0 to 65535, the node from 0 to 15");
    }
    if (memcgId >= lruvecs.length) {
      lruvecs = Arrays.copyOf(lruvecs, Math.max(memcgId + 1, lruvecs.length * 2));
    }
    if (lruvecs[memcgId] == null) {
      lruvecs[memcgId] = new Lruvec[FolioStore.NODE_LIMIT];
    }
    if (lruvecs[memcgId][nodeId] == null) {
      lruvecs[memcgId][nodeId] = new Lruvec(folios, memcgId, nodeId);
    }
    return lruvecs[memcgId][nodeId];
  }

  /** The lists that a folio belongs to. Models {@code folio_lruvec}. */
  public Lruvec lruvecOf(int folio) {
    // Neighbours in time mostly belong to the same lists.
    int memcgId = folios.memcg(folio);
    int nodeId = folios.node(folio);
    if (recent == null || recent.memcg() != memcgId || recent.node() != nodeId) {
      recent = lruvec(memcgId, nodeId);
    }
    return recent;
  }

  /** Puts a folio at the young end of the list its flags name, and sets LRU. */
  public void add(int folio) {
    listOf(folio).addHead(folio);
    folios.set(folio, FolioFlag.LRU);
  }

  /** Puts a folio at the old end of the list its flags name, and sets LRU. */
  public void addTail(int folio) {
    listOf(folio).addTail(folio);
    folios.set(folio, FolioFlag.LRU);
  }

  /** Takes a folio off its list and clears LRU; the flags that named the list stay. */
  public void del(int folio) {
    requireOnLru(folio, "del");
    listOf(folio).remove(folio);
    folios.clear(folio, FolioFlag.LRU);
  }

  /** Moves a folio to the old end of its list, as end of writeback does after RECLAIM. */
  public void rotateToTail(int folio) {
    requireOnLru(folio, "rotateToTail");
    FolioList list = listOf(folio);
    list.remove(folio);
    list.addTail(folio);
  }

  /** Moves a folio to the young end of its list. */
  public void rotateToHead(int folio) {
    requireOnLru(folio, "rotateToHead");
    FolioList list = listOf(folio);
    list.remove(folio);
    list.addHead(folio);
  }

  /**
   * Moves a folio to the young end of the active list of its type and sets ACTIVE. Nothing happens
   * if it is active or unevictable. Models {@code lru_activate}.
   */
  public void activate(int folio) {
    if (!folios.test(folio, FolioFlag.ACTIVE) && !folios.test(folio, FolioFlag.UNEVICTABLE)) {
      del(folio);
      folios.set(folio, FolioFlag.ACTIVE);
      add(folio);
    }
  }

  /**
   * Moves a folio to the young end of the inactive list of its type and clears ACTIVE and
   * REFERENCED. Nothing happens if it is inactive or unevictable. Models {@code lru_deactivate}.
   */
  public void deactivate(int folio) {
    if (folios.test(folio, FolioFlag.ACTIVE) && !folios.test(folio, FolioFlag.UNEVICTABLE)) {
      del(folio);
      folios.clear(folio, ACTIVE_OR_REFERENCED);
      add(folio);
    }
  }

  private static final FolioFlag ACTIVE_OR_REFERENCED = FolioFlag.ACTIVE.or(FolioFlag.REFERENCED);

  /**
   * Halves a folio as {@link FolioStore#halve} does, where it is on its list; the second half is
   * the younger one. Models {@code lru_add_split_folio}.
   */
  int halve(int folio, SplitDropbehind dropbehind) {
    requireOnLru(folio, "halve");
    FolioList list = listOf(folio);
    int older = list.older(folio);
    list.remove(folio);
    int tail = folios.halve(folio, dropbehind);
    list.addYounger(folio, older);
    list.addYounger(tail, folio);
    folios.set(tail, FolioFlag.LRU);
    return tail;
  }

  /**
   * Takes folios from the old end of a list: each gets a reference, loses LRU and is added to the
   * young end of {@code isolated}. A frozen folio is rotated to the young end of its list instead.
   * Models {@code isolate_lru_folios}.
   *
   * @param nrToScan stops when that many pages were looked at; the last folio may exceed it
   * @return how many pages were isolated
   */
  public long isolate(Lruvec lruvec, LruList lru, long nrToScan, FolioList isolated) {
    FolioList list = lruvec.list(lru);
    long taken = 0;
    long scanned = 0;
    // Bounded: a rotated folio may be met again only after all others, and counts as scanned.
    while (scanned < nrToScan && !list.isEmpty()) {
      int folio = list.removeTail();
      int pages = folios.nrPages(folio);
      scanned += pages;
      if (folios.tryGet(folio)) {
        folios.clear(folio, FolioFlag.LRU);
        isolated.addHead(folio);
        taken += pages;
      } else {
        list.addHead(folio);
      }
    }
    return taken;
  }

  private FolioList listOf(int folio) {
    return lruvecOf(folio).list(LruList.ofFlags(folios.flags(folio)));
  }

  private void requireOnLru(int folio, String what) {
    if (!folios.test(folio, FolioFlag.LRU)) {
      throw folios.bad(folio, what, "it must be on an LRU list");
    }
  }
}
