package launcher.cli.sensitivity;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import launcher.cli.run.Attempt;
import launcher.cli.run.FinishedRun;
import launcher.cli.run.RepeatOptions;
import launcher.cli.run.Repetition;
import launcher.cli.run.ScenarioBatch;
import launcher.cli.run.Verdict;
import launcher.report.repeat.RepeatedRuns;
import launcher.report.sensitivity.CostEffect;
import launcher.report.sensitivity.VariedSide;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioException;
import launcher.scenario.ScenarioReader;
import launcher.scenario.Setting;

/**
 * Runs the variants of a scenario with each cost as it is, lower and higher.
 *
 * <p>A cost is first made higher, with one seed: if the trace stays the same to the bit, nothing is
 * ever charged for it, and it is left alone.
 */
final class SensitivityRuns {
  private final ScenarioBatch runs;
  private final ScenarioReader reader;
  private final Path file;
  private final List<List<Setting>> variants;
  private final RepeatOptions repeat;
  private final long percent;

  private List<List<Attempt>> base = List.of();
  private final List<CostEffect> effects = new ArrayList<>();
  private final List<String> neverCharged = new ArrayList<>();

  /**
   * Runs that are to be done.
   *
   * @param variants the settings of each
   * @param percent by how much costs are varied
   */
  SensitivityRuns(
      ScenarioBatch runs,
      ScenarioReader reader,
      Path file,
      List<List<Setting>> variants,
      RepeatOptions repeat,
      long percent) {
    this.runs = runs;
    this.reader = reader;
    this.file = file;
    this.variants = variants;
    this.repeat = repeat;
    this.percent = percent;
  }

  /** One cost on one side, in one variant: its runs, one a seed. */
  private record Side(CostVariation cost, long percent) {}

  /**
   * Does them.
   *
   * @throws ScenarioException if a value is refused
   */
  void run(List<CostVariation> costs) throws ScenarioException, InterruptedException {
    base = perVariant(runs.run(scenarios(List.of()), true));
    List<Side> higher = new ArrayList<>();
    List<Side> rest = new ArrayList<>();
    for (CostVariation cost : costs) {
      (cost.canBe(100 + percent) ? higher : rest)
          .add(new Side(cost, cost.canBe(100 + percent) ? 100 + percent : 100 - percent));
    }
    Map<Side, List<List<Attempt>>> done = new LinkedHashMap<>();
    runFirstSeeds(higher, done);
    Set<CostVariation> uncharged = new HashSet<>();
    for (Side side : higher) {
      if (isTraceTheSame(done.get(side))) {
        uncharged.add(side.cost());
        neverCharged.add(side.cost().key());
        done.remove(side);
      } else if (side.cost().canBe(100 - percent)) {
        rest.add(new Side(side.cost(), 100 - percent));
      }
    }
    runRest(rest, done);
    for (CostVariation cost : costs) {
      if (!uncharged.contains(cost)) {
        effects.add(
            new CostEffect(
                cost.key(),
                cost.value(),
                side(cost, 100 - percent, done),
                side(cost, 100 + percent, done)));
      }
    }
  }

  private void runFirstSeeds(List<Side> sides, Map<Side, List<List<Attempt>>> done)
      throws ScenarioException, InterruptedException {
    List<Scenario> order = new ArrayList<>();
    for (Side side : sides) {
      for (int variant = 0; variant < variants.size(); variant++) {
        order.add(reader.read(file, settings(side, variant)));
      }
    }
    List<Attempt> attempts = runs.run(order, true);
    int next = 0;
    for (Side side : sides) {
      List<List<Attempt>> ofSide = new ArrayList<>();
      for (int variant = 0; variant < variants.size(); variant++) {
        ofSide.add(new ArrayList<>(List.of(attempts.get(next++))));
      }
      done.put(side, ofSide);
    }
  }

