package launcher.validation;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import launcher.validation.fold.FigureName;
import launcher.validation.fold.FoldedRun;

/** What a figure is made of: one run's figure, or two of them. */
public sealed interface FigureTerm {
  /** As it is printed. */
  String text();

  /** Names of the runs that it is made of. */
  List<String> runs();

  /**
   * The predicted value in base units; empty if a run has no such figure or was not run.
   *
   * @param runs by name
   */
  OptionalDouble value(Map<String, FoldedRun> runs);

  /**
   * A figure of one run.
   *
   * @param run the run's name
   * @param name the figure
   */
  record OfRun(String run, FigureName name) implements FigureTerm {
    @Override
    public String text() {
      return run + ":" + name.text();
    }

    @Override
    public List<String> runs() {
      return List.of(run);
    }

    @Override
    public OptionalDouble value(Map<String, FoldedRun> runs) {
      FoldedRun folded = runs.get(run);
      return folded == null ? OptionalDouble.empty() : name.value(folded);
    }
  }

  /**
   * One figure over another.
   *
   * @param of the numerator
   * @param to the denominator
   */
  record Ratio(OfRun of, OfRun to) implements FigureTerm {
    @Override
    public String text() {
      return of.text() + " / " + to.text();
    }

    @Override
    public List<String> runs() {
      return List.of(of.run(), to.run());
    }

    @Override
    public OptionalDouble value(Map<String, FoldedRun> runs) {
      OptionalDouble upper = of.value(runs);
      OptionalDouble lower = to.value(runs);
      boolean is = upper.isPresent() && lower.isPresent() && lower.getAsDouble() != 0;
      return is
          ? OptionalDouble.of(upper.getAsDouble() / lower.getAsDouble())
          : OptionalDouble.empty();
    }
  }

  /**
   * One figure less another.
   *
   * @param of what is taken from
   * @param less what is taken away
   */
  record Difference(OfRun of, OfRun less) implements FigureTerm {
    @Override
    public String text() {
      return of.text() + " - " + less.text();
    }

    @Override
    public List<String> runs() {
      return List.of(of.run(), less.run());
    }

    @Override
    public OptionalDouble value(Map<String, FoldedRun> runs) {
      OptionalDouble from = of.value(runs);
      OptionalDouble take = less.value(runs);
      return from.isPresent() && take.isPresent()
          ? OptionalDouble.of(from.getAsDouble() - take.getAsDouble())
          : OptionalDouble.empty();
    }
  }
}
