package launcher.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import launcher.validation.fold.FoldedRun;

/**
 * A figure, what was predicted for it, and what to think of it.
 *
 * @param figure what was measured
 * @param predicted in base units; empty if the run has no such figure
 * @param verdict what to think of it
 * @param known what is said about it being off, if anything is
 */
public record Judged(
    Figure figure, OptionalDouble predicted, Verdict verdict, Optional<KnownMiss> known) {
  /** What to think of a figure. */
  public enum Verdict {
    /** Inside its tolerance. */
    HOLDS,
    /** Outside, and nobody said so. */
    OFF,
    /** Outside, as it is said to be. */
    KNOWN,
    /** Inside, though it is said not to be. */
    BETTER;

    /** As it is printed. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the figure is inside its tolerance. */
    public boolean isInside() {
      return this == HOLDS || this == BETTER;
    }
  }

  /**
   * Judges the figures of a validation.
   *
   * @param runs what each run came to, by name
   */
  public static List<Judged> all(Validation validation, Map<String, FoldedRun> runs) {
    List<Judged> judged = new ArrayList<>();
    for (Figure figure : validation.figures()) {
      judged.add(of(figure, figure.term().value(runs), validation.knownMiss(figure)));
    }
    return judged;
  }

  private static Judged of(Figure figure, OptionalDouble predicted, Optional<KnownMiss> known) {
    boolean inside =
        predicted.isPresent()
            && figure.tolerance().holds(figure.measured(), predicted.getAsDouble());
    Verdict verdict =
        inside
            ? known.isPresent() ? Verdict.BETTER : Verdict.HOLDS
            : known.isPresent() ? Verdict.KNOWN : Verdict.OFF;
    return new Judged(figure, predicted, verdict, known);
  }
}
