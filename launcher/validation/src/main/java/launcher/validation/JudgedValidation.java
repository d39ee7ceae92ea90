package launcher.validation;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import launcher.validation.fold.FoldedRun;

/**
 * A validation and what came of it.
 *
 * @param validation what was to be shown
 * @param figures each of its figures, judged, in the order of its file
 * @param failures what went wrong in runs that did not come to their end, or broke a rule
 */
public record JudgedValidation(Validation validation, List<Judged> figures, List<String> failures) {
  /** Copies the lists. */
  public JudgedValidation {
    figures = List.copyOf(figures);
    failures = List.copyOf(failures);
  }

  /**
   * Judges a validation.
   *
   * @param runs what each run came to, by name
   * @param chosen which figures are looked at
   * @param failures of runs
   */
  public static JudgedValidation of(
      Validation validation,
      Map<String, FoldedRun> runs,
      Predicate<Figure> chosen,
      List<String> failures) {
    List<Judged> all = Judged.all(validation, runs);
    return new JudgedValidation(
        validation, all.stream().filter(one -> chosen.test(one.figure())).toList(), failures);
  }

  /** Whether every figure is inside its tolerance or known not to be, and every run good. */
  public boolean isGood() {
    return failures.isEmpty()
        && figures.stream().noneMatch(one -> one.verdict() == Judged.Verdict.OFF);
  }
}
