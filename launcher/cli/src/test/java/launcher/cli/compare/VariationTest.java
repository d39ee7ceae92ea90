package launcher.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import launcher.scenario.Setting;
import org.junit.jupiter.api.Test;

class VariationTest {
  private static String refusal(String... options) {
    return assertThrows(IllegalArgumentException.class, () -> Variation.of(List.of(options)))
        .getMessage();
  }

  @Test
  void everyCombinationIsMadeTheLastKeyFastest() {
    assertEquals(
        List.of("[skip, E2]", "[skip, E3]", "[ideal, E2]", "[ideal, E3]"),
        Variation.of(List.of("completion=skip,ideal", "era=E2,E3")).combinations().stream()
            .map(combination -> combination.values().toString())
            .toList());
  }

  @Test
  void shortKeysStandForKeysOfAScenario() {
    Map<String, String> combination =
        Variation.of(List.of("completion=skip", "device=hdd", "memory=1 GiB", "machine.hz=100"))
            .combinations()
            .get(0);
    assertEquals(
        List.of(
            new Setting("policies.completion", "skip", "--vary completion"),
            new Setting("device", "hdd", "--vary device"),
            new Setting("memory.size", "1 GiB", "--vary memory"),
            new Setting("machine.hz", "100", "--vary machine.hz")),
        Variation.settings(combination));
  }

  @Test
  void aVariationThatSaysNothingOrTheSameTwiceIsRefused() {
    assertEquals("--vary: 'completion'; it must be KEY=VALUE,VALUE", refusal("completion"));
    assertEquals("--vary: 'era=E2,' has an empty value", refusal("era=E2,"));
    assertEquals("--vary: 'era=' has an empty value", refusal("era="));
    assertEquals("--vary: 'era=E2,E2' has a value twice", refusal("era=E2,E2"));
    assertEquals(
        "--vary: 'era' is given twice; list all its values behind one '='",
        refusal("era=E2", "era=E3"));
  }
}
