package launcher.cli.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import launcher.report.RunSummary;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioFacts;
import launcher.scenario.run.ComplaintReport;
import launcher.scenario.run.Journal;
import launcher.scenario.run.PolicyFault;
import launcher.scenario.run.RunOutcome;
import sim.kernel.check.Complaint;

/**
 * A run that is over.
 *
 * @param scenario what was run
 * @param outcome what came of it
 * @param summary its figures
 * @param suspended why it waited for a policy when it was ended; empty if it did not
 * @param journal what happened to it from outside
 */
public record FinishedRun(
    Scenario scenario, RunOutcome outcome, RunSummary summary, String suspended, Journal journal) {
  /** What was expected and what came; none of a run that was cut short. */
  public List<Verdict> verdicts() {
    return outcome.cutShort() ? List.of() : Verdict.of(scenario.expectations(), summary);
  }

  /** Whether it came to its end and everything held, or failed as it was to and only so. */
  public boolean isGood() {
    boolean ended = outcome.isGood() || scenario.expectedFailure().isPresent();
    return ended && !outcome.cutShort() && failures().isEmpty();
  }

  /** Whether its figures are those of the whole scenario, good or not. */
  public boolean isWhole() {
    return !outcome.cutShort() && outcome.failure().isEmpty();
  }

  /**
   * Whether a reader must know that it is not whole: a run that was to fail has all that it has.
   */
  public boolean isPartial() {
    return outcome.cutShort() || !isWhole() && scenario.expectedFailure().isEmpty();
  }

  /** Everything that is wrong, each in a line or a few. */
  public List<String> failures() {
    List<String> failures = new ArrayList<>(ownFailures());
    scenario.expectedFailure().ifPresent(text -> judge(text, failures));
    verdicts().stream().filter(v -> !v.holds()).map(Verdict::failure).forEach(failures::add);
    return failures;
  }

  /** Takes away what was expected; its absence is the failure then. */
  private void judge(String expected, List<String> failures) {
    boolean failedSo = failures.removeIf(failure -> failure.contains(expected));
    if (!failedSo && !outcome.cutShort()) {
      failures.add(
          scenario.file() + ": expected a failure with '" + expected + "'; there was none");
    }
  }

  /** What went wrong in the run itself, whatever was expected of it. */
  public List<String> ownFailures() {
    List<String> failures = new ArrayList<>(custodyFailures());
    failures.addAll(complaints());
    return failures;
  }

  /** What was lost, doubled, miscounted or stuck, and what a policy did to bring that about. */
  public List<String> custodyFailures() {
    List<String> failures = new ArrayList<>();
    if (!suspended.isEmpty()) {
      failures.add("suspended at " + outcome.endNs() + " ns: " + suspended);
    }
    if (!outcome.failure().isEmpty()) {
      failures.add(outcome.failure());
    }
    outcome.faults().stream()
        .map(PolicyFault::text)
        .filter(text -> !outcome.failure().contains(text))
        .forEach(failures::add);
    failures.addAll(outcome.invariantFailures());
    return failures;
  }

  /** Broken context rules, each once, with how often; the first of each with what was around it. */
  private List<String> complaints() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    Map<String, String> first = new LinkedHashMap<>();
    for (Complaint complaint : outcome.complaints()) {
      String key = complaint.rule() + complaint.what() + complaint.where();
      first.putIfAbsent(key, complaint.text());
      counts.merge(key, 1, Integer::sum);
    }
    List<String> lines = new ArrayList<>();
    Map<String, String> around = new LinkedHashMap<>();
    for (ComplaintReport report : outcome.complaintReports()) {
      around.put(report.complaint().text(), "\n  " + String.join("\n  ", report.lines()));
    }
    first.forEach(
        (key, text) -> {
          String often = counts.get(key) == 1 ? "" : " [" + counts.get(key) + " times]";
          lines.add(text + often + around.getOrDefault(text, ""));
        });
    long untold = outcome.complaintCount() - outcome.complaints().size();
    if (untold > 0) {
      lines.add("... and " + untold + " more broken rules");
    }
    return lines;
  }

  /** What a reader of the figures has to know. */
  public List<String> notes() {
    Set<String> notes = new LinkedHashSet<>(scenario.workload().notes());
    notes.addAll(outcome.notes());
    failuresAsExpected().forEach(failure -> notes.add("fails as expected: " + failure));
    return List.copyOf(notes);
  }

  /** What went wrong as the scenario says it does. */
  List<String> failuresAsExpected() {
    return scenario
        .expectedFailure()
        .map(text -> ownFailures().stream().filter(failure -> failure.contains(text)).toList())
        .orElse(List.of());
  }

  /** The heading of the run's JSON form. */
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>(ScenarioFacts.of(scenario));
    facts.putAll(result());
    return facts;
  }

  /** What came of it, without what was run. */
  public Map<String, Object> result() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("good", isGood());
    facts.put("cut_short", outcome.cutShort());
    if (!outcome.digest().isEmpty()) {
      facts.put("digest", outcome.digest());
    }
    facts.put("failures", failures());
    facts.put("notes", notes());
    List<Map<String, Object>> expectations = new ArrayList<>();
    for (Verdict verdict : verdicts()) {
      Map<String, Object> node = new LinkedHashMap<>();
      node.put("figure", verdict.name());
      node.put("condition", verdict.expectation().condition());
      verdict.figure().ifPresent(value -> node.put("value", value));
      node.put("holds", verdict.holds());
      expectations.add(node);
    }
    facts.put("expectations", expectations);
    return facts;
  }
}
