package launcher.fio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/fio.md} are those of the catalogue. */
class FioDocumentTest {
  private static final Path DOCUMENT = Path.of("../../docs/fio.md");
  private static final String BEGIN = "<!-- catalogue -->\n";
  private static final String END = "<!-- end of catalogue -->\n";

  @Test
  void theTablesSayWhatBecomesOfEachOption() throws IOException {
    String text = Files.readString(DOCUMENT);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    assertTrue(begin >= 0 && end > begin, DOCUMENT + " has no tables");
    String expected = tables();
    Path file = Files.writeString(Path.of("target/fio-catalogue.md"), expected);
    assertEquals(
        expected,
        text.substring(begin + BEGIN.length(), end),
        "what the tables should be is in " + file.toAbsolutePath());
  }

  private static String tables() {
    return "\n### Modelled\n\n"
        + modelled()
        + "\n### Ignored, because it cannot matter here\n\n| why | options |\n| --- | --- |\n"
        + byReason(OptionTreatment.IGNORED)
        + "\n### Refused\n\n| why, and what is nearest | options |\n| --- | --- |\n"
        + byReason(OptionTreatment.REFUSED)
        + "\n";
  }

  private static String modelled() {
    Map<String, List<FioOption>> byEngines =
        FioParser.options().stream()
            .filter(option -> option.treatment() == OptionTreatment.MODELLED)
            .collect(
                Collectors.groupingBy(
                    option -> String.join(", ", option.engines()),
                    TreeMap::new,
                    Collectors.toList()));
    StringBuilder text = new StringBuilder("| engines | options |\n| --- | --- |\n");
    byEngines.forEach(
        (engines, options) ->
            text.append(row(engines.isEmpty() ? "every engine" : engines, options)));
    return text.toString();
  }

  private static String byReason(OptionTreatment treatment) {
    Map<String, List<FioOption>> byReason =
        FioParser.options().stream()
            .filter(option -> option.treatment() == treatment)
            .collect(Collectors.groupingBy(FioOption::why, TreeMap::new, Collectors.toList()));
    StringBuilder text = new StringBuilder();
    byReason.forEach((why, options) -> text.append(row(why, options)));
    return text.toString();
  }

  private static String row(String title, List<FioOption> options) {
    String names = options.stream().map(FioDocumentTest::name).collect(Collectors.joining(", "));
    return "| " + title + " | " + names + " |\n";
  }

  /** With its aliases, and with the values that are taken although the option is refused. */
  private static String name(FioOption option) {
    StringBuilder text = new StringBuilder("`" + option.name() + "`");
    option.aliases().forEach(alias -> text.append(" = `").append(alias).append('`'));
    if (!option.harmless().isEmpty()) {
      text.append(" (but ");
      text.append(
          option.harmless().stream()
              .map(value -> "`" + value + "`")
              .collect(Collectors.joining(" or ")));
      text.append(" is taken)");
    }
    return text.toString();
  }
}
