package launcher.fio.job;

/**
 * Upper bounds on throughput.
 *
 * @param readBytesPerSecond 0 for none; {@code rate_iops} is turned into bytes by the smallest
 *     block size, as fio does
 * @param writeBytesPerSecond of writes
 * @param trimBytesPerSecond of trims
 * @param poisson draw the gaps from an exponential distribution, instead of even ones
 * @param ignoreThinkTime pauses do not have to be made up for
 */
public record Rates(
    long readBytesPerSecond,
    long writeBytesPerSecond,
    long trimBytesPerSecond,
    boolean poisson,
    boolean ignoreThinkTime) {

  /** Whether any direction has a bound. */
  public boolean limited() {
    return readBytesPerSecond != 0 || writeBytesPerSecond != 0 || trimBytesPerSecond != 0;
  }
}
