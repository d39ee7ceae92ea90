package launcher.validation.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.scenario.Problem;
import launcher.scenario.ScenarioException;
import launcher.scenario.ScenarioReader;
import launcher.scenario.Unit;
import launcher.scenario.tree.Origin;
import launcher.scenario.tree.Section;
import launcher.scenario.tree.Suggestion;
import launcher.scenario.tree.TreeNode;
import launcher.scenario.tree.TreeNode.Mapping;
import launcher.validation.KnownMiss;
import launcher.validation.ValidationRun;
import launcher.validation.fold.Observation;

/** Reads {@code runs}, and what they are made of: {@code scenario}, {@code sets}, {@code job}. */
public final class RunsReader {
  private static final long TIME_MAX_NS = 60_000_000_000L;
  private static final String RUN = "{run}";
  private static final String OBSERVE = "observe";
  private static final List<String> OWN_KEYS = List.of("with", "variants", "not-modelled");

  private final ScenarioReader scenarios;
  private final String file;
  private final Map<String, Mapping> sets = new LinkedHashMap<>();
  private final List<String> names = new ArrayList<>();
  private final List<ValidationRun> runs = new ArrayList<>();
  private final List<KnownMiss> notModelled = new ArrayList<>();
  private Mapping base;
  private Optional<String> job;
  private Mapping observe;
  private Observation observation;

  /**
   * A reader.
   *
   * @param scenarios reads what the runs come to
   * @param file the validation's
   */
  public RunsReader(ScenarioReader scenarios, String file) {
    this.scenarios = scenarios;
    this.file = file;
  }

  /** The runs that can be run. */
  public List<ValidationRun> read(Section top) {
    base = mapping(top, "scenario").orElseGet(() -> Mapping.empty(top.origin()));
    job = top.text("job");
    observe = mapping(top, OBSERVE).orElseGet(() -> Mapping.empty(top.origin()));
    observation = readObserve(new Section(observe, OBSERVE, top.problems()));
    top.section("sets")
        .ifPresent(
            section ->
                section.keys().forEach(k -> mapping(section, k).ifPresent(m -> sets.put(k, m))));
    top.section("runs").ifPresent(section -> section.keys().forEach(key -> readRun(section, key)));
    return runs;
  }

  /** Names of all runs, also of those that can't be run. */
  public List<String> names() {
    return names;
  }

  /** The figures of runs that can't be run. */
  public List<KnownMiss> notModelled() {
    return notModelled;
  }

  private static Observation readObserve(Section observe) {
    String after = observe.text("after").orElse("");
    long exitNs = observe.number("exit", Unit.NANOSECONDS, 0, TIME_MAX_NS).orElse(0);
    long traceNs = observe.number("trace", Unit.NANOSECONDS, 0, TIME_MAX_NS).orElse(exitNs);
    long laterNs = observe.number("later", Unit.NANOSECONDS, 0, TIME_MAX_NS).orElse(exitNs);
    long sampleNs = observe.number("sample", Unit.NANOSECONDS, 1, TIME_MAX_NS).orElse(0);
    if (traceNs < exitNs) {
      observe.wrong("trace", "must not be shorter than exit: the trace is what is looked at");
    }
    if (laterNs < exitNs) {
      observe.wrong("later", "must not be shorter than exit: it is the second look");
    }
    observe.refuseUnknown();
    return new Observation(exitNs, traceNs, laterNs, sampleNs, after);
  }

  private static Optional<Mapping> mapping(Section section, String key) {
    Optional<TreeNode> node = section.node(key);
    node.ifPresent(value -> section.inner(value, section.pathOf(key)));
    return node.filter(Mapping.class::isInstance).map(Mapping.class::cast);
  }

  private void readRun(Section section, String key) {
    Optional<Mapping> found = mapping(section, key);
    if (found.isEmpty()) {
      return;
    }
    Section run = new Section(found.get(), section.pathOf(key), section.problems());
    List<String> with = run.texts("with");
    List<String> variants = run.texts("variants");
    Optional<String> missing = run.text("not-modelled");
    Mapping own = found.get().copy();
    OWN_KEYS.forEach(own.members()::remove);
    for (String set : with) {
      if (sets.containsKey(set)) {
        own.fillFrom(sets.get(set));
      } else {
        run.wrong("with", "there is no set '" + set + "'", Suggestion.lines(set, sets.keySet()));
      }
    }
    own.fillFrom(base);
    Observation watched = observationOf(own, run);
    for (String name : variants.isEmpty() ? List.of(key) : named(key, variants)) {
      names.add(name);
      if (missing.isPresent()) {
        String where = run.originOf("not-modelled").text();
        notModelled.add(new KnownMiss(List.of(name + ":*"), missing.get(), where));
      } else {
        compose(section, name, own.copy(), watched);
      }
    }
  }

  private static List<String> named(String key, List<String> variants) {
    return variants.stream().map(variant -> key + "." + variant).toList();
  }

  /** What a run says of it, and what all runs have. */
  private Observation observationOf(Mapping own, Section run) {
    TreeNode.Member member = own.members().remove(OBSERVE);
    if (member == null || !(member.value() instanceof Mapping mapping)) {
      return observation;
    }
    mapping.fillFrom(observe);
    return readObserve(new Section(mapping, run.pathOf(OBSERVE), run.problems()));
  }

  private void compose(Section section, String name, Mapping tree, Observation watched) {
    Origin origin = tree.origin();
    put(tree, "scenario", new TreeNode.Scalar(origin, name));
    if (!tree.members().containsKey("workload") && job.isPresent()) {
      Mapping workload = Mapping.empty(origin);
      put(workload, "fio", new TreeNode.Scalar(origin, job.get().replace(RUN, name)));
      put(tree, "workload", workload);
    }
    try {
      var scenario = scenarios.readTree(tree, file);
      runs.add(new ValidationRun(name, scenario, watched));
    } catch (ScenarioException e) {
      for (Problem problem : e.problems()) {
        section
            .problems()
            .add(
                new Problem(
                    problem.where(),
                    section.pathOf(name) + (problem.key().isEmpty() ? "" : ": " + problem.key()),
                    problem.what(),
                    problem.details()));
      }
    }
  }

  private static void put(Mapping mapping, String key, TreeNode value) {
    mapping.members().put(key, new TreeNode.Member(value.origin(), value));
  }
}
