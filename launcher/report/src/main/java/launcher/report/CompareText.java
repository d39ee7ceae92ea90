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
  private CompareText() {}

  /**
   * The table of all variants, and if they have several jobs one more for each job.
   *
   * @param variants at least one, all with the same keys of settings
   * @param width characters that a line may have; a table that is wider is cut into several
   */
  public static String of(List<Variant> variants, boolean colour, int width) {
    StringBuilder text = new StringBuilder();
    text.append(
        table(variants, CompareColumn.OF_RUN, Variant::summary, Metric::value).text(colour, width));
    text.append(
        "+ best, - worst of its column. clat: completion latency of reads and writes, as fio"
            + " counts it. CPU: time of all CPUs by context.\n");
    List<String> jobs = jobs(variants);
    if (jobs.size() > CompareColumn.JOB_TABLES_MAX) {
      text.append(jobs.size() + " jobs: the figures of each are in the JSON form.\n");
      jobs = List.of();
    }
    for (String job : jobs) {
      Function<Variant, Optional<JobSummary>> ofJob =
          variant -> variant.summary().flatMap(summary -> job(summary, job));
      text.append("\njob ").append(job).append('\n');
      text.append(table(variants, CompareColumn.OF_JOB, ofJob, Metric::value).text(colour, width));
    }
    for (Variant variant : variants) {
      variant.remarkLines().forEach(line -> text.append(line).append('\n'));
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
      List<CompareColumn> columns,
      Function<Variant, Optional<S>> summary,
      BiFunction<Metric, S, OptionalDouble> value) {
    TextTable table = new TextTable();
    variants.get(0).settings().keySet().forEach(key -> table.column(Side.LEFT, key, ""));
    List<ColumnFigures> figures = new ArrayList<>();
    for (CompareColumn column : columns) {
      double[] all =
          ranked(variants).stream()
              .flatMap(variant -> summary.apply(variant).stream())
              .map(of -> value.apply(column.metric(), of))
              .flatMapToDouble(OptionalDouble::stream)
              .toArray();
      ColumnFigures of = new ColumnFigures(column.metric(), all);
      figures.add(of);
      column.addTo(table, of.scale);
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
        table.cell(column.text(figure), variant.whole() ? column.mark(figure) : Mark.NONE);
      }
    }
    return new VariantTable(table, variants.get(0).settings().size());
  }

  /** Those whose figures are compared: all that came to their end, or all if none did. */
  private static List<Variant> ranked(List<Variant> variants) {
    List<Variant> whole = variants.stream().filter(Variant::whole).toList();
    return whole.isEmpty() ? variants : whole;
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
