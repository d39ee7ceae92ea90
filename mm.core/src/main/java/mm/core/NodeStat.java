package mm.core;

/** What {@link NodeStats} counts, in pages. A selection of {@code enum node_stat_item}. */
public enum NodeStat {
  /** Pages in the page cache, shmem and swap cache included. */
  FILE_PAGES,
  /** Dirty pages of files. */
  FILE_DIRTY,
  /** Pages under writeback. */
  WRITEBACK,
  /** Pages ever dirtied; only grows. */
  DIRTIED,
  /** Pages whose writeback ever ended; only grows. */
  WRITTEN,
  /** Pages of files that a page table maps. */
  FILE_MAPPED,
  /** Anonymous pages that a page table maps. */
  ANON_MAPPED,
  /** Pages of shmem. */
  SHMEM,
  /** Pages in the swap cache. */
  SWAPCACHE,
  /** Pages that reclaim holds off the LRU lists, anonymous and shmem. */
  ISOLATED_ANON,
  /** Pages that reclaim holds off the LRU lists, file. */
  ISOLATED_FILE,
  /** Pages that processes have locked into memory. */
  MLOCK,
  /** Anonymous pages that their process gave up: {@code pglazyfree}; only grows. */
  LAZYFREE,
  /** Of {@link #LAZYFREE}, those that reclaim has freed: {@code pglazyfreed}; only grows. */
  LAZYFREED,
  /** Anonymous and shmem pages that came back after reclaim had evicted them; only grows. */
  REFAULT_ANON,
  /** File pages that came back after reclaim had evicted them; only grows. */
  REFAULT_FILE,
  /** Of {@link #REFAULT_ANON}, those active at once: they had gone too early. */
  REFAULT_ACTIVATE_ANON,
  /** Of {@link #REFAULT_FILE}, those active at once: they had gone too early. */
  REFAULT_ACTIVATE_FILE
}
