package launcher.itest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A validation in the packaged program: 8 MiB written in I/Os of 128 KiB, which are 64. */
class ValidateIT {
  @TempDir private Path folder;

  private ProgramRun validate(String figures) throws IOException, InterruptedException {
    Path work = Files.createDirectories(folder.resolve("work"));
    Files.writeString(
        work.resolve("v.yaml"),
        """
        validation: v
        source: counted by hand
        kernel: none
        scenario: {workload: [{writer: {io-size: 128 KiB, file-size: 8 MiB}}]}
        runs: {e3: {era: E3}, e4: {era: E4}}
        figures:
        """
            + figures);
    return ProgramRun.of(folder, work, List.of("validate", "v.yaml", "--html", "v.html"));
  }

  @Test
  void figuresThatHoldAndKnownMissesAreGood() throws Exception {
    ProgramRun ended =
        validate(
            """
              - {of: "e3:ios", measured: 64, tolerance: exact, because: arithmetic}
              - {ratio: ["e3:bytes", "e4:bytes"], measured: 1, tolerance: exact, because: both}
              - {of: "e4:ios", measured: 63, tolerance: exact, because: a wrong count}
            known-misses: [{figures: ["e4:*"], because: the count is wrong}]
            """);
    assertAll(
        () -> assertEquals("", ended.err()),
        () -> assertTrue(ended.out().matches("(?s).*e3:ios +64 +exact +64 +0.0 % +holds.*")),
        () -> assertTrue(ended.out().matches("(?s).*e4:ios +63 +exact +64 +\\+1.6 % +known.*")),
        () -> assertTrue(ended.out().matches("(?s).*\nall +2 +3 +66.7 % +0 +1 +0\n"), ended.out()),
        () -> assertTrue(page().contains("<b>2 of 3 figures are inside"), this::page),
        () -> assertEquals(0, ended.status()));
  }

  private String page() {
    try {
      return Files.readString(folder.resolve("work/v.html"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyValidationThatShipsCanBeRead() throws Exception {
    ProgramRun ended =
        ProgramRun.of(folder, Program.root(), List.of("validate", "--runs", "none of them"));
    assertAll(
        () -> assertEquals("", ended.out()),
        () -> assertTrue(ended.err().startsWith("--runs: no run is like 'none of them'")),
        () -> assertEquals(2, ended.status()));
  }

  @Test
  void aFigureThatIsOffFails() throws Exception {
    ProgramRun ended =
        validate("  - {of: \"e3:ios\", measured: 63, tolerance: 1 %, because: wrong by one}\n");
    assertAll(
        () -> assertTrue(ended.out().matches("(?s).*e3:ios +63 +1 % +64 +\\+1.6 % +off.*")),
        () -> assertEquals(1, ended.status()));
  }
}
