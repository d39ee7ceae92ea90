package block.bio.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Straight lines through 4 KiB and 16 KiB, depth 1, 4 and 8, and three quantiles. */
class LatencyTableTest {
  private static final int KIB = 1024;
  private static final List<Double> QUANTILES = List.of(0.0, 0.5, 0.9);
  private static final LatencyTable TABLE =
      LatencyTable.of(
          QUANTILES,
          List.of(
              row(16, 1, 60, 80, 160),
              row(4, 1, 20, 40, 120),
              row(4, 4, 80, 100, 180),
              row(4, 8, 160, 200, 280)));

  private static MeasuredLatency row(int sizeKib, int depth, long... us) {
    return new MeasuredLatency(
        sizeKib * KIB, depth, java.util.Arrays.stream(us).map(ns -> ns * 1_000).boxed().toList());
  }

  private static long medianUs(int sizeBytes, int depth) {
    return TABLE.latencyNs(sizeBytes, depth, 0.5) / 1_000;
  }

  @Test
  void whatWasMeasuredComesOutAsItIs() {
    assertEquals(
        List.of(40L, 100L, 200L), List.of(medianUs(4096, 1), medianUs(4096, 4), medianUs(4096, 8)));
    assertEquals(80, medianUs(16 * KIB, 1));
  }

  @Test
  void depthsBetweenLieOnTheLine() {
    // 40 at depth 1, 100 at 4: 20 each; 25 each from 4 to 8.
    assertEquals(
        List.of(60L, 80L, 125L), List.of(medianUs(4096, 2), medianUs(4096, 3), medianUs(4096, 5)));
  }

  @Test
  void moreThanTheMostShareItsRate() {
    // 8 take 200, so 16 take 400.
    assertEquals(400, medianUs(4096, 16));
    // 16 KiB was seen alone only: two take twice as long.
    assertEquals(160, medianUs(16 * KIB, 2));
  }

  @Test
  void sizesLieOnTheLineAndBeyondItsEndOnIt() {
    // 40 at 4 KiB, 80 at 16 KiB: 10 for each 3 KiB.
    assertEquals(
        List.of(50L, 80L, 120L),
        List.of(medianUs(7 * KIB, 1), medianUs(16 * KIB, 1), medianUs(28 * KIB, 1)));
  }

  @Test
  void smallerThanTheLeastTakesAsLong() {
    assertEquals(40, medianUs(512, 1));
  }

  @Test
  void aTableOfOneSizeGrowsByItsBytes() {
    LatencyTable one = LatencyTable.of(List.of(0.5), List.of(row(4, 1, 40)));
    assertEquals(40_000, one.latencyNs(512, 1, 0.3));
    assertEquals(160_000, one.latencyNs(16 * KIB, 1, 0.3));
  }

  @Test
  void quantilesLieOnTheLineAndEndWithTheLast() {
    // 40 at 0.5, 120 at 0.9: 20 for each tenth.
    assertEquals(60_000, TABLE.latencyNs(4096, 1, 0.6));
    assertEquals(20_000, TABLE.latencyNs(4096, 1, 0));
    assertEquals(120_000, TABLE.latencyNs(4096, 1, 0.999));
  }

  @Test
  void theIntervalIsDepthByMeanLatency() {
    // Means: half of 30, two fifths of 80, a tenth of 120: 59; likewise 110 + 10 = 119 at 4, and
    // 0.5 x 180 + 0.4 x 240 + 0.1 x 280 = 214 at 8. The best rate is 214 / 8 = 26.75.
    assertEquals(26_750, TABLE.intervalNs(4096));
    // 16 KiB alone: 0.5 x 70 + 0.4 x 120 + 0.1 x 160 = 99; 10 KiB is half way.
    assertEquals(99_000, TABLE.intervalNs(16 * KIB));
    assertEquals(62_875, TABLE.intervalNs(10 * KIB));
  }

  @Test
  void latencyThatFallsIsRefused() {
    assertRefused(
        "4096 B at depth 2 has 39000 ns where", row(4, 1, 20, 40, 60), row(4, 2, 20, 39, 60));
    assertRefused(
        "8192 B at depth 1 has 39000 ns where", row(4, 1, 20, 40, 60), row(8, 1, 20, 39, 60));
    assertRefused("comes twice", row(4, 1, 20, 40, 60), row(4, 1, 20, 40, 60));
    assertRefused("has 2 latencies; there are 3", row(4, 1, 20, 40));
    assertRefused("has no rows");
    assertThrows(IllegalArgumentException.class, () -> row(4, 1, 40, 20));
    assertThrows(IllegalArgumentException.class, () -> row(4, 0, 20, 40));
    assertThrows(
        IllegalArgumentException.class, () -> LatencyTable.of(List.of(0.9, 0.5), List.of()));
  }

  private static void assertRefused(String because, MeasuredLatency... rows) {
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> LatencyTable.of(QUANTILES, List.of(rows)))
            .getMessage();
    assertTrue(message.contains(because), message);
  }
}
