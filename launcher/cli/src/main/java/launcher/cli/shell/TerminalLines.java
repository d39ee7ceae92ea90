package launcher.cli.shell;

import java.io.IOException;
import launcher.cli.Console;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** A person at a terminal, by Gogo's shell with line editing. */
final class TerminalLines implements ShellLines {
  private final Terminal terminal;
  private final Console console;
  private final ShellExit exit;

  @SuppressWarnings("deprecation") // There is no other way to hand Gogo a terminal.
  TerminalLines(Console console, ShellExit exit) throws IOException {
    this.console = console;
    this.exit = exit;
    terminal = ShellTerminal.open();
    TerminalBuilder.setTerminalOverride(terminal);
  }

  @Override
  public boolean needsLineEditing() {
    return true;
  }

  @Override
  public boolean obey() throws InterruptedException {
    exit.await();
    return true;
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      console.error("the terminal could not be closed: " + e.getMessage());
    }
  }
}
