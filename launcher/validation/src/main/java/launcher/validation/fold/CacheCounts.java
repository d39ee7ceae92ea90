package launcher.validation.fold;

/** Folios that came and went, by the task that ran; levels of the page cache. */
final class CacheCounts {
  private static final int ORDERS = 16;

  private final long[] addedFolios = new long[TaskClass.count()];
  private final long[] addedPages = new long[TaskClass.count()];
  private final long[] deletedFolios = new long[TaskClass.count()];
  private final long[] deletedPages = new long[TaskClass.count()];
  private final long[] orders = new long[ORDERS];
  private long levelCached;
  private long sinceLevel;
  private long dirty;
  private long writeback;

  /** Pages of inodes without a number, which no look at a file counts. */
  private long managed;

  void added(int taskClass, int order) {
    addedFolios[taskClass]++;
    addedPages[taskClass] += 1L << order;
    orders[order]++;
    sinceLevel += 1L << order;
  }

  void deleted(int taskClass, int order) {
    deletedFolios[taskClass]++;
    deletedPages[taskClass] += 1L << order;
    sinceLevel -= 1L << order;
  }

  /**
   * Pages came (1) or went (-1) that nobody counts: outside the trace, or compressed ones that a
   * file system keeps.
   */
  void uncounted(boolean ofNoFile, int order, int sign) {
    sinceLevel += (long) sign << order;
    if (ofNoFile) {
      managed += (long) sign << order;
    }
  }

  /** A level replaces what was counted up to it: folios may have been there before. */
  void level(long cached, long nowDirty, long nowWriteback) {
    levelCached = cached;
    sinceLevel = 0;
    dirty = nowDirty;
    writeback = nowWriteback;
  }

  /** Those of files. */
  long cachedPages() {
    return levelCached + sinceLevel - managed;
  }

  long dirtyPages() {
    return dirty;
  }

  long writebackPages() {
    return writeback;
  }

  long count(boolean adds, boolean inPages, TaskClass task) {
    long[] folios = adds ? addedFolios : deletedFolios;
    long[] pages = adds ? addedPages : deletedPages;
    return (inPages ? pages : folios)[task.ordinal()];
  }

  long foliosOfOrder(int order) {
    return order < ORDERS ? orders[order] : 0;
  }
}
