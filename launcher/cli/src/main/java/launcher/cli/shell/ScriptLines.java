package launcher.cli.shell;

import java.io.BufferedReader;
import java.io.IOException;
import launcher.cli.Console;
import org.osgi.framework.BundleContext;

/** The lines of a script or of a pipe, one command each, without banner or prompt. */
final class ScriptLines implements ShellLines {
  private final BundleContext context;
  private final Console console;
  private final ShellExit exit;
  private final String name;
  private final BufferedReader reader;

  /**
   * A script.
   *
   * @param exit asked for between two lines
   * @param name for messages
   */
  ScriptLines(
      BundleContext context, Console console, ShellExit exit, String name, BufferedReader reader) {
    this.context = context;
    this.console = console;
    this.exit = exit;
    this.name = name;
    this.reader = reader;
  }

  @Override
  public boolean needsLineEditing() {
    return false;
  }

  @Override
  public boolean obey() throws IOException {
    try (GogoLines gogo = new GogoLines(context, console.out(), console.err())) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        String command = line.strip();
        if (command.equals(GogoLines.EXIT) || exit.isAsked()) {
          return true;
        }
        String failure = GogoLines.isEmpty(line) ? "" : gogo.obey(command);
        if (exit.isAsked()) {
          // What failed because the runs were ended under it is no failure of the script.
          return true;
        }
        if (!failure.isEmpty()) {
          console.error(name + ":" + number + ": " + command + ": " + failure);
          return false;
        }
      }
      return true;
    }
  }

  @Override
  public void close() {
    // Stdin stays open: it is not ours; a script's reader goes with the process.
  }
}
