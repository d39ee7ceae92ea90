package policies.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/tck.md} and the SPI packages say of the rules what they are. */
class TckGuideTest {
  private static final Path TOP = Path.of("../..");
  private static final Map<String, String> SPI_OWNERS =
      Map.of(
          "completion", "block.bio/src/main/java/block/bio",
          "dropbehind", "mm.core/src/main/java/mm/core",
          "writeback", "mm.core/src/main/java/mm/core",
          "eviction", "mm.core/src/main/java/mm/core");
  private static final Map<String, String> OFFENDERS =
      Map.of(
          "completion", "completion/CompletionOffenders.java",
          "dropbehind", "mm/DropbehindOffenders.java",
          "writeback", "mm/WritebackOffenders.java",
          "eviction", "mm/EvictionOffenders.java");

  @Test
  void theGuideHasEveryRuleWithItsReasonAndItsOffenders() throws IOException {
    List<String> expected = new ArrayList<>();
    for (TckFamily<?> family : TckFamily.all()) {
      Map<String, String> offenders = offenders(family);
      for (TckRule rule : family.rules()) {
        expected.add(
            "| %s | %s | %s | %s |"
                .formatted(rule.id(), rule.sentence(), rule.why(), offenders.get(rule.id())));
      }
    }
    assertEquals(
        expected,
        Files.readAllLines(TOP.resolve("docs/tck.md")).stream()
            .filter(line -> line.matches("\\| [CDWE]P-\\d+ \\|.*"))
            .toList());
  }

  /** As {@code offend("CP-1", of(Forgets::new), new Other())} names them. */
  private static Map<String, String> offenders(TckFamily<?> family) throws IOException {
    Path source = Path.of("src/test/java/policies/tck").resolve(OFFENDERS.get(family.key()));
    Map<String, String> names = new TreeMap<>();
    Matcher calls =
        Pattern.compile("offend\\(\\s*\"(\\w+-\\d+)\",(.*?)\\);\\n", Pattern.DOTALL)
            .matcher(Files.readString(source));
    while (calls.find()) {
      List<String> offenders = new ArrayList<>();
      Matcher types =
          Pattern.compile("(\\w+)::new|new (\\w+)\\(|Offenders::(\\w+)").matcher(calls.group(2));
      while (types.find()) {
        String name = types.group(1) == null ? types.group(2) : types.group(1);
        offenders.add("`" + (name == null ? types.group(3) : name) + "`");
      }
      names.put(calls.group(1), String.join(", ", offenders));
    }
    return names;
  }

  @Test
  void theJavadocOfEachSpiPackageHasItsRules() throws IOException {
    for (TckFamily<?> family : TckFamily.all()) {
      Path source =
          TOP.resolve(SPI_OWNERS.get(family.key()))
              .resolve("spi/" + family.key() + "/package-info.java");
      String text =
          Files.readString(source)
              .replaceAll("\\n \\*", " ")
              .replaceAll("\\s+", " ")
              .replaceAll("\\{@code ([^}]*)}", "$1");
      for (TckRule rule : family.rules()) {
        assertTrue(text.contains("<li>" + rule + " "), source + " lacks '" + rule + "'");
      }
    }
  }

  @Test
  void aRuleIsNumberedInItsFamily() {
    for (TckFamily<?> family : TckFamily.all()) {
      int number = 1;
      for (TckRule rule : family.rules()) {
        assertEquals(family.key(), rule.family());
        assertTrue(rule.id().endsWith("P-" + number++), rule.id());
      }
    }
  }
}
