package launcher.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.function.Function;
import launcher.report.TextTable.Mark;
import launcher.report.TextTable.Side;

/**
 * Writes a comparison as one table, a row a variant, a unit a column, best and worst of a column
 * marked.
 */
public final class CompareText {
  private record Column(String above, String title, Metric metric) {}

  private static final List<Column> COLUMNS =
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

  private static final List<Column> JOB_COLUMNS =
      List.of(
          column("through-", "put", "throughput"),
          column("", "iops", "iops"),
          column("slat", "p99", "slat-p99"),
          column("clat", "p50", "clat-p50"),
          column("clat", "p99", "clat-p99"),
          column("clat", "p99.9", "clat-p99.9"),
          column("clat", "max", "clat-max"));

  /** With more jobs than these their tables would hide the first one; files have them all. */
  private static final int JOB_TABLES_MAX = 8;

  private CompareText() {}

  private static Column column(String above, String title, String metric) {
    return new Column(above, title, Metric.of(metric).orElseThrow());
  }

  /**
   * The table of all variants, and if they have several jobs one more for each job.
   *
   * @param variants at least one, all with the same keys of settings
   * @param width characters that a line may have; a table that is wider is cut into several
   */
  public static String of(List<Variant> variants, boolean colour, int width) {
    StringBuilder text = new StringBuilder();
    text.append(table(variants, COLUMNS, Variant::summary, Metric::value).text(colour, width));
    text.append(
        "+ best, - worst of its column. clat: completion latency of reads and writes, as fio"
            + " counts it. CPU: time of all CPUs by context.\n");
    List<String> jobs = jobs(variants);
    if (jobs.size() > JOB_TABLES_MAX) {
      text.append(jobs.size() + " jobs: the figures of each are in the JSON form.\n");
      jobs = List.of();
    }
    for (String job : jobs) {
      Function<Variant, Optional<JobSummary>> ofJob =
          variant -> variant.summary().flatMap(summary -> job(summary, job));
      text.append("\njob ").append(job).append('\n');
      text.append(table(variants, JOB_COLUMNS, ofJob, Metric::value).text(colour, width));
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

  /** Names of the jobs if there are several. */
  private static List<String> jobs(List<Variant> variants) {
    List<String> names =
        variants.stream()
            .flatMap(variant -> variant.summary().stream())
            .flatMap(summary -> summary.jobs().stream())
            .map(JobSummary::name)
            .distinct()
            .toList();
    return names.size() > 1 ? names : List.of();
  }

  private static Optional<JobSummary> job(RunSummary summary, String name) {
    return summary.jobs().stream().filter(job -> job.name().equals(name)).findFirst();
  }

  /** A table whose rows begin with the variants' settings. */
  private record VariantTable(TextTable table, int keys) {
    String text(boolean colour, int width) {
      return table.text(colour, width, keys);
    }
  }

  private static <S> VariantTable table(
      List<Variant> variants,
      List<Column> columns,
      Function<Variant, Optional<S>> summary,
      BiFunction<Metric, S, OptionalDouble> value) {
    TextTable table = new TextTable();
    variants.get(0).settings().keySet().forEach(key -> table.column(Side.LEFT, key, ""));
    List<ColumnFigures> figures = new ArrayList<>();
    for (Column column : columns) {
      double[] all =
          variants.stream()
              .flatMap(variant -> summary.apply(variant).stream())
              .map(of -> value.apply(column.metric(), of))
              .flatMapToDouble(OptionalDouble::stream)
              .toArray();
      ColumnFigures of = new ColumnFigures(column.metric(), all);
      figures.add(of);
      table.column(Side.RIGHT, column.above(), column.title(), of.scale.unit());
    }
    for (Variant variant : variants) {
      table.row();
      variant.settings().values().forEach(table::cell);
      Optional<S> own = summary.apply(variant);
      if (own.isEmpty()) {
        table.cell("none");
        continue;
      }
      for (ColumnFigures column : figures) {
        OptionalDouble figure = value.apply(column.metric, own.get());
        table.cell(column.text(figure), column.mark(figure));
      }
    }
    return new VariantTable(table, variants.get(0).settings().size());
  }

  /** All figures of a column. */
  private static final class ColumnFigures {
    private final Metric metric;
    private final ColumnScale scale;
    private final double low;
    private final double high;

    ColumnFigures(Metric metric, double[] figures) {
      this.metric = metric;
      scale = ColumnScale.of(metric.kind(), figures);
      low = Arrays.stream(figures).min().orElse(0);
      high = Arrays.stream(figures).max().orElse(0);
    }

    String text(OptionalDouble figure) {
      return figure.isEmpty() ? "-" : scale.text(figure.getAsDouble());
    }

    /** By what is printed: no mark where all are printed alike, for there is no best of equals. */
    Mark mark(OptionalDouble figure) {
      if (metric.better() == Metric.Better.NEITHER || figure.isEmpty()) {
        return Mark.NONE;
      }
      String lowest = scale.text(low);
      String highest = scale.text(high);
      String own = scale.text(figure.getAsDouble());
      if (lowest.equals(highest)) {
        return Mark.NONE;
      }
      boolean lower = metric.better() == Metric.Better.LOWER;
      if (own.equals(lowest)) {
        return lower ? Mark.BEST : Mark.WORST;
      }
      if (own.equals(highest)) {
        return lower ? Mark.WORST : Mark.BEST;
      }
      return Mark.NONE;
    }
  }
}
