package mm.core.spi.mapping;

/** Whether writeback may leave folios out. Models {@code enum writeback_sync_modes}. */
public enum SyncMode {
  /** {@code WB_SYNC_NONE}: start what can be started, skip what is under writeback already. */
  NONE,
  /** {@code WB_SYNC_ALL}: data integrity, nothing in the range may be left out. */
  ALL
}
