package launcher.itest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program as a process, with nothing on its standard input. */
class ProgramIT {
  @TempDir private Path folder;

  @Test
  void theProgramIsWhole() throws Exception {
    ProgramRun ended = run("--self-check");
    assertAll(
        () ->
            assertTrue(
                ended.out().matches("\\d+ bundles, \\d+ of them policies: whole\\R"), ended.out()),
        () -> assertEquals("", ended.err()),
        () -> assertEquals(0, ended.status()));
  }

  @Test
  void aWrongOptionIsAnErrorOfUsage() throws Exception {
    ProgramRun ended = run("--no-such-option");
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

  private ProgramRun run(String... arguments) throws IOException, InterruptedException {
    Path work = Files.createDirectories(folder.resolve("work"));
    return ProgramRun.of(folder, work, List.of(arguments));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
