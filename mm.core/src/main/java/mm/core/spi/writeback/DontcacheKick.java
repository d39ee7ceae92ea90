package mm.core.spi.writeback;

/**
 * How many pages a flusher that is kicked for DONTCACHE writes, and when it can be kicked again.
 */
public enum DontcacheKick {
  /**
   * As merged for 7.2: as many as are dirty and dropbehind on its bdi_writeback, exactly; the bit
   * is cleared before they are counted, so that a later write kicks again.
   */
  COUNTED,
  /**
   * As the fourth and fifth version: the same by the approximate counter, which may miss a batch of
   * each CPU; the bit is cleared when they are written, so that a kick in between is lost.
   */
  CLEARED_AFTER,
  /**
   * As the third version: as many as are dirty and dropbehind on the whole node, split among the
   * groups of the device by bandwidth; the bit as in {@link #CLEARED_AFTER}.
   */
  NODE_WIDE
}
