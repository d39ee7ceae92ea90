package launcher.itest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program as a process, with nothing on its standard input. */
class ProgramIT {
  private static final int LONGEST_S = 60;

  /** What a process left behind. */
  private record Ended(int status, String out, String err) {}

  @TempDir private Path folder;

  @Test
  void theProgramIsWhole() throws Exception {
    Ended ended = run("--self-check");
    assertAll(
        () ->
            assertTrue(
                ended.out().matches("\\d+ bundles, \\d+ of them policies: whole\\R"), ended.out()),
        () -> assertEquals("", ended.err()),
        () -> assertEquals(0, ended.status()));
  }

  @Test
  void aWrongOptionIsAnErrorOfUsage() throws Exception {
    Ended ended = run("--no-such-option");
    assertAll(
        () -> assertEquals("", ended.out()),
        () -> assertTrue(ended.err().contains("--no-such-option"), ended.err()),
        () -> assertEquals(2, ended.status()));
  }

  @Test
  void aRunLeavesNoFileBehind() throws Exception {
    run("--version");
    assertEquals(List.of("err", "out", "tmp", "work"), names(folder));
    assertEquals(List.of(), names(folder.resolve("work")));
    assertEquals(List.of(), names(folder.resolve("tmp")));
  }

  private Ended run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 23) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    Path work = Files.createDirectories(folder.resolve("work"));
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-jar");
    command.add(Program.jar().toString());
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    process.getOutputStream().close();
    if (!process.waitFor(LONGEST_S, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after " + LONGEST_S + " s: " + command);
    }
    return new Ended(process.exitValue(), text(out), text(err));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
