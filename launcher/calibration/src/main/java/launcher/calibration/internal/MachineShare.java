package launcher.calibration.internal;

import java.util.Map;
import java.util.stream.Stream;
import sim.kernel.machine.Cost;

/**
 * What the machine itself takes of measured latencies.
 *
 * @param requestNs of each request, from block_rq_issue to block_rq_complete
 * @param kickNs between the first issue to a device at rest and the next
 * @param completionNs from block_rq_complete to the task that waits for it
 * @param issueNs between two issues of a program that submits one request after the other
 */
public record MachineShare(long requestNs, long kickNs, long completionNs, long issueNs) {
  /** Of costs; one that is not there has its default. */
  public static MachineShare of(Map<Cost, Long> costs) {
    return new MachineShare(
        sum(costs, Cost.REQUEST_ISSUE, Cost.HARDIRQ_ENTRY, Cost.HARDIRQ_EXIT, Cost.SOFTIRQ_ENTRY),
        sum(costs, Cost.VIRTQUEUE_KICK),
        sum(costs, Cost.BIO_COMPLETE, Cost.WAKE, Cost.WORKER_WAKEUP),
        sum(
            costs,
            Cost.USER_IO,
            Cost.SYSCALL,
            Cost.BLOCK_MAP,
            Cost.BIO_SUBMIT,
            Cost.REQUEST_ISSUE));
  }

  private static long sum(Map<Cost, Long> costs, Cost... of) {
    return Stream.of(of).mapToLong(cost -> costs.getOrDefault(cost, cost.defaultNs())).sum();
  }

  /**
   * How much shorter the latency of the last of {@code depth} commands is than their mean, if they
   * are issued one after the other and end together: the first waits for a kick and for depth - 1
   * issues, the second for depth - 2, and so on.
   */
  long lastBeforeMeanNs(int depth) {
    return depth == 1 ? 0 : kickNs / depth + issueNs * (depth - 1) / 2;
  }
}
