package fs.iomap;

import fs.iomap.internal.log.LogReservation;

/** What a transaction at the end of writeback changes ({@code xfs_end_ioend_write}). */
enum Conversion {
  /** Nothing: the folios can end. */
  NONE(null),
  /** {@code xfs_reflink_end_cow}: moves an extent from the copy-on-write fork to the file. */
  END_COW(LogReservation.WRITE),
  /** {@code xfs_reflink_cancel_cow_range}: the write failed, and its new blocks go. */
  CANCEL_COW(LogReservation.WRITE),
  /** {@code xfs_iomap_write_unwritten}: an extent has data, and the size follows it. */
  UNWRITTEN(LogReservation.WRITE),
  /** {@code xfs_setfilesize}: the size alone. */
  SIZE(LogReservation.INODE);

  private final LogReservation reservation;

  Conversion(LogReservation reservation) {
    this.reservation = reservation;
  }

  LogReservation reservation() {
    return reservation;
  }
}
