package fs.buffer;

/** Bits of a buffer head's state ({@code enum bh_state_bits}); the numbers are ours. */
final class BufferFlag {
  /** The buffer's part of the folio is valid. */
  static final int UPTODATE = 1;

  /** Newer than the device. */
  static final int DIRTY = 1 << 1;

  /** The buffer lock, a bit lock; held for as long as I/O is under way. */
  static final int LOCK = 1 << 2;

  /** Somebody sleeps on LOCK. */
  static final int WAITERS = 1 << 3;

  /** Has a block on the device. */
  static final int MAPPED = 1 << 4;

  /** Under I/O whose end is {@code bh_end_async_read}. */
  static final int ASYNC_READ = 1 << 5;

  /** Under I/O whose end is {@code bh_end_async_write}. */
  static final int ASYNC_WRITE = 1 << 6;

  /** A write of it failed. */
  static final int WRITE_EIO = 1 << 7;

  private BufferFlag() {}
}
