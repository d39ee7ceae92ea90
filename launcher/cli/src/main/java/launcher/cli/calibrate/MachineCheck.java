package launcher.cli.calibrate;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import launcher.cli.run.ScenarioFigures;
import launcher.scenario.ScenarioException;
import launcher.scenario.ScenarioFiles;
import launcher.scenario.ScenarioReader;
import launcher.scenario.Setting;
import launcher.scenario.policy.PolicyLookup;

/** Whether a scenario can take a machine file, asked before it is written. */
final class MachineCheck {
  /** A scenario of which nothing but the machine and its device matters. */
  private static final String SCENARIO =
      """
      scenario: calibrated
      workload: [{writer: {io-size: 4 KiB, file-size: 4 KiB}}]
      """;

  private final ScenarioReader reader;

  MachineCheck(PolicyLookup policies) {
    reader = ScenarioFigures.reader(policies);
  }

  /**
   * What the user states.
   *
   * @throws ScenarioException if there is no such key, or if a value is none of its
   */
  void stated(Map<String, String> values) throws ScenarioException {
    List<Setting> settings =
        values.entrySet().stream()
            .map(entry -> new Setting(entry.getKey(), entry.getValue(), "--set"))
            .toList();
    reader.readText("calibrated", SCENARIO, settings);
  }

  /**
   * A whole file.
   *
   * @param name of the file, for messages
   * @throws ScenarioException if its keys contradict each other, as a stated one and a fitted one
   */
  void file(String name, String text) throws ScenarioException {
    ScenarioFiles files = ScenarioFiles.of(Map.of(name, text.getBytes(StandardCharsets.UTF_8)));
    reader.reading(files).readText("", SCENARIO + "calibration: '" + name + "'\n", List.of());
  }
}
