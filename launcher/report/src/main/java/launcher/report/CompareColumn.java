package launcher.report;

import java.util.List;
import launcher.report.TextTable.Side;

/**
 * A column of a comparison.
 *
 * @param above the title's first line
 * @param title its second
 * @param metric what stands below it
 */
public record CompareColumn(String above, String title, Metric metric) {
  /** Of runs. */
  public static final List<CompareColumn> OF_RUN =
      List.of(
          column("through-", "put", "throughput"),
          column("clat", "p50", "clat-p50"),
          column("clat", "p99", "clat-p99"),
          column("clat", "p99.9", "clat-p99.9"),
          column("clat", "max", "clat-max"),
          column("", "dropped", "dropped"),
          column("left", "cached", "left-cached"),
          column("peak", "dirty", "peak-dirty"),
          column("peak", "cached", "peak-cached"),
          column("CPU", "task", "cpu-task"),
          column("CPU", "softirq", "cpu-softirq"),
          column("CPU", "hardirq", "cpu-hardirq"),
          column("CPU", "workers", "cpu-worker"),
          column("bios", "deferred", "bios-deferred"),
          column("worker", "wake-ups", "worker-wakeups"));

  /** Of a job. */
  public static final List<CompareColumn> OF_JOB =
      List.of(
          column("through-", "put", "throughput"),
          column("", "iops", "iops"),
          column("slat", "p99", "slat-p99"),
          column("clat", "p50", "clat-p50"),
          column("clat", "p99", "clat-p99"),
          column("clat", "p99.9", "clat-p99.9"),
          column("clat", "max", "clat-max"));

  /** With more jobs than these their tables would hide the first one; files have them all. */
  public static final int JOB_TABLES_MAX = 8;

  private static CompareColumn column(String above, String title, String metric) {
    return new CompareColumn(above, title, Metric.of(metric).orElseThrow());
  }

  /** Adds it to a table, with the unit of its figures as its third line. */
  public void addTo(TextTable table, ColumnScale scale) {
    table.column(Side.RIGHT, above, title, scale.unit());
  }
}
