package launcher.fio.job;

/**
 * A number of bytes, or a share of a file that only its opener can turn into bytes.
 *
 * @param bytes the amount, or 0 if it is a share or not given
 * @param percent share of the file's size, or 0
 */
public record Amount(long bytes, int percent) {
  /** Not given. */
  public static final Amount NONE = new Amount(0, 0);

  /** Whether neither bytes nor a share is given. */
  public boolean isNone() {
    return bytes == 0 && percent == 0;
  }
}
