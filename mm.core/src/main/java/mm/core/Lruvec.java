package mm.core;

/**
 * The LRU lists of one memory control group on one node. Models {@code struct lruvec}.
 *
 * <p>Read by reclaim; folios are put in and taken out by {@link LruLists} only.
 */
public final class Lruvec {
  private final FolioList[] lists = new FolioList[LruList.values().length];
  private final int memcgId;
  private final int nodeId;

  Lruvec(FolioStore folios, int memcgId, int nodeId) {
    for (int i = 0; i < lists.length; i++) {
      lists[i] = new FolioList(folios);
    }
    this.memcgId = memcgId;
    this.nodeId = nodeId;
  }

  /** The group whose folios these are; 0 is the root. */
  public int memcg() {
    return memcgId;
  }

  /** The node whose folios these are. */
  public int node() {
    return nodeId;
  }

  /** Pages on a list. Models {@code lruvec_lru_size}. */
  public long pageCount(LruList lru) {
    return list(lru).pageCount();
  }

  /** Folios on a list. */
  public int folioCount(LruList lru) {
    return list(lru).folioCount();
  }

  /** The folio that reclaim would take first; 0 for none. */
  public int tail(LruList lru) {
    return list(lru).tail();
  }

  /** The folio put in last; 0 for none. */
  public int head(LruList lru) {
    return list(lru).head();
  }

  FolioList list(LruList lru) {
    return lists[lru.ordinal()];
  }
}
