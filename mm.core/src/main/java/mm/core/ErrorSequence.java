package mm.core;

/**
 * Remembers that writeback failed until everybody who asks has seen it once. Models {@code
 * errseq_t} of lib/errseq.c, which {@code fsync} reports by.
 *
 * <p>An open file keeps the sample it took last. A sample is an opaque int; 0 stands for "no error
 * has ever been recorded, or none that somebody had not seen yet".
 */
public final class ErrorSequence {
  private static final int ERRNO_MASK = 0xfff;
  private static final int SEEN = 0x1000;
  private static final int STEP = 0x2000;

  private int value;

  /**
   * Records a failure.
   *
   * @param errno above 0, as in {@code EIO} = 5
   */
  public void record(int errno) {
    if (errno <= 0 || errno > ERRNO_MASK) {
      throw new IllegalArgumentException(
          "error sequence: errno is " + errno + "; it must be from 1 to 4095");
    }
    int next = value & ~(ERRNO_MASK | SEEN) | errno;
    // A seen error is followed by a new number, so that those who saw it are told again. One that
    // nobody has seen yet is just replaced.
    value = (value & SEEN) != 0 ? next + STEP : next;
  }

  /** What a file that is opened now keeps: an error that nobody has seen will be reported to it. */
  public int sample() {
    return (value & SEEN) == 0 ? 0 : value;
  }

  /** The errno recorded last if anything was recorded since the sample was taken, else 0. */
  public int check(int since) {
    return value == since ? 0 : value & ERRNO_MASK;
  }

  /**
   * Marks the latest error as seen. Together with {@link #check}, called before, this is {@code
   * errseq_check_and_advance}.
   *
   * @return the sample to keep from now on
   */
  public int advance(int since) {
    if (value != since) {
      value |= SEEN;
    }
    return value;
  }
}
