package launcher.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import launcher.report.TextTable.Mark;
import launcher.report.TextTable.Side;

/** Writes a comparison as one table, a row a variant, best and worst of a column marked. */
public final class CompareText {
  private record Column(String title, Metric metric) {}

  private static final List<Column> COLUMNS =
      List.of(
          column("throughput", "throughput"),
          column("p50", "clat-p50"),
          column("p99", "clat-p99"),
          column("p99.9", "clat-p99.9"),
          column("max", "clat-max"),
          column("dropped", "dropped"),
          column("left cached", "left-cached"),
          column("peak dirty", "peak-dirty"),
          column("peak cached", "peak-cached"),
          column("task", "cpu-task"),
          column("softirq", "cpu-softirq"),
          column("hardirq", "cpu-hardirq"),
          column("workers", "cpu-worker"),
          column("deferred", "bios-deferred"),
          column("wake-ups", "worker-wakeups"));

  private static final List<Column> JOB_COLUMNS =
      List.of(
          column("throughput", "throughput"),
          column("iops", "iops"),
          column("slat p99", "slat-p99"),
          column("p50", "clat-p50"),
          column("p99", "clat-p99"),
          column("p99.9", "clat-p99.9"),
          column("max", "clat-max"));

  private CompareText() {}

  private static Column column(String title, String metric) {
    return new Column(title, Metric.of(metric).orElseThrow());
  }

  /** The table of all variants, and if they have several jobs a second one by job. */
  public static String of(List<Variant> variants, boolean colour) {
    StringBuilder text = new StringBuilder(table(variants).text(colour));
    text.append(
        "+ best, - worst of a column. p50 to max: completion latency of reads and writes."
            + " task to workers: CPU time by context.\n");
    boolean jobs =
        variants.stream().anyMatch(v -> v.summary().map(s -> s.jobs().size()).orElse(0) > 1);
    if (jobs) {
      text.append('\n').append(jobTable(variants).text(colour));
    }
    for (Variant variant : variants) {
      for (String remark : variant.remarks()) {
        text.append(String.join(" ", variant.settings().values()))
            .append(": ")
            .append(remark)
            .append('\n');
      }
    }
    return text.toString();
  }

  private static TextTable table(List<Variant> variants) {
    TextTable table = new TextTable();
    variants.get(0).settings().keySet().forEach(key -> table.column(key, Side.LEFT));
    COLUMNS.forEach(column -> table.column(column.title(), Side.RIGHT));
    List<RunSummary> runs = variants.stream().flatMap(v -> v.summary().stream()).toList();
    for (Variant variant : variants) {
      table.row();
      variant.settings().values().forEach(table::cell);
      if (variant.summary().isEmpty()) {
        table.cell("no result");
        continue;
      }
      for (Column column : COLUMNS) {
        Metric metric = column.metric();
        OptionalDouble own = metric.value(variant.summary().get());
        List<OptionalDouble> others = runs.stream().map(metric::value).toList();
        table.cell(Figures.of(metric.kind(), own), mark(metric, own, others));
      }
    }
    return table;
  }

  private static TextTable jobTable(List<Variant> variants) {
    TextTable table = new TextTable();
    variants.get(0).settings().keySet().forEach(key -> table.column(key, Side.LEFT));
    table.column("job", Side.LEFT);
    JOB_COLUMNS.forEach(column -> table.column(column.title(), Side.RIGHT));
    for (Variant variant : variants) {
      for (JobSummary job : variant.summary().map(RunSummary::jobs).orElse(List.of())) {
        table.row();
        variant.settings().values().forEach(table::cell);
        table.cell(job.name());
        for (Column column : JOB_COLUMNS) {
          Metric metric = column.metric();
          OptionalDouble own = metric.value(job);
          table.cell(
              Figures.of(metric.kind(), own), mark(metric, own, sameJob(variants, job, metric)));
        }
      }
    }
    return table;
  }

  private static List<OptionalDouble> sameJob(
      List<Variant> variants, JobSummary job, Metric metric) {
    List<OptionalDouble> figures = new ArrayList<>();
    for (Variant variant : variants) {
      for (JobSummary other : variant.summary().map(RunSummary::jobs).orElse(List.of())) {
        if (other.name().equals(job.name())) {
          figures.add(metric.value(other));
        }
      }
    }
    return figures;
  }

  /** No mark where all figures are printed alike: there is no best among equals. */
  private static Mark mark(Metric metric, OptionalDouble own, List<OptionalDouble> others) {
    if (metric.better() == Metric.Better.NEITHER || own.isEmpty()) {
      return Mark.NONE;
    }
    double[] values =
        others.stream()
            .filter(OptionalDouble::isPresent)
            .mapToDouble(v -> v.getAsDouble())
            .toArray();
    double low = java.util.Arrays.stream(values).min().orElseThrow();
    double high = java.util.Arrays.stream(values).max().orElseThrow();
    if (Figures.of(metric.kind(), low).equals(Figures.of(metric.kind(), high))) {
      return Mark.NONE;
    }
    boolean lower = metric.better() == Metric.Better.LOWER;
    if (own.getAsDouble() == low) {
      return lower ? Mark.BEST : Mark.WORST;
    }
    if (own.getAsDouble() == high) {
      return lower ? Mark.WORST : Mark.BEST;
    }
    return Mark.NONE;
  }
}
