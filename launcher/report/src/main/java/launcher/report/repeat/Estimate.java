package launcher.report.repeat;

/**
 * The median of a figure over several runs, and between which values it lies with {@link
 * Bootstrap#CONFIDENCE}.
 *
 * @param median of the runs
 * @param low lower end of the interval
 * @param high upper end of the interval
 */
public record Estimate(double median, double low, double high) {
  /**
   * Whether zero lies in the interval: the runs don't tell a difference of this size from none.
   *
   * <p>A difference that is zero in every run is no difference, and so is in the noise too.
   */
  public boolean isNoise() {
    return low <= 0 && high >= 0;
  }

  /** Half the interval as a share of the median; 0 of an interval of no width. */
  public double relativeError() {
    return high == low ? 0 : (high - low) / 2 / Math.abs(median);
  }
}
