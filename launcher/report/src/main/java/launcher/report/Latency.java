package launcher.report;

/**
 * How long something took, over many times. All in virtual nanoseconds; percentiles to three
 * digits, the rest exact.
 *
 * @param count how many; if 0, all others are 0
 * @param minNs shortest
 * @param meanNs arithmetic mean
 * @param stddevNs standard deviation
 * @param p50Ns half took at most this
 * @param p90Ns 90 per cent took at most this
 * @param p99Ns 99 per cent took at most this
 * @param p999Ns 99.9 per cent took at most this
 * @param maxNs longest
 */
public record Latency(
    long count,
    long minNs,
    double meanNs,
    double stddevNs,
    long p50Ns,
    long p90Ns,
    long p99Ns,
    long p999Ns,
    long maxNs) {
  /** Of nothing. */
  public static final Latency NONE = new Latency(0, 0, 0, 0, 0, 0, 0, 0, 0);
}
