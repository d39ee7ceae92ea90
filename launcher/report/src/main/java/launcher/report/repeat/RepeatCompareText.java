package launcher.report.repeat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import launcher.report.ColumnScale;
import launcher.report.CompareColumn;
import launcher.report.Figure;
import launcher.report.Metric;
import launcher.report.TextTable;
import launcher.report.TextTable.Mark;
import launcher.report.TextTable.Side;

/**
 * Writes a comparison whose variants were run several times: three lines a variant, the median and
 * the ends of its interval.
 */
public final class RepeatCompareText {
  private final List<RepeatedVariant> variants;
  private final Bootstrap bootstrap = new Bootstrap();

  private RepeatCompareText(List<RepeatedVariant> variants) {
    this.variants = variants;
  }

  /**
   * The table of all variants, and if they have several jobs one more for each job.
   *
   * @param variants at least one, all with the same keys of settings
   * @param width characters that a line may have; a table that is wider is cut into several
   */
  public static String of(List<RepeatedVariant> variants, boolean colour, int width) {
    return new RepeatCompareText(variants).text(colour, width);
  }

  private String text(boolean colour, int width) {
    StringBuilder text = new StringBuilder();
    text.append(table(CompareColumn.OF_RUN, Figure::ofRun, colour, width));
    text.append(
        "+ best, - worst of its column, ~ inside the noise: its differences from the best, seed by"
            + " seed, have a 95 % interval that holds 0.\n"
            + "clat: completion latency of reads and writes, as fio counts it. CPU: time of all CPUs"
            + " by context.\n");
    Set<String> jobs = new LinkedHashSet<>();
    variants.forEach(variant -> jobs.addAll(variant.runs().jobs()));
    if (jobs.size() > CompareColumn.JOB_TABLES_MAX) {
      text.append(jobs.size() + " jobs: the figures of each are in the JSON form.\n");
    } else if (jobs.size() > 1) {
      for (String job : jobs) {
        text.append("\njob ").append(job).append('\n');
        text.append(
            table(CompareColumn.OF_JOB, metric -> Figure.ofJob(job, metric), colour, width));
      }
    }
    for (RepeatedVariant variant : variants) {
      variant.remarkLines().forEach(line -> text.append(line).append('\n'));
    }
    return text.toString();
  }

  private String table(
      List<CompareColumn> columns, Function<Metric, Figure> figure, boolean colour, int width) {
    TextTable table = new TextTable();
    variants.get(0).settings().keySet().forEach(key -> table.column(Side.LEFT, key, ""));
    table.column(Side.LEFT, "runs", "");
    table.column(Side.LEFT, "", "");
    List<FigureComparison> comparisons = new ArrayList<>();
    List<ColumnScale> scales = new ArrayList<>();
    for (CompareColumn column : columns) {
      FigureComparison comparison =
          new FigureComparison(variants, figure.apply(column.metric()), bootstrap);
      comparisons.add(comparison);
      scales.add(scale(column.metric(), comparison));
      column.addTo(table, scales.get(scales.size() - 1));
    }
    for (int variant = 0; variant < variants.size(); variant++) {
      addVariant(table, variant, comparisons, scales);
    }
    return table.text(colour, width, variants.get(0).settings().size() + 2);
  }

  private void addVariant(
      TextTable table, int number, List<FigureComparison> comparisons, List<ColumnScale> scales) {
    RepeatedVariant variant = variants.get(number);
    table.row();
    variant.settings().values().forEach(table::cell);
    int runs = variant.runs().bySeed().size();
    table.cell(String.valueOf(runs));
    if (runs == 0) {
      table.cell("none");
      return;
    }
    addLine(table.cell("median"), number, Estimate::median, comparisons, scales, true);
    addLine(keys(table, "from"), number, Estimate::low, comparisons, scales, false);
    addLine(keys(table, "to"), number, Estimate::high, comparisons, scales, false);
  }

  private TextTable keys(TextTable table, String end) {
    table.row();
    variants.get(0).settings().forEach((key, value) -> table.cell(""));
    return table.cell("").cell(end);
  }

  private void addLine(
      TextTable table,
      int number,
      Function<Estimate, Double> of,
      List<FigureComparison> comparisons,
      List<ColumnScale> scales,
      boolean marked) {
    for (int column = 0; column < comparisons.size(); column++) {
      FigureComparison comparison = comparisons.get(column);
      ColumnScale scale = scales.get(column);
      table.cell(
          comparison.estimate(number).map(of).map(scale::text).orElse("-"),
          marked && !isPrintedAlike(comparison, scale) ? comparison.mark(number) : Mark.NONE);
    }
  }

  /** There is no best of equals. */
  private boolean isPrintedAlike(FigureComparison comparison, ColumnScale scale) {
    return IntStream.range(0, variants.size())
            .mapToObj(comparison::estimate)
            .flatMap(Optional::stream)
            .map(estimate -> scale.text(estimate.median()))
            .distinct()
            .count()
        < 2;
  }

  private ColumnScale scale(Metric metric, FigureComparison comparison) {
    List<Double> medians = new ArrayList<>();
    for (int variant = 0; variant < variants.size(); variant++) {
      Optional<Estimate> estimate = comparison.estimate(variant);
      estimate.ifPresent(of -> medians.add(of.median()));
    }
    return ColumnScale.of(metric.kind(), medians.stream().mapToDouble(m -> m).toArray());
  }
}
