package block.bio.device;

import java.util.List;

/**
 * What was measured of commands of one size at one depth.
 *
 * @param sizeBytes of each command
 * @param depth commands that the device had at once, this one included
 * @param quantilesNs latencies from issue to completion, one for each quantile of the table
 */
public record MeasuredLatency(int sizeBytes, int depth, List<Long> quantilesNs) {
  /** The greatest depth. */
  public static final int DEPTH_MAX = 1024;

  /** The longest latency: 1000 s. */
  public static final long LATENCY_NS_MAX = 1_000_000_000_000L;

  /** Checks each value by itself. */
  public MeasuredLatency {
    quantilesNs = List.copyOf(quantilesNs);
    if (sizeBytes < 1) {
      throw new IllegalArgumentException("size is " + sizeBytes + "; it must be at least 1 B");
    }
    if (depth < 1 || depth > DEPTH_MAX) {
      throw new IllegalArgumentException(
          "depth is " + depth + "; it must be from 1 to " + DEPTH_MAX);
    }
    long before = 0;
    for (long ns : quantilesNs) {
      if (ns < before || ns > LATENCY_NS_MAX) {
        throw new IllegalArgumentException(
            "latency has %d ns behind %d ns; it must not fall, nor exceed %d ns"
                .formatted(ns, before, LATENCY_NS_MAX));
      }
      before = ns;
    }
  }
}
