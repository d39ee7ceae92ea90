package launcher.fio.expected;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import launcher.fio.FioCheck;
import launcher.fio.FioJson;
import launcher.fio.FioParseResult;
import launcher.fio.FioReading;
import launcher.fio.FioSection;
import launcher.fio.FioSetting;
import launcher.fio.StoredValue;
import launcher.fio.TestFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Compares the parser with what a real fio was recorded to say of the same files.
 *
 * <p>Of each file: both verdicts with their reason, the command line, the sections with every
 * option and stored number, and the jobs set up, all as {@code deferlab parse --json} prints them.
 * Left out are rejections that follow from the host the recording was made on, and the part of a
 * failing command line in which fio mixed its error output.
 */
@EnabledIfSystemProperty(named = "fio.expected", matches = ".+")
class FioExpectedTest {
  private static final Set<String> NOT_COMPARED =
      Set.of(
          "engine-not-in-this-build",
          "host-dependent",
          "missing-directory",
          "wait_for-cannot-be-checked-this-way");

  private final Path folder = Path.of(System.getProperty("fio.expected", ".")).toAbsolutePath();
  private final ObjectMapper mapper = new ObjectMapper();

  @Test
  void jobFilesAreUnderstoodAsByFio() throws IOException {
    files("fio-oracle.jsonl", folder.resolveSibling("fio"));
  }

  @Test
  void grammarIsThatOfFio() throws IOException {
    files("grammar-oracle.jsonl", folder.resolveSibling("generated").resolve("grammar"));
  }

  @Test
  void singleValuesAreReadAsByFio() throws IOException {
    Tally tally = new Tally("fio-values.jsonl");
    for (String line : Files.readAllLines(folder.resolve("fio-values.jsonl"))) {
      value(mapper.readTree(line), tally);
    }
    finish(tally);
  }

  private static void finish(Tally tally) {
    System.out.print(tally.report());
    assertEquals(0, tally.differing(), "lines that differ");
  }

  private void files(String name, Path jobFiles) throws IOException {
    Tally tally = new Tally(name);
    for (String line : Files.readAllLines(folder.resolve(name))) {
      JsonNode expected = mapper.readTree(line);
      Path file = jobFiles.resolve(expected.get("file").asText()).normalize();
      tally.beginLine();
      if (isExcluded(expected.get("parse")) || isExcluded(expected.get("check"))) {
        tally.excludedInPart();
      }
      JsonNode actual = json(file, environment(expected.path("with_env")));
      String where = file.toString();
      tally.compare("sha256", where, expected.get("sha256"), actual.get("sha256"));
      compare(expected, actual, tally, where);
      compare(expected.path("with_env"), actual.path("with_env"), tally, where + " (with_env)");
      compareCheck(
          expected.path("check_without_directory"),
          actual.path("check_without_directory"),
          tally,
          where);
      tally.compare("env_names", where, expected.path("env_names"), actual.path("env_names"));
      tally.endLine();
    }
    finish(tally);
  }

  private static Map<String, String> environment(JsonNode with) {
    Map<String, String> environment = new HashMap<>();
    with.path("env")
        .fields()
        .forEachRemaining(entry -> environment.put(entry.getKey(), entry.getValue().asText()));
    return environment;
  }

  /** What {@code deferlab parse --json} prints of a file, read back. */
  private JsonNode json(Path file, Map<String, String> variables) throws IOException {
    FioReading reading =
        FioReading.of(file.toString(), TestFiles.host(Map.of()), new TreeMap<>(variables));
    return mapper.readTree(mapper.writeValueAsString(FioJson.of(reading)));
  }

  private static boolean isExcluded(JsonNode verdict) {
    return NOT_COMPARED.contains(verdict.path("reason").asText());
  }

  /** Neither has an answer: it agrees. */
  private static boolean neither(JsonNode expected, JsonNode actual) {
    return expected.isMissingNode() && actual.isMissingNode();
  }

  private static void compare(JsonNode expected, JsonNode actual, Tally tally, String where) {
    if (neither(expected, actual)) {
      return;
    }
    compareVerdict("parse", expected.path("parse"), actual.path("parse"), tally, where);
    if (!isExcluded(expected.path("parse"))) {
      tally.compare(
          "showcmd exit",
          where,
          expected.path("showcmd").path("exit"),
          actual.path("showcmd").path("exit"));
    }
    tally.compare(
        "showcmd line",
        where,
        withoutErrors(expected.path("showcmd").path("line").asText()),
        actual.path("showcmd").path("line").asText());
    tally.compare("sections", where, expected.path("sections"), actual.path("sections"));
    compareCheck(expected.path("check"), actual.path("check"), tally, where);
  }

