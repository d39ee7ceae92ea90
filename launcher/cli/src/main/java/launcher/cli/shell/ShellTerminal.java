package launcher.cli.shell;

import java.io.IOException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The terminal that Gogo's shell edits its lines on. */
final class ShellTerminal {
  private ShellTerminal() {}

  /**
   * JLine looks its providers up in the thread's class loader, which in Gogo's thread knows none of
   * them; the exec provider needs no native library and so no permission for one.
   */
  static Terminal open() throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(TerminalBuilder.class.getClassLoader());
    try {
      return TerminalBuilder.builder()
          .name("gogo")
          .system(true)
          .provider(TerminalBuilder.PROP_PROVIDER_EXEC)
          .nativeSignals(true)
          .signalHandler(Terminal.SignalHandler.SIG_IGN)
          .dumb(true)
          .build();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
