package launcher.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import sim.kernel.trace.Trace;
import sim.kernel.trace.Tracepoint;

class ReportTextTest {
  private static RunSummary oneWrite(long clatNs, long droppedPages) {
    Trace trace = new Trace();
    SummarySink sink = new SummarySink();
    trace.addSink(sink);
    int job = trace.name("writer");
    trace.emit(0, 0, Tracepoint.IO_SUBMIT, job, 1, 1, 0, 1 << 20, 0);
    trace.emit(clatNs, 0, Tracepoint.FOLIO_DROP, droppedPages);
    trace.emit(clatNs, 0, Tracepoint.IO_COMPLETE, job, 1, 1, 1 << 20, 0);
    return sink.summary();
  }

  private static Variant variant(String policy, long clatNs) {
    return new Variant(
        Map.of("completion", policy),
        Optional.of(oneWrite(clatNs, 256)),
        true,
        Map.of(),
        List.of());
  }

  @Test
  void figuresHaveThreeDigitsAndAUnitThatSuits() {
    assertEquals("0 ns", Figures.time(0));
    assertEquals("999 ns", Figures.time(999));
    assertEquals("1.00 us", Figures.time(999.9));
    assertEquals("12.3 us", Figures.time(12_345));
    assertEquals("123 ms", Figures.time(123_456_789));
    assertEquals("2.00 s", Figures.time(2e9));
    assertEquals("128 KiB", Figures.bytes(128 << 10));
    assertEquals("1.50 GiB/s", Figures.of(Metric.Kind.BYTES_PER_SECOND, 1.5 * (1 << 30)));
    assertEquals("1,234,567", Figures.count(1_234_567));
    assertEquals("-", Figures.of(Metric.Kind.COUNT, OptionalDouble.empty()));
  }

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    TextTable table = new TextTable().column("job", TextTable.Side.LEFT);
    table.column("ios", TextTable.Side.RIGHT);
    table.row().cell("a").cell("1,000").row().cell("writer").cell("7");
    assertEquals(
        """
        job       ios
        a       1,000
        writer      7
        """,
        table.text(false));
  }

  @Test
  void theBestAndTheWorstOfAColumnAreMarked() {
    String text =
        CompareText.of(
            List.of(variant("skip", 2_000), variant("workqueue", 9_000), variant("ideal", 1_000)),
            false,
            160);
    // 1 MiB in 2, 9 and 1 us: 488.28, 108.5 and 976.56 GiB/s. 256 pages dropped are 1 MiB; none
    // of the three is best there.
    assertEquals(
        List.of(
            "            through-  clat  clat   clat  clat             left",
            "completion       put   p50   p99  p99.9   max  dropped  cached",
            "               GiB/s    us    us     us    us      MiB       B",
            "skip             488  2.00  2.00   2.00  2.00     1.00       0",
            "workqueue        109- 9.00- 9.00-  9.00- 9.00-    1.00       0",
            "ideal            977+ 1.00+ 1.00+  1.00+ 1.00+    1.00       0"),
        text.lines().limit(6).map(line -> line.substring(0, Math.min(62, line.length()))).toList());
  }

  @Test
  void aTableWiderThanTheScreenIsCutAndItsKeysRepeated() {
    TextTable table = new TextTable().column("policy", TextTable.Side.LEFT);
    for (String title : List.of("one", "two", "three")) {
      table.column(title, TextTable.Side.RIGHT);
    }
    table.row().cell("skip").cell("1").cell("2").cell("3");
    // policy, one and two need 6 + 2 + 3 + 2 + 3 = 16 characters.
    assertEquals(
        """
        policy  one  two
        skip      1    2

        policy  three
        skip        3
        """,
        table.text(false, 16, 1));
    assertEquals("policy  one\n", table.text(false, 15, 1).lines().findFirst().get() + "\n");
  }

  @Test
  void aComparisonOfTwoFamiliesFitsOneHundredAndSixtyColumns() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("completion", "delayed-work-v6");
    settings.put("writeback", "kick-counted");
    Variant variant =
        new Variant(settings, Optional.of(oneWrite(12_345, 99_999)), true, Map.of(), List.of());
    String text = CompareText.of(List.of(variant, variant), false, 160);
    assertEquals(6, text.lines().count(), text); // title of three lines, two rows, the legend
    assertTrue(text.lines().allMatch(line -> line.length() <= 160), text);
  }

  @Test
  void aColumnHasOneUnit() {
    ColumnScale times = ColumnScale.of(Metric.Kind.NANOSECONDS, new double[] {20_100, 4_012_300});
    assertEquals(
        List.of("us", "20.1", "4,012"),
        List.of(times.unit(), times.text(20_100), times.text(4_012_300)));
    // 3 s would be 3,000,000 us: too long; then the smallest figure is as small as it is.
    ColumnScale wide = ColumnScale.of(Metric.Kind.NANOSECONDS, new double[] {1_000, 3e9});
    assertEquals(
        List.of("ms", "<0.01", "3,000"), List.of(wide.unit(), wide.text(1_000), wide.text(3e9)));
    ColumnScale zero = ColumnScale.of(Metric.Kind.BYTES, new double[] {0, 0});
    assertEquals(List.of("B", "0"), List.of(zero.unit(), zero.text(0)));
  }

  @Test
  void onlyAColouredTableHasEscapes() {
    List<Variant> variants = List.of(variant("skip", 2_000), variant("ideal", 1_000));
    assertFalse(CompareText.of(variants, false, 160).contains("\u001b"));
    assertTrue(CompareText.of(variants, true, 160).contains("\u001b[32m"));
    assertEquals(
        CompareText.of(variants, false, 160),
        CompareText.of(variants, true, 160).replaceAll("\u001b\\[[0-9]+m", ""));
  }

  @Test
  void whatCameToNoEndIsNeitherBestNorWorst() {
    Variant cut =
        new Variant(
            Map.of("completion", "rt"),
            Optional.of(oneWrite(500, 256)),
            false,
            Map.of(),
            List.of("partial"));
    String text =
        CompareText.of(List.of(variant("skip", 2_000), cut, variant("ideal", 1_000)), false, 160);
    List<String> lines = text.lines().toList();
    assertFalse(lines.get(4).contains("+") || lines.get(4).contains("-"), text);
    assertTrue(lines.get(5).startsWith("ideal            977+ 1.00+"), text);
  }

  @Test
  void remarksFollowTheTable() {
    Variant failed =
        new Variant(
            Map.of("completion", "skip"),
            Optional.empty(),
            false,
            Map.of(),
            List.of("ran out of memory"));
    String text = CompareText.of(List.of(failed, variant("ideal", 1)), false, 160);
    assertTrue(text.contains("skip            none\n"), text);
    assertTrue(text.endsWith("skip: ran out of memory\n"), text);
  }

  @Test
  void aRunsTextNamesEachJobAndDirection() {
    String text = RunText.of(oneWrite(5_000, 3), false, 160);
    assertTrue(text.contains("writer  write    1  1.00 MiB   195 GiB/s"), text);
    assertTrue(text.contains("dropped 12.0 KiB"), text); // 3 pages
  }

  @Test
  void jsonHoldsTheHeadingTheJobsAndEveryFigureByName() throws Exception {
    JsonNode json =
        new ObjectMapper().readTree(SummaryJson.of(Map.of("seed", 42L), oneWrite(5_000, 3)));
    assertEquals(1, json.get("format").asInt());
    assertEquals(42, json.get("seed").asLong());
    assertEquals(5_000, json.at("/jobs/0/write/clat_ns/p99.9").asLong());
    assertEquals(3, json.at("/page_cache/dropped_pages").asLong());
    assertEquals(5_000, json.at("/metrics/write-clat-max").asLong());
    assertTrue(json.at("/metrics/read-clat-max").isMissingNode(), "nothing was read");
  }

  @Test
  void everyFigureHasANameOfItsOwn() {
    assertEquals(Metric.all().size(), Metric.all().stream().map(Metric::key).distinct().count());
    for (Metric metric : Metric.all()) {
      metric.value(oneWrite(1, 1));
    }
  }
}
