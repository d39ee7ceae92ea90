package launcher.cli.sensitivity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.report.Figures;
import launcher.scenario.DidYouMean;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioCost;
import launcher.scenario.Setting;

/**
 * One cost, to be varied in each variant.
 *
 * @param key the scenario's key
 * @param ofVariants what it is in each variant
 */
record CostVariation(String key, List<ScenarioCost> ofVariants) {
  static final String OPTION = "--by";

  /** Those of the variants' scenarios, in their order. */
  static List<CostVariation> of(List<Scenario> variants) {
    Map<String, List<ScenarioCost>> byKey = new LinkedHashMap<>();
    for (Scenario variant : variants) {
      for (ScenarioCost cost : ScenarioCost.of(variant)) {
        byKey.computeIfAbsent(cost.key(), of -> new ArrayList<>()).add(cost);
      }
    }
    List<CostVariation> costs = new ArrayList<>();
    byKey.forEach((key, ofVariants) -> costs.add(new CostVariation(key, List.copyOf(ofVariants))));
    return costs;
  }

  /**
   * Those of these names, which may be without {@code machine.} and {@code device.}.
   *
   * @throws IllegalArgumentException that says what name nothing has
   */
  static List<CostVariation> named(List<CostVariation> all, List<String> names) {
    List<CostVariation> named = new ArrayList<>();
    for (String name : names) {
      List<CostVariation> found =
          all.stream().filter(of -> of.key.equals(name) || of.key.endsWith("." + name)).toList();
      if (found.isEmpty()) {
        List<String> keys = all.stream().map(CostVariation::key).toList();
        throw new IllegalArgumentException(
            "--costs: there is no cost '" + name + "'" + DidYouMean.lines(name, keys));
      }
      found.stream().filter(of -> !named.contains(of)).forEach(named::add);
    }
    return named;
  }

  /** Its setting for so many hundredths of it; empty where that changes nothing in a variant. */
  Optional<Setting> setting(int variant, long percent) {
    ScenarioCost cost = ofVariants.get(variant);
    OptionalLong scaled = cost.scaledTo(percent);
    return scaled.isEmpty()
        ? Optional.empty()
        : Optional.of(cost.setting(scaled.getAsLong(), OPTION));
  }

  /** Whether it has another value in one of the variants at least. */
  boolean canBe(long percent) {
    for (int variant = 0; variant < ofVariants.size(); variant++) {
      if (setting(variant, percent).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** What it is, for people. */
  String value() {
    List<String> values = ofVariants.stream().map(CostVariation::text).distinct().toList();
    return values.size() == 1 ? values.get(0) : "varies";
  }

  /** What so many hundredths of it are, for people. */
  String value(long percent) {
    List<String> values =
        ofVariants.stream()
            .map(
                cost ->
                    text(
                        new ScenarioCost(
                            key,
                            cost.scaledTo(percent).orElse(cost.value()),
                            cost.unit(),
                            cost.min(),
                            cost.max())))
            .distinct()
            .toList();
    return values.size() == 1 ? values.get(0) : "varies";
  }

  private static String text(ScenarioCost cost) {
    return switch (cost.unit()) {
      case NANOSECONDS -> Figures.time(cost.value());
      case BYTES -> Figures.bytes(cost.value());
      case BYTES_PER_SECOND -> Figures.bytes(cost.value()) + "/s";
      case PER_SECOND -> Figures.count(cost.value()) + " /s";
      case COUNT -> Figures.count(cost.value());
      case PERCENT -> cost.text();
    };
  }
}
