package mm.core;

/**
 * A mark that a {@link PageTree} keeps for each folio and sums up towards its root, so that marked
 * folios are found without looking at the others. Models {@code PAGECACHE_TAG_*} of the xarray.
 */
public enum PageMark {
  /** Needs writing. Walked by WB_SYNC_NONE writeback. */
  DIRTY,
  /** Being written. Its root mark is the O(1) test of {@code mapping_tagged}. */
  WRITEBACK,
  /** Was dirty when a data-integrity sync began; folios dirtied later are not chased. */
  TOWRITE
}
