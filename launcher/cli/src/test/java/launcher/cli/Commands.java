package launcher.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine;

/** One command, executed as the program would, on files in a folder of the test. */
public final class Commands {
  private final Path folder;
  private final BiFunction<Console, Interrupt, Callable<Integer>> maker;
  private boolean interrupted;
  private Printed printed = new Printed();

  /**
   * Executes nothing yet.
   *
   * @param folder of the files
   * @param maker of the command
   */
  public Commands(Path folder, BiFunction<Console, Interrupt, Callable<Integer>> maker) {
    this.folder = folder;
    this.maker = maker;
  }

  /** Writes a file; its path. */
  public String file(String name, String text) throws IOException {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a file; its path. */
  public String file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes).toString();
  }

  /** From here on Ctrl-C was pressed before a command begins. */
  public void interrupt() {
    interrupted = true;
  }

  /** Executes it; its exit status. */
  public int execute(String... arguments) {
    printed = new Printed();
    Interrupt interrupt = new Interrupt();
    if (interrupted) {
      interrupt.raise();
    }
    CommandLine command = new CommandLine(maker.apply(printed.console(), interrupt));
    return new Usage(printed.console()).applyTo(command).execute(arguments);
  }

  /** What the last one printed, without the folder's name. */
  public String out() {
    return printed.out().replace(folder + "/", "");
  }

  /** What the last one printed as errors, without the folder's name. */
  public String err() {
    return printed.err().replace(folder + "/", "");
  }
}
