package launcher.cli.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import launcher.cli.Commands;
import launcher.cli.IdlePolicies;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 64 KiB that are written directly in I/Os of 16 KiB, which are 4; a figure says 5. */
class ValidateCommandTest {
  private static final String VALIDATION =
      """
      validation: v
      source: counted by hand
      kernel: none
      scenario: {workload: {fio: w.fio}}
      runs: {a: {}, b: {}}
      figures:
        - {of: "a:ios", measured: 4, tolerance: exact, because: arithmetic}
        - {of: "b:ios", measured: 5, tolerance: exact, because: a wrong count}
      """;

  @TempDir private Path folder;
  private Commands validate;
  private String file;

  @BeforeEach
  void command() throws IOException {
    validate =
        new Commands(
            folder,
            (console, interrupt) -> new ValidateCommand(console, new IdlePolicies(), interrupt));
    validate.file("w.fio", "[w]\nrw=write\ndirect=1\nbs=16k\nsize=64k\n");
    file = validate.file("v.yaml", VALIDATION);
  }

  @Test
  void aFigureThatIsOffIsToldAndFails() {
    assertEquals(1, validate.execute(file), validate.err());
    assertTrue(validate.out().matches("(?s).*b:ios +5 +exact +4 +-20.0 % +off.*"), validate.out());
  }

  @Test
  void onlyWhatIsChosenIsRunAndPrinted() {
    assertEquals(0, validate.execute(file, "--runs", "a*"), validate.err());
    assertFalse(validate.out().contains("b:ios"), validate.out());
    assertTrue(validate.out().endsWith("0                0\n"), validate.out());
  }

  @Test
  void wordsThatChooseNothingAreRefusedBeforeAnythingIsRun() {
    assertEquals(2, validate.execute(file, "--only", "latencyy"));
    assertTrue(
        validate.err().startsWith("--only: there is no figure of kind 'latencyy'; there are: "),
        validate.err());
    assertEquals(2, validate.execute(file, "--runs", "c*"));
    assertTrue(validate.err().startsWith("--runs: no run is like 'c*'"), validate.err());
    assertEquals(2, validate.execute(file, "--html", folder.resolve("no/page.html").toString()));
    assertEquals("no/page.html: there is no such file or folder\n", validate.err());
  }

  @Test
  void whatCtrlCKeptFromBeingRunIsNotOff() {
    validate.interrupt();
    assertEquals(130, validate.execute(file));
    assertFalse(validate.out().contains(":ios"), validate.out());
    assertEquals("stopped by Ctrl-C: the table has what was done so far\n", validate.err());
  }
}
