package launcher.cli.shell;

import java.io.InputStream;
import java.io.PrintStream;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.osgi.framework.BundleContext;

/** A Gogo session that is given one command after the other, without line editing. */
final class GogoLines implements AutoCloseable {
  /** The command that ends it, which is no command of Gogo's here. */
  static final String EXIT = "exit";

  private final CommandSession session;
  private final PrintStream out;

  GogoLines(BundleContext context, PrintStream out, PrintStream err) {
    this.out = out;
    CommandProcessor processor =
        context.getService(context.getServiceReference(CommandProcessor.class));
    session = processor.createSession(InputStream.nullInputStream(), out, err);
  }

  /** Whether a line says nothing. */
  static boolean isEmpty(String line) {
    return line.isBlank() || line.strip().startsWith("#");
  }

  /**
   * Obeys a command and prints what it answers.
   *
   * @return why it failed; empty if it did not
   */
  String obey(String command) {
    try {
      Object result = session.execute(command);
      if (result != null) {
        out.println(session.format(result, Converter.INSPECT));
      }
      return "";
    } catch (Exception failed) {
      return failed.getMessage() == null ? failed.toString() : failed.getMessage();
    } finally {
      out.flush();
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
