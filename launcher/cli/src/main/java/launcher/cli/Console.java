package launcher.cli;

import java.io.PrintStream;
import java.util.Map;

/**
 * Where the program prints: results to stdout, everything else to stderr, colour only to a
 * terminal.
 *
 * @param out for results
 * @param err for errors and progress
 * @param colour whether results have colour
 * @param errorColour whether errors have colour
 * @param input whether a person types on stdin
 * @param progress whether somebody watches stderr
 * @param columns characters that a line of stdout may have
 */
public record Console(
    PrintStream out,
    PrintStream err,
    boolean colour,
    boolean errorColour,
    boolean input,
    boolean progress,
    int columns) {
  private static final int COLUMNS_DEFAULT = 160;
  private static final int COLUMNS_MIN = 40;
  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String PLAIN = "\u001b[0m";

  /**
   * The process's own console. What is a terminal is told by {@code ./deferlab}, which can ask; a
   * bare {@code java -jar} is taken to have one if Java has a console.
   *
   * @param environment {@code NO_COLOR}, {@code TERM} and {@code COLUMNS} are obeyed
   * @param terminals the numbers of the descriptors that are terminals, {@code "012"}; null if
   *     nobody asked
   */
  static Console of(Map<String, String> environment, String terminals) {
    boolean interactive = System.console() != null;
    boolean in = terminals == null ? interactive : terminals.contains("0");
    boolean out = terminals == null ? interactive : terminals.contains("1");
    boolean err = terminals == null ? interactive : terminals.contains("2");
    boolean colours =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !"dumb".equals(environment.get("TERM"));
    return new Console(
        System.out, System.err, out && colours, err && colours, in, err, columns(environment));
  }

  private static int columns(Map<String, String> environment) {
    try {
      int columns = Integer.parseInt(environment.getOrDefault("COLUMNS", ""));
      return Math.max(COLUMNS_MIN, columns);
    } catch (NumberFormatException e) {
      return COLUMNS_DEFAULT;
    }
  }

  /** Prints an error to stderr, its first line coloured. */
  public void error(String text) {
    err.println(errorColour ? RED + text.replaceFirst("\n|$", PLAIN + "$0") : text);
  }

  /** The text as something good, for stdout. */
  public String good(String text) {
    return colour ? GREEN + text + PLAIN : text;
  }

  /** The text as something bad, for stdout. */
  public String bad(String text) {
    return colour ? RED + text + PLAIN : text;
  }
}
