package launcher.cli.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import launcher.scenario.Setting;
import launcher.scenario.policy.PolicyFamily;

/**
 * What is varied in a comparison: keys, and the values of each.
 *
 * @param values by key as the user wrote it, in order
 */
public record Variation(Map<String, List<String>> values) {
  private static final String OPTION = "--vary";

  /** The option that each short key stands for; families stand for themselves. */
  private static final Map<String, String> KEYS =
      Map.of(
          "machine", "machine",
          "device", "device",
          "fs", "filesystem.type",
          "memory", "memory.size",
          "cpus", "machine.cpus");

  /**
   * Reads {@code KEY=VALUE,VALUE}, each.
   *
   * @throws IllegalArgumentException that says what is wrong with which
   */
  public static Variation of(List<String> options) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String option : options) {
      int equals = option.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            OPTION + ": '" + option + "'; it must be KEY=VALUE,VALUE");
      }
      String key = option.substring(0, equals);
      List<String> list = List.of(option.substring(equals + 1).split(",", -1));
      if (list.stream().anyMatch(String::isBlank)) {
        throw new IllegalArgumentException(OPTION + ": '" + option + "' has an empty value");
      }
      if (list.stream().distinct().count() < list.size()) {
        throw new IllegalArgumentException(OPTION + ": '" + option + "' has a value twice");
      }
      if (values.put(key, list) != null) {
        throw new IllegalArgumentException(
            OPTION + ": '" + key + "' is given twice; list all its values behind one '='");
      }
    }
    return new Variation(values);
  }

  /**
   * Every combination, the last key's values changing fastest; one of nothing if none is varied.
   */
  public List<Map<String, String>> combinations() {
    List<Map<String, String>> combinations = new ArrayList<>(List.of(new LinkedHashMap<>()));
    for (Entry<String, List<String>> varied : values.entrySet()) {
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> combination : combinations) {
        for (String value : varied.getValue()) {
          Map<String, String> with = new LinkedHashMap<>(combination);
          with.put(varied.getKey(), value);
          longer.add(with);
        }
      }
      combinations = longer;
    }
    return combinations;
  }

  /** A combination as settings. */
  public static List<Setting> settings(Map<String, String> combination) {
    List<Setting> settings = new ArrayList<>();
    combination.forEach(
        (key, value) -> settings.add(new Setting(scenarioKey(key), value, OPTION + " " + key)));
    return settings;
  }

  private static String scenarioKey(String key) {
    return PolicyFamily.of(key)
        .map(family -> "policies." + family.key())
        .orElse(KEYS.getOrDefault(key, key));
  }
}
