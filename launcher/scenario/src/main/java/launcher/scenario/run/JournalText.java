package launcher.scenario.run;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.scenario.Problem;
import launcher.scenario.ScenarioException;

/** A journal as text. */
final class JournalText {
  private static final String TITLE = "deferlab journal 1";
  private static final List<String> KEYS =
      List.of("scenario", "file", "seed", "deferlab", "policies", "digest");
  private static final Pattern ENTRY =
      Pattern.compile(
          "at ([0-9]+) ns, after record (-|[0-9]+): ([a-z]+)"
              + "(?: ([a-z][a-z-]*) ([a-z][a-z0-9.-]*), ([0-9]+) handed over)?(?:, with (.+))?");

  /** Begins the lines of a {@link SavedRun} that are none of its journal. */
  static final String APPENDIX = "|";

  private static final String CONFIGURATION = "with";

  private final String name;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, String> header = new LinkedHashMap<>();
  private int seedLine = 1;
  private final Map<String, Map<String, String>> configurations = new LinkedHashMap<>();
  private final List<JournalEntry> entries = new ArrayList<>();

  private JournalText(String name) {
    this.name = name;
  }

  static String write(Journal journal) {
    StringBuilder text = new StringBuilder(TITLE).append('\n');
    line(text, "scenario", journal.scenario());
    line(text, "file", journal.file());
    line(text, "seed", String.valueOf(journal.seed()));
    line(text, "deferlab", journal.version());
    line(text, "policies", String.join(" ", journal.policies().values()));
    journal
        .configurations()
        .forEach((id, values) -> line(text, CONFIGURATION, id + " " + write(values)));
    line(text, "digest", journal.digest());
    for (JournalEntry entry : journal.entries()) {
      text.append("at ").append(entry.timeNs()).append(" ns, after record ");
      text.append(entry.record() < 0 ? "-" : String.valueOf(entry.record())).append(": ");
      text.append(entry.kind().name().toLowerCase(Locale.ROOT));
      if (entry.kind() != JournalEntry.Kind.STOP) {
        text.append(' ').append(entry.family()).append(' ').append(entry.policyId());
        text.append(", ").append(entry.handedOver()).append(" handed over");
        if (!entry.configuration().isEmpty()) {
          text.append(", with ").append(write(entry.configuration()));
        }
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** Values as {@code key=value}, in which whatever would part them is written as in a URL. */
  private static String write(Map<String, String> values) {
    StringJoiner text = new StringJoiner(" ");
    values.forEach((key, value) -> text.add(encoded(key) + "=" + encoded(value)));
    return text.toString();
  }

  private static String encoded(String word) {
    return URLEncoder.encode(word, StandardCharsets.UTF_8);
  }

  private Map<String, String> readValues(int line, String text) {
    Map<String, String> values = new TreeMap<>();
    for (String pair : text.split(" ")) {
      String[] parts = pair.split("=", 2);
      if (parts.length < 2) {
        problem(line, "", "'" + pair + "'; a configuration is key=value and so on");
        return values;
      }
      try {
        values.put(decoded(parts[0]), decoded(parts[1]));
      } catch (IllegalArgumentException e) {
        problem(line, "", "'" + pair + "': " + e.getMessage());
      }
    }
    return values;
  }

  private static String decoded(String word) {
    return URLDecoder.decode(word, StandardCharsets.UTF_8);
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append((key + ": " + value).stripTrailing()).append('\n');
  }

  static Journal read(String name, String text) throws ScenarioException {
    JournalText reading = new JournalText(name);
    String[] lines = text.split("\n", -1);
    if (!lines[0].strip().equals(TITLE)) {
      reading.problem(1, "", "'" + lines[0] + "'; a journal begins with '" + TITLE + "'");
      throw new ScenarioException(reading.problems);
    }
    for (int i = 1; i < lines.length; i++) {
      reading.readLine(i + 1, lines[i].strip());
    }
    return reading.journal();
  }

  private void problem(int line, String key, String what) {
    problems.add(new Problem(name + ":" + line, key, what));
  }

  private void readLine(int number, String line) {
    if (line.isEmpty() || line.startsWith("#") || line.startsWith(APPENDIX)) {
      return;
    }
    if (line.startsWith("at ")) {
      readEntry(number, line);
      return;
    }
    int colon = line.indexOf(':');
    String key = colon < 0 ? line : line.substring(0, colon);
    if (key.equals(CONFIGURATION)) {
      String[] said = line.substring(colon + 1).strip().split(" ", 2);
      configurations.put(said[0], readValues(number, said.length < 2 ? "" : said[1]));
      return;
    }
    if (!KEYS.contains(key)) {
      problem(number, "", "'" + line + "'; a line is 'at ...' or one of " + KEYS);
    } else if (header.putIfAbsent(key, line.substring(colon + 1).strip()) != null) {
      problem(number, key, "stands there twice");
    } else if (key.equals("seed")) {
      seedLine = number;
    }
  }

  private void readEntry(int number, String line) {
    Matcher matcher = ENTRY.matcher(line);
    JournalEntry.Kind kind = matcher.matches() ? kindOf(matcher.group(3)) : null;
    if (kind == null || (kind == JournalEntry.Kind.STOP) != (matcher.group(4) == null)) {
      problem(
          number,
          "",
          "'"
              + line
              + "'; it must be 'at N ns, after record N: swap|refused|suspend|resume|fault FAMILY ID, N"
              + " handed over' or 'at N ns, after record N: stop'");
      return;
    }
    try {
      long timeNs = Long.parseLong(matcher.group(1));
      String record = matcher.group(2);
      boolean named = matcher.group(4) != null;
      if (!entries.isEmpty() && entries.get(entries.size() - 1).timeNs() > timeNs) {
        problem(number, "", "at " + timeNs + " ns; it must not be before the line above");
      }
      entries.add(
          new JournalEntry(
              timeNs,
              record.equals("-") ? -1 : Long.parseLong(record),
              kind,
              named ? matcher.group(4) : "",
              named ? matcher.group(5) : "",
              named ? Integer.parseInt(matcher.group(6)) : 0,
              matcher.group(7) == null ? Map.of() : readValues(number, matcher.group(7))));
    } catch (NumberFormatException e) {
      problem(number, "", "'" + line + "'; a number is too large");
    }
  }

  private static JournalEntry.Kind kindOf(String word) {
    for (JournalEntry.Kind kind : JournalEntry.Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
        return kind;
      }
    }
    return null;
  }

  private Journal journal() throws ScenarioException {
    for (String key : KEYS) {
      if (!header.containsKey(key)) {
        problem(1, key, "is missing");
      }
    }
    long seed = 0;
    try {
      seed = Long.parseLong(header.getOrDefault("seed", "0"));
    } catch (NumberFormatException e) {
      problem(
          seedLine, "seed", "'" + header.get("seed") + "'; it must be a whole number below 2^63");
    }
    Map<String, String> policies = new LinkedHashMap<>();
    for (String id : header.getOrDefault("policies", "").split(" ")) {
      policies.put(id.replaceFirst("\\..*", ""), id);
    }
    if (!problems.isEmpty()) {
      throw new ScenarioException(problems);
    }
    return new Journal(
        header.get("scenario"),
        header.get("file"),
        seed,
        header.get("deferlab"),
        policies,
        configurations,
        header.get("digest"),
        entries);
  }
}
