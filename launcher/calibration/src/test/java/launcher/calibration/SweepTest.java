package launcher.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.device.LatencyTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.trace.ReadProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small sweep, and what becomes of each kind of line. */
class SweepTest {
  private static final String HEADER =
      "round,sync,foreign_cpu_share,device,op,bs,qd,ios,rq_n,rq_p50_us,rq_p99_us,inflight_mean,"
          + "reissues,flush_n,flush_p50_us\n";

  /** Issue, entry and exit of the interrupt, entry of the softirq: 400 + 300 + 300 + 300. */
  private static final long MACHINE_NS = 1_300;

  @TempDir Path folder;

  private Calibration fit(String rows) throws IOException {
    Path file = folder.resolve("sweep.csv");
    Files.writeString(file, HEADER + rows);
    Calibrator calibrator = new Calibrator(Optional.empty(), ReadProgress.NONE);
    calibrator.add(file);
    return calibrator.fit();
  }

  private static String row(int round, double foreign, String op, String bs, int qd, int p50) {
    return "%d,,%s,sda,%s,%s,%d,1000,1000,%d,%d,%d,0,,\n"
        .formatted(round, foreign, op, bs, qd, p50, 2 * p50, qd);
  }

  private static LatencyTable reads(Calibration calibration) {
    return calibration.device().orElseThrow().reads().orElseThrow();
  }

  @Test
  void aCellIsTheMedianOfItsRounds() throws IOException {
    LatencyTable table =
        reads(
            fit(
                row(0, 0, "randread", "4k", 1, 40)
                    + row(1, 0, "randread", "4k", 1, 44)
                    + row(2, 0, "randread", "4k", 1, 900)));
    assertEquals(List.of(0.5, 0.99), table.quantiles());
    assertEquals(
        List.of(44_000L - MACHINE_NS, 88_000L - MACHINE_NS), table.rows().get(0).quantilesNs());
  }

  @Test
  void noisyRoundsAreLeftOutIfThreeQuietOnesRemain() throws IOException {
    String quiet =
        row(0, 0, "read", "4k", 1, 40)
            + row(1, 0, "read", "4k", 1, 41)
            + row(2, 0.09, "read", "4k", 1, 42);
    String noisy = row(3, 0.1, "read", "4k", 1, 90) + row(4, 0.5, "read", "4k", 1, 91);
    Calibration calibration = fit(quiet + noisy);
    assertEquals(41_000 - MACHINE_NS, reads(calibration).latencyNs(4096, 1, 0.5));
    assertTrue(calibration.notes().get(1).startsWith("2 rounds left out"));
    assertEquals(
        90_000 - MACHINE_NS,
        reads(fit(row(0, 0, "read", "4k", 1, 40) + noisy)).latencyNs(4096, 1, 0.5));
  }

  @Test
  void latenciesThatFallAreMadeNotToFall() throws IOException {
    // 52 at depth 2 and 50 at depth 4, 1000 commands each: both get 51.
    LatencyTable table =
        reads(
            fit(
                row(0, 0, "randread", "4k", 1, 40)
                    + row(0, 0, "randread", "4k", 2, 52)
                    + row(0, 0, "randread", "4k", 4, 50)));
    assertEquals(51_000 - MACHINE_NS, table.latencyNs(4096, 2, 0.5));
    assertEquals(51_000 - MACHINE_NS, table.latencyNs(4096, 4, 0.5));
  }

  @Test
  void eachCellIsPredictedByTheOthers() throws IOException {
    Calibration calibration =
        fit(
            row(0, 0, "randread", "4k", 1, 40)
                + row(0, 0, "randread", "4k", 2, 50)
                + row(0, 0, "randread", "4k", 4, 100)
                + row(0, 0, "read", "4k", 2, 45));
    List<CellFit> cells = calibration.device().orElseThrow().cells();
    // Without it, depth 2 lies a third of the way from 40 to 100.
    assertEquals(
        List.of(0L, 60_000L - MACHINE_NS, 0L, 0L),
        cells.stream().map(CellFit::heldOutMedianNs).toList());
    CellFit sequential = cells.get(3);
    assertEquals(
        List.of(false, 45_000L - MACHINE_NS, 50_000L - MACHINE_NS),
        List.of(sequential.fitted(), sequential.medianNs(), sequential.tableMedianNs()));
  }

  @Test
  void cellsThatAreNotWhatTheySayAreLeftOut() throws IOException {
    Calibration calibration =
        fit(
            row(0, 0, "read", "4k", 1, 40)
                + "0,,0,sda,read,1m,1,500,1000,300,600,1,0,,\n" // split
                + "0,,0,sda,read,64k,4,1000,500,90,180,4,0,,\n" // merged
                + "0,,0,sda,read,64k,32,1000,1000,90,180,16.5,11,,\n" // 1.1 % issued again
                + "0,fsync=1,0,sda,write,4k,1,1000,1000,40,80,1,0,700,30\n");
    assertEquals(1, reads(calibration).rows().size());
    assertEquals(5, calibration.notes().size(), calibration.notes()::toString);
    assertEquals(Optional.empty(), calibration.device().orElseThrow().writes());
    assertTrue(calibration.refusals().stream().anyMatch(line -> line.startsWith("no writes")));
    assertTrue(
        calibration
            .values()
            .contains(
                new FittedValue(
                    "device", "flush-latency", "28.7 us", "median of 700 FLUSHes", "")));
  }

