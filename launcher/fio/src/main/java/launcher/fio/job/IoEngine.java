package launcher.fio.job;

/** The engines that can be simulated. */
public enum IoEngine {
  /** lseek, then read or write. */
  SYNC("sync", false),
  /** pread, pwrite. */
  PSYNC("psync", false),
  /** Queued neighbours go out as one readv or writev. */
  VSYNC("vsync", false),
  /** preadv, pwritev. */
  PVSYNC("pvsync", false),
  /** preadv2, pwritev2; takes {@code uncached}, {@code nowait}, {@code hipri}. */
  PVSYNC2("pvsync2", false),
  /** io_submit; asynchronous only with direct I/O. */
  LIBAIO("libaio", true),
  /** One ring per job. */
  IO_URING("io_uring", true),
  /** glibc's helper threads, each doing synchronous I/O. */
  POSIXAIO("posixaio", true),
  /** Loads and stores into a mapping; fsync is msync. */
  MMAP("mmap", false),
  /** Completes everything at once and touches nothing. */
  NULL("null", true);

  private final String word;
  private final boolean asynchronous;

  IoEngine(String word, boolean asynchronous) {
    this.word = word;
    this.asynchronous = asynchronous;
  }

  /** As in {@code ioengine=}. */
  public String word() {
    return word;
  }

  /** Whether more than one I/O can be in flight, so that {@code iodepth} has a meaning. */
  public boolean asynchronous() {
    return asynchronous;
  }
}
