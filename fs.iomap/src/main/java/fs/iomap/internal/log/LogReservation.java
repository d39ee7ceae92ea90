package fs.iomap.internal.log;

/**
 * Log space that a transaction sets aside before it begins ({@code struct xfs_trans_res}), computed
 * as {@code xfs_trans_resv_calc} and {@code xlog_calc_unit_res} do for blocks of 4096 bytes, inodes
 * of 512, B+trees of up to five levels, no reverse mapping, and records rounded to 4096 bytes.
 */
public enum LogReservation {
  /**
   * {@code tr_fsyncts}, {@code tr_ichange}: the inode. 760 bytes of inode, 768 of headers, twice
   * 4096 for rounding.
   */
  INODE(9_720),
  /**
   * {@code tr_write}, twice, because it is a permanent reservation with a log count of 2: the
   * inode, a path of the extent tree (5 blocks of 4224), three headers of 640, two changes of the
   * free space (28 blocks of 4224), quota, 3 KiB of headers, and rounding.
   */
  WRITE(2 * 153_600);

  private final int sizeBytes;

  LogReservation(int sizeBytes) {
    this.sizeBytes = sizeBytes;
  }

  /** Bytes of the log, all of which are free again when the transaction has committed less. */
  public int sizeBytes() {
    return sizeBytes;
  }
}
