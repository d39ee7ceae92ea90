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
import launcher.fio.FioCheck;
import launcher.fio.FioParseResult;
import launcher.fio.FioParser;
import launcher.fio.FioRejection;
import launcher.fio.FioSection;
import launcher.fio.FioSetting;
import launcher.fio.FioVerdict;
import launcher.fio.StoredValue;
import launcher.fio.TestFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Compares the parser with what a real fio was recorded to say of the same files.
 *
 * <p>Of each file: both verdicts with their reason, the command line, the sections with every
 * option and stored number, and the jobs set up. Left out are rejections that follow from the host
 * the recording was made on, and the part of a failing command line in which fio mixed its error
 * output.
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
      JsonNode node = mapper.readTree(line);
      Path file = jobFiles.resolve(node.get("file").asText()).normalize();
      tally.beginLine();
      if (isExcluded(node.get("parse")) || isExcluded(node.get("check"))) {
        tally.excludedInPart();
      }
      compare(node, parse(file, Map.of(), false), tally, file.toString());
      if (node.has("with_env")) {
        JsonNode with = node.get("with_env");
        compare(with, parse(file, environment(with), false), tally, file + " (with_env)");
      }
      if (node.has("check_without_directory")) {
        FioParseResult result = parse(file, Map.of(), true);
        compareCheck(node.get("check_without_directory"), result.check(), tally, file.toString());
      }
      tally.compare(
          "environment names",
          file.toString(),
          strings(node.path("env_names")),
          parse(file, Map.of(), true).environmentNames());
      tally.endLine();
    }
    finish(tally);
  }

  private static Map<String, String> environment(JsonNode with) {
    Map<String, String> environment = new HashMap<>();
    with.get("env")
        .fields()
        .forEachRemaining(entry -> environment.put(entry.getKey(), entry.getValue().asText()));
    return environment;
  }

  private static FioParseResult parse(
      Path file, Map<String, String> environment, boolean anyDirectory) {
    FioParser parser = new FioParser(TestFiles.host(environment), TestFiles.onDisk(anyDirectory));
    return parser.parse(file.toString());
  }

  private static boolean isExcluded(JsonNode verdict) {
    return NOT_COMPARED.contains(verdict.path("reason").asText());
  }

  private static void compare(JsonNode node, FioParseResult result, Tally tally, String where) {
    compareVerdict("parse", node.get("parse"), result.parse(), tally, where);
    JsonNode command = node.get("showcmd");
    if (!isExcluded(node.get("parse"))) {
      tally.compare(
          "showcmd exit", where, command.get("exit").asInt(), result.showCommand().exit());
    }
    tally.compare(
        "showcmd line",
        where,
        withoutErrors(command.get("line").asText()),
        result.showCommand().line());
    List<String> actual = sections(result);
    tally.compare("sections", where, sections(node.get("sections"), actual), actual);
    compareCheck(node.get("check"), result.check(), tally, where);
  }

  private static void compareVerdict(
      String kind, JsonNode expected, FioVerdict actual, Tally tally, String where) {
    if (isExcluded(expected)) {
      tally.note(
          kind + " (excluded) verdict", expected.get("accept").asBoolean() == actual.accept());
      return;
    }
    tally.compare(kind + " accept", where, expected.get("accept").asBoolean(), actual.accept());
    tally.compare(kind + " exit", where, expected.get("exit").asInt(), actual.exit());
    tally.compare(
        kind + " reason",
        where,
        expected.path("reason").asText(""),
        actual.reason().map(FioRejection::word).orElse(""));
    tally.note(
        kind + " messages (counted only)",
        messages(strings(expected.path("messages"))).equals(messages(actual.messages())));
  }

  /** fio's hints follow rules of their own, and files are named as they were given. */
  private static List<String> messages(List<String> messages) {
    return messages.stream()
        .filter(m -> !m.startsWith("Did you mean"))
        .map(m -> m.replaceAll("(include file |')\\S*/", "$1"))
        .toList();
  }

  private static void compareCheck(JsonNode expected, FioCheck actual, Tally tally, String where) {
    compareVerdict("check", expected, actual.verdict(), tally, where);
    if (isExcluded(expected)) {
      return;
    }
    List<String> jobs = new ArrayList<>();
    expected.get("jobs").forEach(job -> jobs.add(line(job)));
    tally.compare(
        "check jobs", where, jobs, actual.jobs().stream().map(FioExpectedTest::line).toList());
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

  /**
   * The recording shows defaults of an engine's options where fio sets them up; what no line of the
   * file says is left out.
   */
  private static List<String> sections(JsonNode list, List<String> actual) {
    List<String> lines = new ArrayList<>();
    for (JsonNode section : list) {
      lines.add("[" + section.get("section").asText() + "]");
      for (JsonNode option : section.get("options")) {
        StringBuilder line = new StringBuilder(option.get(0).asText());
        line.append(option.get(1).isNull() ? "" : "=" + option.get(1).asText());
        for (int i = 2; i < option.size(); i++) {
          line.append(" -> ").append(stored(option.get(i)));
        }
        boolean written = lines.size() < actual.size() && actual.contains(line.toString());
        if (written || !isEngineDefault(option)) {
          lines.add(line.toString());
        }
      }
    }
    return lines;
  }

  private static boolean isEngineDefault(JsonNode option) {
    return FioParser.options().stream()
        .filter(known -> !known.engines().isEmpty() && !known.defaultText().isEmpty())
        .anyMatch(
            known ->
                known.name().equals(option.get(0).asText())
                    && known.defaultText().equals(option.get(1).asText()));
  }

  private static List<String> sections(FioParseResult result) {
    List<String> lines = new ArrayList<>();
    for (FioSection section : result.sections()) {
      lines.add("[" + section.name() + "]");
      for (FioSetting setting : section.settings()) {
        StringBuilder line = new StringBuilder(setting.name());
        setting.value().ifPresent(value -> line.append('=').append(value));
        setting.stored().forEach(stored -> line.append(" -> ").append(stored(stored)));
        lines.add(line.toString());
      }
    }
    return lines;
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
