package launcher.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program, run once as a process without a terminal.
 *
 * @param status its exit status
 * @param out what it printed on stdout
 * @param err what it printed on stderr
 */
record ProgramRun(int status, String out, String err) {
  /**
   * Runs it to its end.
   *
   * @param scratch gets the files {@code out} and {@code err} and the folder {@code tmp}, in which
   *     the program makes its temporary files
   * @param work the working folder
   */
  static ProgramRun of(Path scratch, Path work, List<String> arguments)
      throws IOException, InterruptedException {
    return of(scratch, work, arguments, "");
  }

  /**
   * The same with something on its standard input.
   *
   * @param input all of it
   */
  static ProgramRun of(Path scratch, Path work, List<String> arguments, String input)
      throws IOException, InterruptedException {
    LiveProgram program = LiveProgram.start(scratch, work, arguments);
    program.send(input);
    return program.end();
  }

  /**
   * The same with options of its JVM, as {@code DEFERLAB_JAVA_OPTS} gives them.
   *
   * @param javaOptions before all else
   */
  static ProgramRun with(List<String> javaOptions, Path scratch, Path work, List<String> arguments)
      throws IOException, InterruptedException {
    return LiveProgram.start(javaOptions, scratch, work, arguments).end();
  }

  /** The words of the command that starts it. */
  static List<String> command(List<String> javaOptions, Path scratch, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(Program.java());
    command.addAll(javaOptions);
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(scratch.resolve("tmp")));
    command.add("-jar");
    command.add(Program.jar().toString());
    command.addAll(arguments);
    return command;
  }
}
