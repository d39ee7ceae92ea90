package launcher.fio.job;

import java.util.List;
import java.util.Optional;

/**
 * Which results are wanted, and how they are put together.
 *
 * @param description free text, printed with the job
 * @param groupReporting one entry for all jobs of a group
 * @param submissionPercentiles of slat
 * @param completionPercentiles of clat; on unless switched off
 * @param totalPercentiles of lat
 * @param percentiles which, 0 to 100, as written
 * @param unified how read, write and trim are merged
 * @param logs time series wanted
 * @param logAverageNs length of a log's averaging window; 0: every I/O
 */
public record Reporting(
    Optional<String> description,
    boolean groupReporting,
    boolean submissionPercentiles,
    boolean completionPercentiles,
    boolean totalPercentiles,
    List<Double> percentiles,
    Unified unified,
    Logs logs,
    long logAverageNs) {
  /** Copies the list. */
  public Reporting {
    percentiles = List.copyOf(percentiles);
  }

  /** {@code unified_rw_reporting=}. */
  public enum Unified {
    NONE,
    MIXED,
    BOTH
  }

  /**
   * Prefixes of log files; empty if a log is not wanted.
   *
   * @param bandwidth {@code write_bw_log}
   * @param latency {@code write_lat_log}
   * @param iops {@code write_iops_log}
   * @param histogram {@code write_hist_log}
   */
  public record Logs(
      Optional<String> bandwidth,
      Optional<String> latency,
      Optional<String> iops,
      Optional<String> histogram) {}
}
