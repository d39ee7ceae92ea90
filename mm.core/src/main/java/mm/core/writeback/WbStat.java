package mm.core.writeback;

/** What a {@link BdiWriteback} counts, in pages. Models {@code enum wb_stat_item}. */
public enum WbStat {
  /** Dirty pages. */
  RECLAIMABLE,
  /** Pages under writeback. */
  WRITEBACK,
  /** Pages ever dirtied; only grows. */
  DIRTIED,
  /** Pages whose writeback ever ended; only grows. */
  WRITTEN,
  /** Dirty pages of dropbehind folios: WB_DONTCACHE_DIRTY of 7.2. */
  DONTCACHE_DIRTY
}
