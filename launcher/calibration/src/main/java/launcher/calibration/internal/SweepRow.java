package launcher.calibration.internal;

import java.util.List;
import launcher.calibration.Direction;

/**
 * One line of a sweep: commands of one operation, size and depth, as long as they were kept up.
 *
 * @param line where it stands
 * @param device its name
 * @param cell what was asked of the device
 * @param foreignShare of the CPUs that other programs took; 0 if not told
 * @param ios that the program counted
 * @param iops that it counted a second; 0 if not told
 * @param requests that were measured at the device
 * @param reissues requests that the driver had to issue again; -1 if not told
 * @param inflightMean commands at the device at an issue, the issued one included; -1 if not told
 * @param quantilesNs latencies from issue to completion
 * @param flushes measured FLUSHes
 * @param flushMedianNs their median latency
 */
record SweepRow(
    int line,
    String device,
    Cell cell,
    double foreignShare,
    long ios,
    long iops,
    long requests,
    long reissues,
    double inflightMean,
    List<Long> quantilesNs,
    long flushes,
    long flushMedianNs) {
  /**
   * What was asked of the device.
   *
   * @param sync {@code fsync=4} if there were other commands between; empty if not
   */
  record Cell(Direction op, boolean sequential, int sizeBytes, int depth, String sync)
      implements Comparable<Cell> {
    @Override
    public int compareTo(Cell other) {
      int by = op.compareTo(other.op);
      by = by == 0 ? Boolean.compare(sequential, other.sequential) : by;
      by = by == 0 ? Integer.compare(sizeBytes, other.sizeBytes) : by;
      by = by == 0 ? Integer.compare(depth, other.depth) : by;
      return by == 0 ? sync.compareTo(other.sync) : by;
    }
  }
}
