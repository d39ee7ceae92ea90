package launcher.cli.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.cli.run.FinishedRun;
import launcher.report.Figures;
import launcher.report.Variant;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioFacts;

/**
 * One variant of a comparison, run or not.
 *
 * @param settings what was varied, and to what
 * @param run what came of it; empty if it could not be run
 * @param refusal why it could not be run
 */
record FinishedVariant(
    Map<String, String> settings, Scenario scenario, Optional<FinishedRun> run, String refusal) {

  boolean isGood() {
    return run.map(FinishedRun::isGood).orElse(false);
  }

  /** Its row. */
  Variant row() {
    Map<String, Object> facts = new LinkedHashMap<>(ScenarioFacts.of(scenario));
    run.ifPresent(finished -> facts.putAll(finished.result()));
    List<String> remarks = new ArrayList<>();
    if (!refusal.isEmpty()) {
      remarks.add(refusal);
    }
    run.ifPresent(finished -> addRemarks(finished, remarks));
    return new Variant(settings, run.map(FinishedRun::summary), facts, remarks);
  }

  private static void addRemarks(FinishedRun finished, List<String> remarks) {
    remarks.addAll(finished.failures());
    if (finished.outcome().cutShort() && finished.suspended().isEmpty()) {
      remarks.add(
          "partial: ended at " + Figures.time(finished.outcome().endNs()) + " of virtual time");
    }
  }
}
