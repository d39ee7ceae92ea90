package launcher.itest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program as a process that goes on, without a terminal. */
final class LiveProgram {
  private static final int LONGEST_S = 120;
  private static final int LOOK_MS = 50;

  private final Process process;
  private final Path out;
  private final Path err;

  private LiveProgram(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts it; see {@link ProgramRun#of} for what it gets. */
  static LiveProgram start(Path scratch, Path work, List<String> arguments) throws IOException {
    return start(List.of(), scratch, work, arguments);
  }

  /** The same with options of its JVM. */
  static LiveProgram start(
      List<String> javaOptions, Path scratch, Path work, List<String> arguments)
      throws IOException {
    Path out = scratch.resolve("out");
    Path err = scratch.resolve("err");
    Process process =
        new ProcessBuilder(ProgramRun.command(javaOptions, scratch, arguments))
            .directory(work.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new LiveProgram(process, out, err);
  }

  /** Gives it something on its standard input. */
  void send(String text) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write(text.getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  /** Waits until it has printed something, on stdout or stderr, and returns all of that so far. */
  String await(String printed) throws IOException, InterruptedException {
    for (int looks = 0; looks < LONGEST_S * 1000 / LOOK_MS; looks++) {
      boolean isOver = process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS);
      String text = text(out) + text(err);
      if (text.contains(printed)) {
        return text;
      }
      if (isOver) {
        throw new AssertionError("ended without '" + printed + "': " + text);
      }
    }
    process.destroyForcibly();
    throw new AssertionError("awaited in vain: '" + printed + "': " + text(out) + text(err));
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Closes its standard input and waits for its end. */
  ProgramRun end() throws IOException, InterruptedException {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It has ended without reading all of it, which its output will tell of.
    }
    if (!process.waitFor(LONGEST_S, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after " + LONGEST_S + " s: " + text(err));
    }
    return new ProgramRun(process.exitValue(), text(out), text(err));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
