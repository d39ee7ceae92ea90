package launcher.report.repeat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import launcher.report.CompareColumn;
import launcher.report.Figure;
import launcher.report.Figures;
import launcher.report.Metric;
import launcher.report.TextTable;
import launcher.report.TextTable.Side;

/** Writes what several runs of one scenario came to: a line a figure. */
public final class RepeatText {
  private RepeatText() {}

  /**
   * The figures of a comparison, of the run and of each of its jobs if there are several, and
   * others that the caller asks for.
   *
   * @param runs at least one
   * @param more behind them, if they are not there yet
   */
  public static String of(RepeatedRuns runs, List<Figure> more, boolean colour) {
    Set<Figure> figures = new LinkedHashSet<>();
    CompareColumn.OF_RUN.forEach(column -> figures.add(Figure.ofRun(column.metric())));
    List<String> jobs = runs.jobs();
    if (jobs.size() > 1 && jobs.size() <= CompareColumn.JOB_TABLES_MAX) {
      for (String job : jobs) {
        CompareColumn.OF_JOB.forEach(column -> figures.add(Figure.ofJob(job, column.metric())));
      }
    }
    figures.addAll(more);
    TextTable table = new TextTable().column("figure", Side.LEFT).column("median", Side.RIGHT);
    table.column("from", Side.RIGHT).column("to", Side.RIGHT).column("+-", Side.RIGHT);
    Bootstrap bootstrap = new Bootstrap();
    for (Figure figure : figures) {
      Optional<Estimate> estimate = runs.estimate(figure, bootstrap);
      estimate.ifPresent(of -> addRow(table, figure, of));
    }
    return table.text(colour) + legend(runs.bySeed().size());
  }

  private static void addRow(TextTable table, Figure figure, Estimate estimate) {
    Metric.Kind kind = figure.metric().kind();
    table.row().cell(figure.name()).cell(Figures.of(kind, estimate.median()));
    table.cell(Figures.of(kind, estimate.low())).cell(Figures.of(kind, estimate.high()));
    double error = 100 * estimate.relativeError();
    table.cell(Double.isFinite(error) ? String.format(Locale.ROOT, "%.1f %%", error) : "-");
  }

  /** What the columns are, and what so few runs can't say. */
  private static String legend(int runs) {
    List<String> lines = new ArrayList<>();
    lines.add("from, to: ends of the 95 % bootstrap interval of the median; +-: half of it.");
    fewRuns(runs).ifPresent(lines::add);
    return String.join("\n", lines) + "\n";
  }

  /** A warning if there are too few runs for the interval to be what it says. */
  public static Optional<String> fewRuns(int runs) {
    return runs == 0 || runs >= Bootstrap.RUNS_ENOUGH
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "note: even the whole range of %d runs holds the median in %.0f %% of cases only;"
                    + " take at least %d",
                runs,
                100 * Bootstrap.rangeConfidence(runs),
                Bootstrap.RUNS_ENOUGH));
  }
}
