package launcher.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sim.kernel.check.Rule;

/** The guide's table has every rule, as the program words it, and a test that has seen it fire. */
class SanitizerGuideTest {
  private static final Path ROOT = Path.of("../..");
  private static final Pattern ROW =
      Pattern.compile(
          "(?m)^\\| `([a-z-]+)` \\| (.*) \\| (?:kernel|ours) \\| `([a-z-]+)` \\| (.*) \\|$");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

  private static String guide() throws IOException {
    return Files.readString(ROOT.resolve("docs/sanitizers.md"));
  }

  @Test
  void everyRuleIsThereWithItsWordingAndWhatTurnsItOff() throws IOException {
    List<String> documented =
        ROW.matcher(guide())
            .results()
            .map(row -> row.group(1) + ": " + row.group(2) + ", " + row.group(3))
            .toList();
    List<String> known =
        Arrays.stream(Rule.values())
            .map(rule -> key(rule) + ": " + rule.wording() + ", " + rule.sanitizer().key())
            .toList();
    assertEquals(known, documented);
  }

  private static String key(Rule rule) {
    return rule.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Test
  void theTestsThatAreNamedExist() throws IOException {
    Map<String, String> sources = testSources();
    ROW.matcher(guide())
        .results()
        .forEach(
            row -> {
              List<String> tests =
                  TEST.matcher(row.group(4))
                      .results()
                      .map(name -> name.group(1) + " " + name.group(2))
                      .toList();
              assertTrue(!tests.isEmpty(), row.group(1) + " has no test");
              for (String test : tests) {
                String[] name = test.split(" ");
                String source = sources.getOrDefault(name[0], "");
                assertTrue(source.contains("void " + name[1] + "("), "there is no " + test);
              }
            });
  }

  private static Map<String, String> testSources() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> files =
        Files.find(
            ROOT, 14, (path, at) -> path.toString().endsWith("Test.java") && at.isRegularFile())) {
      for (Path file : files.toList()) {
        sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
      }
    }
    return sources;
  }
}
