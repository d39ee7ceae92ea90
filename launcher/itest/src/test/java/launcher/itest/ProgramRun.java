package launcher.itest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program, run once as a process without a terminal.
 *
 * @param status its exit status
 * @param out what it printed on stdout
 * @param err what it printed on stderr
 */
record ProgramRun(int status, String out, String err) {
  private static final int LONGEST_S = 120;

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
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 23) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(scratch.resolve("tmp")));
    command.add("-jar");
    command.add(Program.jar().toString());
    command.addAll(arguments);
    Path out = scratch.resolve("out");
    Path err = scratch.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    if (!process.waitFor(LONGEST_S, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after " + LONGEST_S + " s: " + command);
    }
    return new ProgramRun(process.exitValue(), text(out), text(err));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
