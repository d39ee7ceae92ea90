package launcher.cli.run;

import java.util.List;
import java.util.OptionalDouble;
import launcher.report.Figure;
import launcher.report.Figures;
import launcher.report.Metric;
import launcher.report.RunSummary;
import launcher.scenario.Expectation;

/**
 * Whether one expectation held.
 *
 * @param expectation what was expected
 * @param figure what came; empty if the run has no such figure, which is as if it failed
 * @param holds whether that is as expected
 */
public record Verdict(Expectation expectation, OptionalDouble figure, boolean holds) {
  /** The verdicts of a run, in the order of the expectations. */
  public static List<Verdict> of(List<Expectation> expectations, RunSummary run) {
    return expectations.stream().map(expectation -> of(expectation, run)).toList();
  }

  private static Verdict of(Expectation expectation, RunSummary run) {
    OptionalDouble figure = figure(expectation).value(run);
    boolean holds = figure.isPresent() && expectation.holds(figure.getAsDouble());
    return new Verdict(expectation, figure, holds);
  }

  /** What an expectation is about. */
  static Figure figure(Expectation expectation) {
    return new Figure(expectation.job(), Metric.of(expectation.metric()).orElseThrow());
  }

  /** What is meant, with its job: {@code reader.clat-p99}. */
  public String name() {
    return figure(expectation).name();
  }

  /** The figure as it is printed. */
  public String figureText() {
    return Figures.of(Metric.of(expectation.metric()).orElseThrow().kind(), figure);
  }

  /** One line that says why it failed; where the expectation stands is its begin. */
  public String failure() {
    String came = figure.isPresent() ? "it is " + figureText() : "the run has no such figure";
    return "%s: expected %s %s; %s"
        .formatted(expectation.where(), name(), expectation.condition(), came);
  }
}
