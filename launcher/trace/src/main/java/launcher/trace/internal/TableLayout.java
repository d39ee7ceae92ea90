package launcher.trace.internal;

/**
 * Where the columns of a table of requests are, from 0; -1 for none.
 *
 * @param comma whether commas separate the columns, not spaces
 * @param atLeast how many columns a line has at least
 * @param atMost and at most
 * @param time column of the time
 * @param clock unit of the time
 * @param op column of the operation
 * @param code how operations are spelled
 * @param offset column of the offset
 * @param offsetUnit bytes that one of it stands for
 * @param size column of the size
 * @param sizeUnit bytes that one of it stands for; if there is no column, the size
 * @param target column of the volume's name
 */
record TableLayout(
    boolean comma,
    int atLeast,
    int atMost,
    int time,
    Clock clock,
    int op,
    OpCode code,
    int offset,
    long offsetUnit,
    int size,
    long sizeUnit,
    int target) {
  static final long SECTOR = 512;
  static final long BLOCK = 4096;

  /** What one of the time stands for. */
  enum Clock {
    SECONDS(1_000_000_000),
    MILLIS(1_000_000),
    MICROS(1_000),
    NANOS(1),
    /** 100 ns since the year 1601, as Windows has them. */
    FILETIME(100),
    /** Nanoseconds, or milliseconds where there is a point: DiskSim's two dialects. */
    NANOS_OR_MILLIS(1);

    final long ns;

    Clock(long ns) {
      this.ns = ns;
    }
  }

  /** How an operation is spelled. */
  enum OpCode {
    /** R, W, D or T, or words that begin so, in capitals or not. */
    WORDS,
    /** 0 reads, 1 writes. */
    ZERO_READS,
    /** 1 reads, 0 writes. */
    ONE_READS,
    /** A SCSI operation's number to the base of 16. */
    SCSI,
    /** There is none: every line is a reference. */
    NONE
  }

  static final TableLayout LIBCACHESIM =
      new TableLayout(true, 5, 5, 1, Clock.SECONDS, 2, OpCode.SCSI, 4, SECTOR, 3, 1, -1);
  static final TableLayout MSR =
      new TableLayout(true, 6, 7, 0, Clock.FILETIME, 3, OpCode.WORDS, 4, 1, 5, 1, 1);
  static final TableLayout ALIBABA =
      new TableLayout(true, 5, 5, 4, Clock.MICROS, 1, OpCode.WORDS, 2, 1, 3, 1, 0);
  static final TableLayout TENCENT =
      new TableLayout(true, 5, 5, 0, Clock.SECONDS, 3, OpCode.ZERO_READS, 1, SECTOR, 2, SECTOR, 4);
  static final TableLayout SPC =
      new TableLayout(true, 5, 12, 4, Clock.SECONDS, 3, OpCode.WORDS, 1, SECTOR, 2, 1, 0);
  static final TableLayout CYDONIA_BLOCK =
      new TableLayout(true, 4, 4, 0, Clock.MICROS, 2, OpCode.WORDS, 1, SECTOR, 3, 1, -1);
  static final TableLayout DISKSIM =
      new TableLayout(
          false, 5, 5, 0, Clock.NANOS_OR_MILLIS, 4, OpCode.ONE_READS, 2, SECTOR, 3, SECTOR, 1);
  static final TableLayout REQUESTS =
      new TableLayout(false, 3, 3, -1, Clock.NANOS, 0, OpCode.WORDS, 1, 1, 2, 1, -1);
  static final TableLayout ARC =
      new TableLayout(false, 4, 4, -1, Clock.NANOS, -1, OpCode.NONE, 0, SECTOR, 1, SECTOR, -1);
  static final TableLayout KEYS =
      new TableLayout(false, 1, 1, -1, Clock.NANOS, -1, OpCode.NONE, 0, BLOCK, -1, BLOCK, -1);
}