  private static void compareVerdict(
      String kind, JsonNode expected, JsonNode actual, Tally tally, String where) {
    boolean sameVerdict = expected.path("accept").equals(actual.path("accept"));
    if (isExcluded(expected)) {
      tally.note(kind + " (excluded) verdict", sameVerdict);
      return;
    }
    for (String key : List.of("accept", "exit", "reason")) {
      tally.compare(kind + " " + key, where, expected.path(key), actual.path(key));
    }
    tally.note(
        kind + " messages (counted only)",
        messages(strings(expected.path("messages")))
            .equals(messages(strings(actual.path("messages")))));
  }

  /** Files are named as they were given. */
  private static List<String> messages(List<String> messages) {
    return messages.stream().map(m -> m.replaceAll("(include file |')\\S*/", "$1")).toList();
  }

  private static void compareCheck(JsonNode expected, JsonNode actual, Tally tally, String where) {
    if (neither(expected, actual)) {
      return;
    }
    compareVerdict("check", expected, actual, tally, where);
    if (!isExcluded(expected)) {
      tally.compare("check jobs", where, expected.path("jobs"), actual.path("jobs"));
    }
  }

  private static String line(JsonNode job) {
    return String.join(
        " ",
        job.get("name").asText(),
        job.path("group").asText("0"),
        job.get("rw").asText(),
        job.get("bs_read").asText(),
        job.get("bs_write").asText(),
        job.get("bs_trim").asText(),
        job.get("ioengine").asText(),
        job.get("iodepth").asText());
  }

  private static String line(FioCheck.JobLine job) {
    return String.join(
        " ",
        job.name(),
        Integer.toString(job.group()),
        job.rw(),
        job.bsRead(),
        job.bsWrite(),
        job.bsTrim(),
        job.ioengine(),
        Long.toString(job.iodepth()));
  }

  /** fio prints errors between the parts of the line; the recording ends at the first. */
  private static String withoutErrors(String line) {
    int end = line.indexOf("        valid values:");
    end = end < 0 ? line.indexOf("fio: file:") : end;
    return end < 0 ? line : line.substring(0, end);
  }

  private static List<String> strings(JsonNode list) {
    List<String> strings = new ArrayList<>();
    list.forEach(each -> strings.add(each.asText()));
    return strings;
  }

  private static String stored(JsonNode node) {
    if (node.isNull()) {
      return "none";
    }
    return node.isObject() ? node.toString() : node.asText();
  }

  private static String stored(StoredValue value) {
    return switch (value.kind()) {
      case NONE -> "none";
      case FRACTION -> Double.toString(value.share());
      case PERCENT -> "{\"" + value.percentOf() + "\":" + value.digits() + "}";
      default -> value.digits();
    };
  }

  private static void value(JsonNode node, Tally tally) {
    List<String> lines = strings(node.get("lines"));
    FioParseResult result = TestFiles.parse(lines.toArray(new String[0]));
    String where = String.join("; ", lines);
    tally.beginLine();
    tally.compare("accept", where, node.get("accept").asBoolean(), result.parse().accept());
    tally.compare("check", where, node.get("check").asBoolean(), result.check().verdict().accept());
    List<String> expected = new ArrayList<>();
    node.get("stored").forEach(each -> expected.add(stored(each)));
    List<String> actual = new ArrayList<>();
    for (FioSection section : result.sections()) {
      for (FioSetting setting : section.settings()) {
        setting.stored().forEach(each -> actual.add(stored(each)));
      }
    }
    tally.compare("stored", where, expected, actual);
    if (node.has("job")) {
      FioCheck.JobLine job = result.check().jobs().isEmpty() ? null : result.check().jobs().get(0);
      tally.compare("job", where, line(node.get("job")), job == null ? "none" : line(job));
    }
    List<String> messages = strings(node.path("messages"));
    tally.note(
        "messages (counted only)",
        messages(messages).equals(messages(result.check().verdict().messages())));
    tally.endLine();
  }
}
