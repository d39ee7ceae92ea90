package launcher.scenario.internal.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.scenario.Expectation;
import launcher.scenario.Expectation.Comparison;
import launcher.scenario.Quantity;
import launcher.scenario.Unit;
import launcher.scenario.tree.Section;
import launcher.scenario.tree.Suggestion;
import launcher.scenario.tree.TreeNode;

/** Reads the {@code expect} section. */
final class ExpectationReader {
  private static final String RANGE = " to ";

  private final Map<String, Unit> runMetrics;
  private final Map<String, Unit> jobMetrics;
  private final List<String> jobs;
  private final List<Expectation> expectations = new ArrayList<>();

  /**
   * A reader.
   *
   * @param runMetrics figures of a run, with their units
   * @param jobMetrics figures of a job
   * @param jobs names of the jobs that there are
   */
  ExpectationReader(Map<String, Unit> runMetrics, Map<String, Unit> jobMetrics, List<String> jobs) {
    this.runMetrics = runMetrics;
    this.jobMetrics = jobMetrics;
    this.jobs = jobs;
  }

  List<Expectation> read(Section section) {
    for (String key : section.keys()) {
      Optional<TreeNode> node = section.node(key);
      if (node.isPresent() && node.get() instanceof TreeNode.Mapping) {
        readJob(section, key);
      } else {
        readOne(section, key, Optional.empty(), runMetrics);
      }
    }
    return expectations;
  }

  private void readJob(Section section, String job) {
    if (!jobs.contains(job)) {
      section.wrong(job, "there is no job '" + job + "'", Suggestion.lines(job, jobs));
    }
    section
        .section(job)
        .ifPresent(
            inner ->
                inner.keys().forEach(key -> readOne(inner, key, Optional.of(job), jobMetrics)));
  }

  private void readOne(
      Section section, String key, Optional<String> job, Map<String, Unit> metrics) {
    Optional<String> text = section.text(key);
    Unit unit = metrics.get(key);
    if (unit == null) {
      String whose = job.isEmpty() ? "there is no figure '" : "a job has no figure '";
      section.wrong(key, whose + key + "'", Suggestion.lines(key, metrics.keySet()));
      return;
    }
    if (text.isEmpty()) {
      return;
    }
    try {
      expectations.add(parse(text.get().strip(), unit, job, key, section.originOf(key).text()));
    } catch (IllegalArgumentException e) {
      section.wrong(key, e.getMessage());
    }
  }

  private static Expectation parse(
      String text, Unit unit, Optional<String> job, String metric, String where) {
    int range = text.indexOf(RANGE);
    if (range > 0) {
      Quantity upper = Quantity.parse(text.substring(range + RANGE.length()), unit);
      String low = text.substring(0, range).strip();
      Quantity lower = Quantity.parse(low, unit);
      if (lower.value().compareTo(upper.value()) > 0) {
        throw new IllegalArgumentException("'" + text + "'; the lower end must come first");
      }
      return new Expectation(job, metric, Comparison.RANGE, lower, upper, where);
    }
    for (Comparison comparison :
        List.of(
            Comparison.AT_MOST,
            Comparison.AT_LEAST,
            Comparison.LESS,
            Comparison.MORE,
            Comparison.EQUAL)) {
      if (text.startsWith(comparison.sign())) {
        Quantity bound = Quantity.parse(text.substring(comparison.sign().length()), unit);
        return new Expectation(job, metric, comparison, bound, bound, where);
      }
    }
    Quantity bound = Quantity.parse(text, unit);
    return new Expectation(job, metric, Comparison.EQUAL, bound, bound, where);
  }
}
