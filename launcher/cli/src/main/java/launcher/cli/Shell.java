package launcher.cli;

import java.io.IOException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/**
 * Turns a headless run into an interactive one: the Gogo shell, the deploy folder and the event bus
 * wait at a start level that only this class reaches.
 */
final class Shell {
  /** The level that {@code cnf/felix.bnd} gives to what only an interactive run needs. */
  private static final int INTERACTIVE_LEVEL = 20;

  private final BundleContext context;

  Shell(BundleContext context) {
    this.context = context;
  }

  /** Opens the shell and returns when the user has left it, which stops the framework. */
  @SuppressWarnings("deprecation") // There is no other way to hand Gogo a terminal.
  void runUntilExit() throws IOException, InterruptedException {
    try (Terminal terminal = terminal()) {
      TerminalBuilder.setTerminalOverride(terminal);
      Framework framework = (Framework) context.getBundle(0);
      framework.adapt(FrameworkStartLevel.class).setStartLevel(INTERACTIVE_LEVEL);
      FrameworkEvent stop;
      do {
        stop = framework.waitForStop(0);
      } while (stop.getType() == FrameworkEvent.WAIT_TIMEDOUT);
    }
  }

  /**
   * JLine looks its providers up in the thread's class loader, which in Gogo's thread knows none of
   * them; the exec provider needs no native library and so no permission for one.
   */
  private static Terminal terminal() throws IOException {
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
