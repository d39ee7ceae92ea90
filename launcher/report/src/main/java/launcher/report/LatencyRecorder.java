package launcher.report;

import org.HdrHistogram.Histogram;

/** Collects durations: exact extremes and mean, percentiles from a histogram of three digits. */
public final class LatencyRecorder {
  private static final int DIGITS = 3;
  private static final long FIRST_RANGE_NS = 1_000_000;

  private Histogram histogram;
  private long count;
  private long minNs = Long.MAX_VALUE;
  private long maxNs;
  private double sumNs;

  /** Adds a duration in virtual nanoseconds. */
  public void record(long ns) {
    if (histogram == null) {
      histogram = new Histogram(1, FIRST_RANGE_NS, DIGITS);
      histogram.setAutoResize(true);
    }
    histogram.recordValue(ns);
    count++;
    sumNs += ns;
    minNs = Math.min(minNs, ns);
    maxNs = Math.max(maxNs, ns);
  }

  void add(LatencyRecorder other) {
    if (other.count == 0) {
      return;
    }
    if (histogram == null) {
      histogram = new Histogram(1, FIRST_RANGE_NS, DIGITS);
      histogram.setAutoResize(true);
    }
    histogram.add(other.histogram);
    count += other.count;
    sumNs += other.sumNs;
    minNs = Math.min(minNs, other.minNs);
    maxNs = Math.max(maxNs, other.maxNs);
  }

  /** What all durations come to; {@link Latency#NONE} of nothing. */
  public Latency latency() {
    if (count == 0) {
      return Latency.NONE;
    }
    return new Latency(
        count,
        minNs,
        sumNs / count,
        histogram.getStdDeviation(),
        percentile(50),
        percentile(90),
        percentile(99),
        percentile(99.9),
        maxNs);
  }

  /** The histogram answers with the end of a bucket, which may lie beyond what was recorded. */
  private long percentile(double percent) {
    return Math.max(minNs, Math.min(maxNs, histogram.getValueAtPercentile(percent)));
  }
}
