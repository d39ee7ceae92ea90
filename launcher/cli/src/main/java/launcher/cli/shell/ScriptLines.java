package launcher.cli.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import launcher.cli.Console;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.osgi.framework.BundleContext;

/** The lines of a script or of a pipe, one command each, without banner or prompt. */
final class ScriptLines implements ShellLines {
  private static final String EXIT = "exit";

  private final BundleContext context;
  private final Console console;
  private final String name;
  private final BufferedReader reader;

  /**
   * A script.
   *
   * @param name for messages
   */
  ScriptLines(BundleContext context, Console console, String name, BufferedReader reader) {
    this.context = context;
    this.console = console;
    this.name = name;
    this.reader = reader;
  }

  @Override
  public boolean needsLineEditing() {
    return false;
  }

  @Override
  public boolean obey() throws IOException {
    CommandProcessor processor =
        context.getService(context.getServiceReference(CommandProcessor.class));
    InputStream nothing = InputStream.nullInputStream();
    try (CommandSession session = processor.createSession(nothing, console.out(), console.err())) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        String command = line.strip();
        if (command.equals(EXIT)) {
          return true;
        }
        if (!command.isEmpty() && !command.startsWith("#") && !obey(session, command, number)) {
          return false;
        }
      }
      return true;
    }
  }

  private boolean obey(CommandSession session, String command, int number) {
    try {
      Object result = session.execute(command);
      if (result != null) {
        console.out().println(session.format(result, Converter.INSPECT));
      }
      console.out().flush();
      return true;
    } catch (Exception failed) {
      console.out().flush();
      String why = failed.getMessage() == null ? failed.toString() : failed.getMessage();
      console.error(name + ":" + number + ": " + command + ": " + why);
      return false;
    }
  }

  @Override
  public void close() {
    // Stdin stays open: it is not ours; a script's reader goes with the process.
  }
}
