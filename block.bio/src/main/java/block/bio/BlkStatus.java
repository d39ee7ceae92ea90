package block.bio;

/** How a bio ended ({@code blk_status_t}). */
public enum BlkStatus {
  /** {@code BLK_STS_OK}. */
  OK(0),
  /** {@code BLK_STS_IOERR}: the device or the path to it failed, or the range is not on it. */
  IOERR(5),
  /** {@code BLK_STS_AGAIN}: it would have had to wait, and carried {@link ReqFlag#NOWAIT}. */
  AGAIN(11),
  /** {@code BLK_STS_RESOURCE}: out of memory or of a device resource. */
  RESOURCE(12),
  /** {@code BLK_STS_NOSPC}. */
  NOSPC(28),
  /** {@code BLK_STS_MEDIUM}: the medium can't be read or written there. */
  MEDIUM(61),
  /** {@code BLK_STS_PROTECTION}: its protection information doesn't match. */
  PROTECTION(84),
  /** {@code BLK_STS_NOTSUPP}. */
  NOTSUPP(95),
  /** {@code BLK_STS_TIMEOUT}. */
  TIMEOUT(110);

  private final int errno;

  BlkStatus(int errno) {
    this.errno = errno;
  }

  /** The error number above 0, as in {@code EIO} = 5; 0 for {@link #OK}. */
  public int errno() {
    return errno;
  }
}
