package launcher.scenario.run;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.scenario.Problem;
import launcher.scenario.ScenarioException;
import launcher.scenario.ScenarioFiles;
import launcher.scenario.Setting;

/**
 * A run with all that it takes to repeat it elsewhere: one text, which is its journal with the
 * files and options of its scenario behind it.
 *
 * @param journal what happened to it from outside
 * @param settings what replaced values of its files
 * @param files what it was read from, by name; the first is the scenario or job file; none if only
 *     the journal was saved
 */
public record SavedRun(Journal journal, List<Setting> settings, Map<String, byte[]> files) {
  private static final String BAR = JournalText.APPENDIX + " ";
  private static final String SET = BAR + "set ";
  private static final String FILE = BAR + "file ";
  private static final String LINE = BAR + "  ";

  /** Copies the list and the map. */
  public SavedRun {
    settings = List.copyOf(settings);
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  /**
   * Reads what {@link #text} wrote, or a journal alone.
   *
   * @param name of the file, for messages
   * @throws ScenarioException with the line of each problem
   */
  public static SavedRun read(String name, String text) throws ScenarioException {
    Journal journal = Journal.read(name, text);
    List<Setting> settings = new ArrayList<>();
    Map<String, byte[]> files = new LinkedHashMap<>();
    String file = null;
    StringBuilder lines = new StringBuilder();
    String[] all = text.split("\n", -1);
    for (int i = 0; i < all.length; i++) {
      String line = all[i];
      if (line.startsWith(SET) && line.indexOf('=') > 0) {
        String[] pair = line.substring(SET.length()).split("=", 2);
        settings.add(new Setting(pair[0], pair[1], name + ":" + (i + 1)));
      } else if (line.startsWith(FILE)) {
        put(files, file, lines);
        file = line.substring(FILE.length());
      } else if (file != null && line.startsWith(LINE)) {
        lines.append(line.substring(LINE.length())).append('\n');
      } else if (line.startsWith(JournalText.APPENDIX)) {
        throw new ScenarioException(
            List.of(
                new Problem(name + ":" + (i + 1), "", "'" + line + "'; it belongs to no file")));
      }
    }
    put(files, file, lines);
    return new SavedRun(journal, settings, files);
  }

  private static void put(Map<String, byte[]> files, String name, StringBuilder lines) {
    if (name != null) {
      files.put(name, lines.toString().getBytes(StandardCharsets.UTF_8));
      lines.setLength(0);
    }
  }

  /** The files, to read the scenario from. */
  public ScenarioFiles scenarioFiles() {
    return ScenarioFiles.of(files);
  }

  /**
   * Everything as text.
   *
   * @throws IllegalArgumentException if a file can't be written as lines of text
   */
  public String text() {
    StringBuilder text = new StringBuilder(journal.text());
    for (Setting setting : settings) {
      requireLine(setting.key() + "=" + setting.value(), "option");
      text.append(SET).append(setting.key()).append('=').append(setting.value()).append('\n');
    }
    files.forEach((name, bytes) -> append(text, name, bytes));
    return text.toString();
  }

  private static void append(StringBuilder text, String name, byte[] bytes) {
    requireLine(name, "file name");
    String content = new String(bytes, StandardCharsets.UTF_8);
    if (!Arrays.equals(bytes, content.getBytes(StandardCharsets.UTF_8))) {
      throw new IllegalArgumentException(name + ": is no UTF-8 text and can't be saved");
    }
    text.append(FILE).append(name).append('\n');
    String ended = content.endsWith("\n") ? content.substring(0, content.length() - 1) : content;
    for (String line : ended.split("\n", -1)) {
      text.append(LINE).append(line).append('\n');
    }
  }

  private static void requireLine(String text, String what) {
    if (text.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("'" + text + "': is no " + what + " that can be saved");
    }
  }
}
