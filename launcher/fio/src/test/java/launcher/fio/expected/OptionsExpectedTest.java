package launcher.fio.expected;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import launcher.fio.FioOption;
import launcher.fio.FioParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Compares the catalogue with the options that a real fio has: names, defaults, words, engines. */
@EnabledIfSystemProperty(named = "fio.expected", matches = ".+")
class OptionsExpectedTest {
  private final Path folder = Path.of(System.getProperty("fio.expected", ".")).toAbsolutePath();

  @Test
  void everyOptionOfFioIsKnownAsFioHasIt() throws IOException {
    Map<String, FioOption> known =
        FioParser.options().stream().collect(Collectors.toMap(FioOption::name, o -> o));
    List<String> lines = Files.readAllLines(folder.resolveSibling("fio-options.csv"));
    List<String> titles = cells(lines.get(0));
    Tally tally = new Tally("fio-options.csv");
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = cells(line);
      Function<String, String> of = title -> cells.get(titles.indexOf(title));
      String name = of.apply("name");
      FioOption option = known.get(name);
      tally.beginLine();
      tally.compare("known", name, true, option != null);
      if (option != null) {
        tally.compare("alias", name, words(of.apply("alias"), " "), option.aliases());
        tally.compare("default", name, of.apply("default"), option.defaultText());
        List<String> values = new ArrayList<>(words(of.apply("values"), "\\|"));
        // The answers were recorded from a fio without CUDA, which refuses it.
        values.remove("cudamalloc");
        if (!values.isEmpty() && !option.values().isEmpty()) {
          tally.compare("values", name, values, option.values());
        }
        List<String> engines = words(of.apply("engines"), " ");
        if (!engines.isEmpty()) {
          tally.compare("engines", name, engines, option.engines());
        }
      }
      tally.endLine();
    }
    System.out.print(tally.report());
    assertEquals(0, tally.differing(), "lines that differ");
  }

  private static List<String> words(String text, String separator) {
    return text.isEmpty() ? List.of() : List.of(text.split(separator));
  }

  /** Cells of a line; one in quotes may hold commas. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (char c : line.toCharArray()) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
