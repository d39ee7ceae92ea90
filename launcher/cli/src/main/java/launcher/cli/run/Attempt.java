package launcher.cli.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.report.Figures;
import launcher.scenario.Scenario;

/**
 * One of several runs: what came of it, or why there is none.
 *
 * @param scenario what was to be run
 * @param run empty if it could not be run, or Ctrl-C came before its turn
 * @param refusal why there is none; empty if there is one
 */
public record Attempt(Scenario scenario, Optional<FinishedRun> run, String refusal) {
  /** Whether it came to its end and everything held. */
  public boolean isGood() {
    return run.map(FinishedRun::isGood).orElse(false);
  }

  /** Whether its figures are those of the whole scenario, good or not. */
  public boolean isWhole() {
    return run.map(FinishedRun::isWhole).orElse(false);
  }

  /** What has to be said about it. */
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (!refusal.isEmpty()) {
      remarks.add(refusal);
    }
    run.ifPresent(finished -> addRemarks(finished, remarks));
    return remarks;
  }

  private static void addRemarks(FinishedRun finished, List<String> remarks) {
    remarks.addAll(finished.failures());
    if (finished.isPartial() && finished.suspended().isEmpty()) {
      remarks.add(
          "partial: ended at " + Figures.time(finished.outcome().endNs()) + " of virtual time");
    }
  }
}
