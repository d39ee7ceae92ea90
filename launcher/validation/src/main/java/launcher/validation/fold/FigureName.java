package launcher.validation.fold;

import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import launcher.scenario.Unit;

/**
 * A figure that a run predicts, by the name that a measurement or a report has for it.
 *
 * @param text the name: {@code bio|loop|W|fio}, {@code write.clat_p50}, or one of a report
 * @param unit what it measures
 * @param unitText how a number of it is printed: {@code us}, {@code pages}; empty without unit
 * @param of the figure of a run in the base unit; NaN if the run has none
 */
public record FigureName(String text, Unit unit, String unitText, ToDoubleFunction<FoldedRun> of) {
  /** The figure of a run, in the base unit; empty if the run has none. */
  public OptionalDouble value(FoldedRun run) {
    double value = of.applyAsDouble(run);
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  @Override
  public String toString() {
    return text;
  }
}
