package launcher.cli.compare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.cli.run.Attempt;
import launcher.cli.run.FinishedRun;
import launcher.cli.run.Repetition;
import launcher.report.Variant;
import launcher.report.repeat.RepeatedVariant;
import launcher.scenario.ScenarioFacts;

/**
 * One variant of a comparison, run or not.
 *
 * @param settings what was varied, and to what
 * @param attempts its runs, one a seed; not empty
 */
record FinishedVariant(Map<String, String> settings, List<Attempt> attempts) {
  boolean isGood() {
    return attempts.stream().allMatch(Attempt::isGood);
  }

  /** Its row, of the run with the first seed. */
  Variant row() {
    Attempt first = attempts.get(0);
    Map<String, Object> facts = new LinkedHashMap<>(ScenarioFacts.of(first.scenario()));
    first.run().ifPresent(finished -> facts.putAll(finished.result()));
    return new Variant(
        settings, first.run().map(FinishedRun::summary), first.isWhole(), facts, first.remarks());
  }

  /** Its row, of all runs. */
  RepeatedVariant repeatedRow() {
    return new Repetition(attempts).variant(settings);
  }
}
