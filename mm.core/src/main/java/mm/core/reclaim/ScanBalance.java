package mm.core.reclaim;

import mm.core.LruList;
import mm.core.Lruvec;
import mm.core.NodeStat;
import mm.core.PageCache;

/**
 * How many pages of each list one look at one priority goes over. Models {@code
 * prepare_scan_control} and {@code get_scan_count}: what reclaim of a type has cost lately, in
 * pages that had to stay and pages that came back, weighs against swappiness.
 */
final class ScanBalance {
  /** {@code MAX_SWAPPINESS}. */
  static final int SWAPPINESS_MAX = 200;

  private static final LruList[] LISTS = LruList.evictable();

  private enum Kind {
    /** Both types by their size. */
    EQUAL,
    /** Both, by their size, by swappiness and by their cost. */
    FRACTION,
    FILE,
    ANON
  }

  private final PageCache cache;
  private final Memory memory;
  private Memcg target;
  private ReclaimOrigin origin;
  private int priority;
  private boolean deactivatesAnon;
  private boolean deactivatesFile;
  private boolean cacheTrim;
  private boolean fileIsTiny;
  private long anonFraction;
  private long fileFraction;

  ScanBalance(PageCache cache, Memory memory) {
    this.cache = cache;
    this.memory = memory;
  }

  /** Looks at the state of the whole group, or machine, that is short of memory. */
  void prepare(Memcg whose, ReclaimOrigin by, int level) {
    target = whose;
    origin = by;
    priority = level;
    deactivatesAnon =
        target.stats().get(NodeStat.REFAULT_ACTIVATE_ANON) != target.anonActivatesSeen
            || targetInactiveIsLow(LruList.INACTIVE_ANON, LruList.ACTIVE_ANON);
    deactivatesFile =
        target.stats().get(NodeStat.REFAULT_ACTIVATE_FILE) != target.fileActivatesSeen
            || targetInactiveIsLow(LruList.INACTIVE_FILE, LruList.ACTIVE_FILE);
    long inactiveFile = memory.lruPages(target, LruList.INACTIVE_FILE);
    cacheTrim = inactiveFile >> priority > 0 && !deactivatesFile;
    long file = inactiveFile + memory.lruPages(target, LruList.ACTIVE_FILE);
    fileIsTiny =
        origin != ReclaimOrigin.MEMCG
            && file + memory.freePages() <= memory.highWatermarkPages()
            && !deactivatesAnon
            && memory.lruPages(target, LruList.INACTIVE_ANON) >> priority > 0;
    long costs = target.anonCost + target.fileCost;
    long all = 3 * costs;
    anonFraction = memory.swappiness() * (all + 1) / (costs + target.anonCost + 1);
    fileFraction =
        (SWAPPINESS_MAX - memory.swappiness()) * (all + 1) / (costs + target.fileCost + 1);
  }

  /** Has active lists scanned whatever their size: {@code force_deactivate}. */
  void forceDeactivate() {
    deactivatesAnon = true;
    deactivatesFile = true;
    cacheTrim = false;
  }

  /** Has file pages not preferred: {@code no_cache_trim_mode}. */
  void forbidCacheTrim() {
    cacheTrim = false;
  }

  /** {@code cache_trim_mode}: there are inactive file pages enough to look at no others. */
  boolean isCacheTrim() {
    return cacheTrim;
  }

  /** Whether the active list of that type is to be made shorter: {@code may_deactivate}. */
  boolean deactivates(LruList active) {
    return active == LruList.ACTIVE_FILE ? deactivatesFile : deactivatesAnon;
  }

  /** Pages of each list of a group to look at, by the list's number. */
  void count(Lruvec lruvec, long[] pages) {
    Kind kind = kind();
    for (LruList lru : LISTS) {
      boolean file = lru == LruList.INACTIVE_FILE || lru == LruList.ACTIVE_FILE;
      long scan = memory.lruPages(lruvec, lru) >> priority;
      if (kind == Kind.FRACTION) {
        scan = scan * (file ? fileFraction : anonFraction) / (anonFraction + fileFraction);
      } else if (kind == (file ? Kind.ANON : Kind.FILE)) {
        scan = 0;
      }
      pages[lru.ordinal()] = scan;
    }
  }

  private Kind kind() {
    int swappiness = memory.swappiness();
    if (!memory.canSwap()) {
      return Kind.FILE;
    }
    if (priority == 0 && swappiness > 0) {
      return Kind.EQUAL;
    }
    if (fileIsTiny) {
      return Kind.ANON;
    }
    return cacheTrim ? Kind.FILE : Kind.FRACTION;
  }

  /** Whether the anonymous lists are kept in order even if none of their folios may go. */
  boolean agesAnon(Lruvec lruvec) {
    return cache.swap() != null
        && inactiveIsLow(
            lruvec.pageCount(LruList.INACTIVE_ANON), lruvec.pageCount(LruList.ACTIVE_ANON));
  }

  private boolean targetInactiveIsLow(LruList inactive, LruList active) {
    return inactiveIsLow(memory.lruPages(target, inactive), memory.lruPages(target, active));
  }

  /** {@code inactive_is_low}: the larger the lists, the smaller the inactive part may be. */
  private static boolean inactiveIsLow(long inactivePages, long activePages) {
    long gib = inactivePages + activePages >> 18;
    long ratio = gib == 0 ? 1 : (long) Math.sqrt(10.0 * gib);
    return inactivePages * ratio < activePages;
  }
}
