package launcher.cli.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import launcher.cli.Commands;
import launcher.cli.ListedPolicies;
import launcher.cli.run.ScenarioFigures;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrateCommandTest {
  private static final String SWEEP =
      """
      op,bs,qd,rq_n,rq_p50_us,rq_p99_us
      randread,4k,1,1000,80,120
      randread,4k,8,1000,100,160
      """;

  /** A trace of one request, which tells no cost and no latency. */
  private static final String ONE_REQUEST =
      """
        8,0    1        1     0.000000000  7  D   R 100 + 8 [a]
        8,0    1        2     0.000090000  7  C   R 100 + 8 [0]
      """;

  @TempDir private Path folder;
  private Commands calibrate;
  private Path machine;

  @BeforeEach
  void command() {
    calibrate =
        new Commands(
            folder,
            (console, interrupt) ->
                new CalibrateCommand(console, ListedPolicies.ofDefaults(), interrupt));
    machine = folder.resolve("machine.yaml");
  }

  @Test
  void theMachineThatIsWrittenCanBeNamedByAScenarioAtOnce() throws Exception {
    String sweep = calibrate.file("sweep.csv", SWEEP);
    int status = calibrate.execute(sweep, "--set", "machine.cpus=2", "-o", machine.toString());
    assertEquals(0, status, calibrate.err());
    assertTrue(calibrate.out().contains("fitted, p50:     error of 2 cells"), calibrate.out());
    assertTrue(calibrate.out().contains("no writes were measured"), calibrate.out());
    String scenario =
        """
        scenario: on-it
        calibration: machine.yaml
        workload: [{writer: {io-size: 4 KiB, file-size: 4 KiB}}]
        """;
    assertEquals(
        2,
        ScenarioFigures.reader(ListedPolicies.ofDefaults())
            .read(Path.of(calibrate.file("s.yaml", scenario)), List.of())
            .machine()
            .cpus());
  }

  @Test
  void whatIsStatedIsCheckedBeforeAnythingIsRead() throws IOException {
    String sweep = calibrate.file("sweep.csv", "no sweep");
    assertEquals(2, calibrate.execute(sweep, "--set", "machine.hzz=3", "-o", machine.toString()));
    assertTrue(calibrate.err().startsWith("--set: machine.hzz: there is no such key"));
    assertTrue(calibrate.err().endsWith("did you mean 'hz'?\n"), calibrate.err());
    assertEquals(2, calibrate.execute(sweep, "--set", "machine.cpus=many"));
    assertTrue(calibrate.err().startsWith("--set: machine.cpus: 'many'"), calibrate.err());
    assertFalse(Files.exists(machine));
  }

  @Test
  void whatTellsNothingIsNoMachine() throws IOException {
    String trace = calibrate.file("one.txt", ONE_REQUEST);
    assertEquals(2, calibrate.execute(trace, "-o", machine.toString()));
    assertTrue(calibrate.out().contains("no reads were measured"), calibrate.out());
    assertEquals(
        "none of it tells a cost or a latency, and machine.yaml is not written\n", calibrate.err());
    assertFalse(Files.exists(machine));
  }

  @Test
  void aDeviceThatNoTraceHasIsRefused() throws IOException {
    String trace = calibrate.file("one.txt", ONE_REQUEST);
    assertEquals(2, calibrate.execute(trace, "--device", "9:9"));
    assertEquals("--device 9:9: there is no such device; there are: 8:0\n", calibrate.err());
  }

  @Test
  void placesThatCannotBeReadOrWrittenAreNamed() throws IOException {
    String sweep = calibrate.file("sweep.csv", SWEEP);
    assertEquals(2, calibrate.execute(sweep, "-o", folder.toString()));
    assertTrue(calibrate.err().endsWith(": is a folder; name a file in it\n"), calibrate.err());
    assertEquals(2, calibrate.execute(sweep, "-o", folder.resolve("no/m.yaml").toString()));
    assertEquals("--output no/m.yaml: there is no folder no\n", calibrate.err());
    assertEquals(2, calibrate.execute(folder.toString()));
    assertEquals(folder + ": is a folder; name the files in it\n", calibrate.err());
    assertEquals(2, calibrate.execute("/dev/null"));
    assertTrue(calibrate.err().startsWith("/dev/null: is a pipe or a device"), calibrate.err());
  }

  @Test
  void afterCtrlCNothingIsWritten() throws IOException {
    calibrate.interrupt();
    String sweep = calibrate.file("sweep.csv", SWEEP);
    assertEquals(130, calibrate.execute(sweep, "-o", machine.toString()));
    assertEquals(
        "interrupted: nothing was fitted, and machine.yaml is not written\n", calibrate.err());
    assertFalse(Files.exists(machine));
  }
}