  @Test
  void ofCommandsThatEndTogetherADepthIsTheLastOnes() throws IOException {
    // Issues follow each other after 250 + 150 + 500 + 1000 + 400 ns, so the last of four is issued
    // 6.9 us after the first, and 3.45 us after the mean: 100 - 1.3 - 3.45, to tenths.
    String rows = row(0, 0, "read", "4k", 1, 40) + row(0, 0, "read", "4k", 4, 100);
    LatencyTable table = reads(fit(rows.replace(",4,0,,", ",2.5,0,,")));
    assertEquals(95_300, table.latencyNs(4096, 4, 0.5));
    // It takes no less than one that is alone.
    rows = row(0, 0, "read", "4k", 1, 99) + row(0, 0, "read", "4k", 4, 100);
    assertEquals(97_700, reads(fit(rows.replace(",4,0,,", ",2.5,0,,"))).latencyNs(4096, 4, 0.5));
  }

  @Test
  void whatIsInFlightAtAnIssueTellsHowCommandsEnd() throws IOException {
    assertEquals("drained", interrupts("2.5", "4.5"));
    assertEquals("each", interrupts("4", "7.9"));
    assertEquals("", interrupts("3.3", "6"));
  }

  private String interrupts(String atFour, String atEight) throws IOException {
    Calibration calibration =
        fit(
            "0,,0,sda,read,4k,4,1000,1000,90,180,"
                + atFour
                + ",0,,\n"
                + "0,,0,sda,read,4k,8,1000,1000,90,180,"
                + atEight
                + ",0,,\n");
    return calibration.values().stream()
        .filter(value -> value.key().equals("interrupts"))
        .map(FittedValue::value)
        .findFirst()
        .orElse("");
  }

  @Test
  void whatIsWrongIsToldWithItsLine() {
    assertRefused("sweep.csv:2: op is 'trim'", row(0, 0, "trim", "4k", 1, 40));
    assertRefused("sweep.csv:2: bs is '4q'", row(0, 0, "read", "4q", 1, 40));
    assertRefused("sweep.csv:2: qd is '0'", row(0, 0, "read", "4k", 0, 40));
    assertRefused(
        "sweep.csv:3: has 2 fields; line 1 names 15", row(0, 0, "read", "4k", 1, 40) + "1,2\n");
    assertRefused("rq_p50_us is 'x'", "0,,0,sda,read,4k,4,1000,1000,x,180,1,0,,\n");
    assertRefused(
        "several devices: sda, sdb",
        row(0, 0, "read", "4k", 1, 40) + row(0, 0, "read", "4k", 1, 40).replace("sda", "sdb"));
  }

  private void assertRefused(String because, String rows) {
    String message = assertThrows(CalibrationException.class, () -> fit(rows)).getMessage();
    assertTrue(message.contains(because), message);
  }

  @Test
  void aReadsBytesAreToldFromItsPiecesOfMemory() throws IOException {
    // A sweep in which a KiB takes 1 us; in the trace a time takes 20 us, a command 5, a KiB 0.25
    // and a piece of memory 2: a quarter of a KiB's time is left without the pieces.
    StringBuilder trace = new StringBuilder("# tracer: nop\n#\n");
    long us = 1_000_000;
    int sector = 0;
    for (int i = 0; i < 300; i++) {
      long began = us;
      int busyUs = 20;
      int commands = 1 + i % 2;
      for (int command = 0; command < commands; command++) {
        int pages = 4 << (i + command) % 3;
        int pieces = i % 5 == 0 ? pages : 2;
        busyUs += 5 + pages + 2 * pieces;
        for (int piece = 0; piece < pieces; piece++) {
          int frame = 1000 * (piece + 1);
          int order = 31 - Integer.numberOfLeadingZeros(pages / pieces);
          trace.append(
              line(us, "mm_filemap_add_to_page_cache: dev 254:0 ino 5 pfn=0x%x ofs=0 order=%d")
                  .formatted(frame, order));
        }
        String of = "%d + %d".formatted(sector + 1000 * command, 8 * pages);
        trace.append(line(us, "block_bio_queue: 254,0 RA " + of + " [fio]"));
        trace.append(line(us, "block_rq_issue: 254,0 RA 4096 () " + of + " be,0,4 [fio]"));
      }
      us = began + busyUs;
      for (int command = 0; command < commands; command++) {
        int pages = 4 << (i + command) % 3;
        String of = "%d + %d".formatted(sector + 1000 * command, 8 * pages);
        trace.append(line(us, "block_rq_complete: 254,0 RA () " + of + " be,0,4 [0]"));
      }
      us += 100;
      sector += 10_000;
    }
    Path file = folder.resolve("a.trace");
    Files.writeString(file, trace);
    Path sweep = folder.resolve("sweep.csv");
    Files.writeString(
        sweep,
        HEADER + row(0, 0, "randread", "64k", 1, 94) + row(0, 0, "randread", "256k", 1, 286));
    Calibrator calibrator = new Calibrator(Optional.empty(), ReadProgress.NONE);
    calibrator.add(sweep);
    calibrator.add(file);
    Calibration calibration = calibrator.fit();
    assertEquals(
        List.of("75 %"),
        calibration.values().stream()
            .filter(value -> value.key().equals("read-segment"))
            .map(FittedValue::value)
            .toList());
  }

  private static String line(long us, String text) {
    return "             fio-7     [000] ..... %6d.%06d: ".formatted(us / 1_000_000, us % 1_000_000)
        + text
        + "\n";
  }
}
