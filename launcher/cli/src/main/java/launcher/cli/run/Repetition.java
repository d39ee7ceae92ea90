package launcher.cli.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.report.Figure;
import launcher.report.RunSummary;
import launcher.report.repeat.RepeatedRuns;
import launcher.report.repeat.RepeatedVariant;
import launcher.scenario.Expectation;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioFacts;

/**
 * The runs of one scenario that differ by their seed only.
 *
 * @param attempts one a seed, in the order of the seeds; not empty
 */
public record Repetition(List<Attempt> attempts) {
  /** Copies the list. */
  public Repetition {
    attempts = List.copyOf(attempts);
  }

  /** What was run, but for the seed. */
  Scenario scenario() {
    return attempts.get(0).scenario();
  }

  /** Figures of the runs that came to their end. */
  public RepeatedRuns runs() {
    Map<Long, RunSummary> bySeed = new LinkedHashMap<>();
    attempts.stream()
        .filter(Attempt::isWhole)
        .forEach(of -> bySeed.put(of.scenario().seed(), of.run().orElseThrow().summary()));
    return new RepeatedRuns(bySeed);
  }

  /** Everything about them. */
  public RepeatedVariant variant(Map<String, String> settings) {
    Map<String, Object> facts = new LinkedHashMap<>(ScenarioFacts.of(scenario()));
    facts.remove("seed");
    facts.put("runs_asked", attempts.size());
    facts.put("good", attempts.stream().allMatch(Attempt::isGood));
    facts.put("expectations", expectations());
    Map<Long, Map<String, ?>> runFacts = new LinkedHashMap<>();
    for (Attempt attempt : attempts) {
      attempt.run().ifPresent(run -> runFacts.put(attempt.scenario().seed(), run.result()));
    }
    return new RepeatedVariant(settings, runs(), facts, runFacts, remarks());
  }

  /** Each with the seeds of which it is true, the first of them named. */
  List<String> remarks() {
    Map<String, List<Long>> seeds = new LinkedHashMap<>();
    for (Attempt attempt : attempts) {
      for (String remark : attempt.remarks()) {
        seeds.computeIfAbsent(remark, of -> new ArrayList<>()).add(attempt.scenario().seed());
      }
    }
    List<String> remarks = new ArrayList<>();
    seeds.forEach(
        (remark, of) ->
            remarks.add(
                "seed "
                    + of.get(0)
                    + (of.size() == 1 ? "" : " and " + (of.size() - 1) + " more")
                    + ": "
                    + remark));
    return remarks;
  }

  /** What is wrong with those that did not come to their end. */
  public List<String> unfinished() {
    List<Attempt> unfinished = attempts.stream().filter(of -> !of.isWhole()).toList();
    return unfinished.isEmpty() ? List.of() : new Repetition(unfinished).remarks();
  }

  /** How often each expectation held, in the runs that came to their end. */
  List<Map<String, Object>> expectations() {
    List<Map<String, Object>> all = new ArrayList<>();
    RepeatedRuns runs = runs();
    for (Expectation expectation : scenario().expectations()) {
      long holds =
          runs.bySeed().values().stream()
              .filter(run -> Verdict.of(List.of(expectation), run).get(0).holds())
              .count();
      Map<String, Object> node = new LinkedHashMap<>();
      node.put("figure", Verdict.figure(expectation).name());
      node.put("condition", expectation.condition());
      node.put("holds", holds);
      node.put("of", runs.bySeed().size());
      all.add(node);
    }
    return all;
  }

  /** What is expected, so that a reader sees its interval. */
  List<Figure> expected() {
    return scenario().expectations().stream().map(Verdict::figure).toList();
  }
}
