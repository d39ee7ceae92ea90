package launcher.cli.calibrate;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/** Latencies of requests from their last issue to their completion, of a run with one device. */
final class LatencySink implements TraceSink {
  private final Map<Long, Long> issuedNs = new HashMap<>();
  private long[] latenciesNs = new long[1024];
  private int count;
  private long lastNs;

  @Override
  public Set<Tracepoint> interest() {
    return EnumSet.of(Tracepoint.BLOCK_RQ_ISSUE, Tracepoint.BLOCK_RQ_COMPLETE);
  }

  @Override
  public void event(
      long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
    if (type == Tracepoint.BLOCK_RQ_ISSUE) {
      issuedNs.put(b, timeNs);
      return;
    }
    Long issued = issuedNs.remove(b);
    if (issued == null) {
      return;
    }
    if (count == latenciesNs.length) {
      latenciesNs = Arrays.copyOf(latenciesNs, 2 * count);
    }
    latenciesNs[count++] = timeNs - issued;
    lastNs = timeNs;
  }

  int count() {
    return count;
  }

  /** The latency that a share of the requests is not above; 0 if there are none. */
  long quantileNs(double share) {
    long[] sorted = Arrays.copyOf(latenciesNs, count);
    Arrays.sort(sorted);
    return count == 0 ? 0 : sorted[(int) Math.min(count - 1, (long) (share * count))];
  }

  /** Requests a second, up to the last completion. */
  double perSecond() {
    return lastNs == 0 ? 0 : count * 1e9 / lastNs;
  }
}