  /** The sides that have not been run, and the other seeds of those that have. */
  private void runRest(List<Side> sides, Map<Side, List<List<Attempt>>> done)
      throws ScenarioException, InterruptedException {
    for (Side side : sides) {
      List<List<Attempt>> ofSide = new ArrayList<>();
      variants.forEach(variant -> ofSide.add(new ArrayList<>()));
      done.put(side, ofSide);
    }
    List<Scenario> order = new ArrayList<>();
    List<List<Attempt>> places = new ArrayList<>();
    for (var of : done.entrySet()) {
      for (int variant = 0; variant < variants.size(); variant++) {
        List<Attempt> own = of.getValue().get(variant);
        List<Scenario> seeds = repeat.read(reader, file, settings(of.getKey(), variant));
        for (Scenario scenario : seeds.subList(own.size(), seeds.size())) {
          order.add(scenario);
          places.add(own);
        }
      }
    }
    List<Attempt> attempts = runs.run(order, false);
    for (int i = 0; i < attempts.size(); i++) {
      places.get(i).add(attempts.get(i));
    }
  }

  private List<Setting> settings(Side side, int variant) {
    List<Setting> settings = new ArrayList<>(variants.get(variant));
    side.cost().setting(variant, side.percent()).ifPresent(settings::add);
    return settings;
  }

  /** Of each variant all seeds, one variant behind the other. */
  private List<Scenario> scenarios(List<Setting> more) throws ScenarioException {
    List<Scenario> scenarios = new ArrayList<>();
    for (List<Setting> variant : variants) {
      List<Setting> settings = new ArrayList<>(variant);
      settings.addAll(more);
      scenarios.addAll(repeat.read(reader, file, settings));
    }
    return scenarios;
  }

  private List<List<Attempt>> perVariant(List<Attempt> attempts) {
    List<List<Attempt>> perVariant = new ArrayList<>();
    int seeds = repeat.count();
    for (int variant = 0; variant < variants.size(); variant++) {
      perVariant.add(attempts.subList(variant * seeds, (variant + 1) * seeds));
    }
    return perVariant;
  }

  private boolean isTraceTheSame(List<List<Attempt>> ofSide) {
    for (int variant = 0; variant < variants.size(); variant++) {
      Optional<FinishedRun> before = base.get(variant).get(0).run();
      Optional<FinishedRun> now = ofSide.get(variant).get(0).run();
      if (before.isEmpty()
          || now.isEmpty()
          || !before.get().outcome().digest().equals(now.get().outcome().digest())) {
        return false;
      }
    }
    return true;
  }

  /** Empty if it was not run, or no run of it came to its end. */
  private Optional<VariedSide> side(
      CostVariation cost, long percentOf, Map<Side, List<List<Attempt>>> done) {
    List<List<Attempt>> ofSide = done.get(new Side(cost, percentOf));
    if (ofSide == null) {
      return Optional.empty();
    }
    List<RepeatedRuns> ofVariants =
        ofSide.stream().map(attempts -> new Repetition(attempts).runs()).toList();
    if (ofVariants.stream().allMatch(of -> of.bySeed().isEmpty())) {
      return Optional.empty();
    }
    List<String> broken = new ArrayList<>();
    for (int variant = 0; variant < variants.size(); variant++) {
      broken.addAll(broken(base.get(variant).get(0), ofSide.get(variant).get(0)));
    }
    return Optional.of(
        new VariedSide(cost.value(percentOf), ofVariants, broken.stream().distinct().toList()));
  }

  /** Expectations that held and don't any more, with the first seed. */
  private static List<String> broken(Attempt before, Attempt now) {
    if (!before.isWhole() || !now.isWhole()) {
      return List.of();
    }
    List<Verdict> was = before.run().orElseThrow().verdicts();
    List<Verdict> is = now.run().orElseThrow().verdicts();
    List<String> broken = new ArrayList<>();
    for (int i = 0; i < was.size(); i++) {
      if (was.get(i).holds() && !is.get(i).holds()) {
        String condition = was.get(i).expectation().condition();
        broken.add(was.get(i).name() + " " + condition + "; it is " + is.get(i).figureText());
      }
    }
    return broken;
  }

  /** The variants with all costs as they are: by variant, one a seed. */
  List<List<Attempt>> base() {
    return base;
  }

  /** What came of each cost that is charged. */
  List<CostEffect> effects() {
    return effects;
  }

  /** Keys of those that are not. */
  List<String> neverCharged() {
    return neverCharged;
  }
}
