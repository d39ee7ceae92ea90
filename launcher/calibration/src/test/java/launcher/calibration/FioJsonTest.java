package launcher.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.device.LatencyTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import launcher.trace.ReadProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FioJsonTest {
  @TempDir Path folder;

  private int files;

  private Calibrator calibrator(String... jsons) throws IOException {
    Calibrator calibrator = new Calibrator(Optional.empty(), ReadProgress.NONE);
    for (String json : jsons) {
      Path file = folder.resolve("out" + files++ + ".json");
      Files.writeString(file, json);
      calibrator.add(file);
    }
    return calibrator;
  }

  /** A run of one job that reads: 100 us, twice that at the 90th, and so on. */
  private static String json(String options) {
    return """
        fio: a warning
        {"fio version": "fio-3.42", "global options": {"direct": "1", "rw": "randread"},
         "jobs": [{"jobname": "j", "job options": {%s},
          "read": {"total_ios": 500, "iops": 9000.4, "clat_ns": {"percentile": {
            "50.000000": 100000, "90.000000": 200000, "95.000000": 300000, "99.000000": 400000,
            "99.900000": 500000}}},
          "write": {"total_ios": 0}}]}
        """
        .formatted(options);
  }

  private static LatencyTable reads(Calibration calibration) {
    return calibration.device().orElseThrow().reads().orElseThrow();
  }

  @Test
  void completionLatenciesLessTheKernelsShareAreTheDevices() throws IOException {
    LatencyTable table =
        reads(
            calibrator(json("\"bs\": \"64k\", \"iodepth\": \"8\", \"ioengine\": \"libaio\""))
                .fit());
    // Completion 300, wake 150, wake-up 6000; issue 400, interrupt 600, softirq 300: 7750.
    assertEquals(92_300, table.latencyNs(65536, 8, 0.5));
    assertEquals(8, table.rows().get(0).depth());
    assertEquals(65536, table.rows().get(0).sizeBytes());
  }

  @Test
  void aSynchronousEnginesLatencyHoldsItsSubmission() throws IOException {
    // Another 2.3 us; a depth that the engine does not have is not believed.
    LatencyTable table = reads(calibrator(json("\"iodepth\": \"8\"")).fit());
    assertEquals(90_000, table.latencyNs(4096, 1, 0.5));
    assertEquals(1, table.rows().get(0).depth());
  }

  @Test
  void fewMeasurementsSayWhatTheyDoNotTell() throws IOException {
    Calibration calibration = calibrator(json("\"bs\": \"4k\"")).fit();
    assertTrue(
        calibration.refusals().stream()
            .anyMatch(line -> line.startsWith("reads were measured at depth 1 only")));
    assertTrue(
        calibration.refusals().stream()
            .anyMatch(line -> line.startsWith("reads were measured at one size only")));
  }

  @Test
  void whatTellsNothingOfADeviceIsRefused() {
    assertRefused("direct is not 1", json("\"direct\": \"0\""));
    assertRefused("bs is '4k,8k'", json("\"bs\": \"4k,8k\""));
    assertRefused("has no 99.900000th percentile", json("").replace("99.900000", "99.950000"));
    assertRefused("is no JSON", json("").replace("[{", "[["));
  }

  private void assertRefused(String because, String json) {
    String message = assertThrows(CalibrationException.class, () -> calibrator(json)).getMessage();
    assertTrue(message.contains(because), message);
  }
}
