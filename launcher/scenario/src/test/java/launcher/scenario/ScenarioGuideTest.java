package launcher.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The guide's tables name the keys that the reader knows, no more and no fewer. */
class ScenarioGuideTest {
  private static final Path GUIDE = Path.of("../../docs/scenarios.md");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\|");
  private static final Pattern KNOWN = Pattern.compile("known: (.*)");

  /** Gives `zzz`, which no section knows, a value in one section, and reads what is known there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Top level              | zzz: 1",
        "`machine`              | machine: {zzz: 1}",
        "`device`               | device: {zzz: 1}",
        "`memory`               | memory: {zzz: 1}",
        "`groups`               | groups: {one: {zzz: 1}}",
        "`filesystem`           | filesystem: {zzz: 1}",
        "`policies` and `swaps` | policies: {zzz: 1}",
        "`sanitizers`           | sanitizers: {zzz: 1}"
      })
  void theTableOfASectionHasItsKeys(String heading, String unknownKey) throws IOException {
    assertEquals(known("scenario: s\n" + unknownKey + "\n"), documented(heading));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"workload: {zzz: 1}", "workload: [{mixed: {zzz: 1}}]"})
  void theWorkloadsTablesHaveItsKeys(String unknownKey) throws IOException {
    TreeSet<String> missing = known("scenario: s\n" + unknownKey + "\n");
    missing.removeAll(documented("`workload`"));
    assertEquals(new TreeSet<>(), missing);
  }

  private static TreeSet<String> documented(String heading) throws IOException {
    String guide = Files.readString(GUIDE);
    int start = guide.indexOf("\n## " + heading + "\n");
    int end = guide.indexOf("\n## ", start + 1);
    String section = guide.substring(start, end < 0 ? guide.length() : end);
    return new TreeSet<>(
        ROW.matcher(section).results().map((MatchResult row) -> row.group(1)).toList());
  }

  private static TreeSet<String> known(String text) {
    ScenarioReader reader = new ScenarioReader(new NamedPolicies(), Map.of(), Map.of());
    ScenarioException refused =
        assertThrows(ScenarioException.class, () -> reader.readText("s.yaml", text, List.of()));
    String problem =
        refused.problems().stream()
            .map(Problem::text)
            .filter(said -> said.contains("there is no such key"))
            .findFirst()
            .orElseThrow();
    String keys = KNOWN.matcher(problem).results().findFirst().orElseThrow().group(1);
    return new TreeSet<>(List.of(keys.split(", ")));
  }
}
