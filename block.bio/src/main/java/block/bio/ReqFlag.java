package block.bio;

/** How a bio is to be served ({@code bi_opf}, the {@code REQ_*} flags beside the operation). */
public enum ReqFlag {
  /** {@code REQ_SYNC}: somebody waits for it. */
  SYNC,
  /** {@code REQ_META}: file system metadata. */
  META,
  /** {@code REQ_FUA}: must be on stable media when it completes. */
  FUA,
  /** {@code REQ_PREFLUSH}: the device's volatile cache is written out first. */
  PREFLUSH,
  /** {@code REQ_RAHEAD}: read ahead of need. */
  RAHEAD,
  /** {@code REQ_BACKGROUND}: background writeback. */
  BACKGROUND,
  /** {@code REQ_NOMERGE}: is not merged with others; also set on the front of a split. */
  NOMERGE,
  /** {@code REQ_NOWAIT}: ends with {@link BlkStatus#AGAIN} where it would have to wait. */
  NOWAIT,
  /** {@code REQ_POLLED}: the device raises no interrupt; somebody polls. Lost by a split. */
  POLLED,
  /** {@code REQ_INTEGRITY}: the owner sees to protection information, not the block layer. */
  INTEGRITY,
  /** {@code REQ_IDLE}: more may follow; with {@link #SYNC} it marks direct I/O and the journal. */
  IDLE;

  private final int mask = 1 << ordinal();

  /** This flag's bit, for {@link Bio#setReqFlags}. */
  public int mask() {
    return mask;
  }
}
