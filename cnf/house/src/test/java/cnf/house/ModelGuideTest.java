package cnf.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each mechanism has its rows in {@code docs/model.md}, and the tests that those name exist. */
class ModelGuideTest {
  private static final int MECHANISMS = 18;
  private static final int TEST_CELL = 4;
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
  private static final Pattern TEST = Pattern.compile("(\\w+(?:Test|IT))(?:\\.(\\w+))?");

  /** A test of the class that was named before. */
  private static final Pattern METHOD = Pattern.compile("[a-z]\\w*");

  /** Rows of its tables, each as its cells. */
  private static List<List<String>> rows() {
    return House.text(Path.of("docs/model.md"))
        .lines()
        .filter(line -> line.startsWith("|") && !line.startsWith("| ---"))
        .map(line -> Arrays.stream(line.substring(1).split("(?<!\\\\)\\|")).map(String::strip))
        .map(cells -> cells.toList())
        .toList();
  }

  @Test
  void eachMechanismHasARow() {
    List<String> missing =
        IntStream.rangeClosed(1, MECHANISMS)
            .mapToObj(number -> "M" + number)
            .filter(name -> rows().stream().noneMatch(r -> r.get(0).matches(inBrackets(name))))
            .toList();
    assertEquals(List.of(), missing);
  }

  private static String inBrackets(String name) {
    return ".*\\((.*, )?" + name + "(, .*)?\\)";
  }

  @Test
  void noCellIsEmpty() {
    List<String> faults =
        rows().stream()
            .filter(row -> row.size() != TEST_CELL + 1 || row.contains(""))
            .map(row -> row.get(0))
            .toList();
    assertEquals(List.of(), faults);
  }

  @Test
  void theTestsThatAreNamedExist() {
    Map<String, String> tests = new HashMap<>();
    for (Path file : House.files("Test.java", "IT.java")) {
      String name = file.getFileName().toString().replace(".java", "");
      tests.merge(name, House.text(file), String::concat);
    }
    List<String> faults = new ArrayList<>();
    int named = 0;
    for (List<String> row : rows()) {
      String type = "";
      Matcher quoted = QUOTED.matcher(row.get(TEST_CELL));
      while (quoted.find()) {
        Matcher test = TEST.matcher(quoted.group(1));
        boolean isTest = test.matches();
        if (!isTest && (type.isEmpty() || !METHOD.matcher(quoted.group(1)).matches())) {
          continue;
        }
        type = isTest ? test.group(1) : type;
        String method = isTest ? test.group(2) : quoted.group(1);
        named++;
        if (!has(tests, type, method)) {
          faults.add(row.get(0) + ": " + type + (method == null ? "" : "." + method));
        }
      }
    }
    assertTrue(named > 0, "no test is named");
    assertEquals(List.of(), faults);
  }

  private static boolean has(Map<String, String> tests, String type, String method) {
    String text = tests.get(type);
    return text != null && (method == null || text.contains("void " + method + "("));
  }
}
