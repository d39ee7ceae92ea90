package launcher.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
    return new Variant(Map.of("completion", policy), Optional.of(oneWrite(clatNs, 256)), List.of());
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
            false);
    String[] lines = text.split("\n");
    // 1 MiB in 1 us is the most, in 9 us the least; latencies the other way round.
    assertTrue(lines[3].matches("ideal +977 GiB/s\\+ +1.00 us\\+.*"), lines[3]);
    assertTrue(lines[2].matches("workqueue +109 GiB/s- +9.00 us-.*"), lines[2]);
    assertTrue(lines[1].matches("skip +488 GiB/s +2.00 us .*"), lines[1]);
    assertFalse(lines[1].contains("1.00 MiB+"), "no mark where all are alike");
  }

  @Test
  void onlyAColouredTableHasEscapes() {
    List<Variant> variants = List.of(variant("skip", 2_000), variant("ideal", 1_000));
    assertFalse(CompareText.of(variants, false).contains("\u001b"));
    assertTrue(CompareText.of(variants, true).contains("\u001b[32m"));
    assertEquals(
        CompareText.of(variants, false),
        CompareText.of(variants, true).replaceAll("\u001b\\[[0-9]+m", ""));
  }

  @Test
  void remarksFollowTheTable() {
    Variant failed =
        new Variant(Map.of("completion", "skip"), Optional.empty(), List.of("ran out of memory"));
    String text = CompareText.of(List.of(failed, variant("ideal", 1)), false);
    assertTrue(text.contains("skip         no result\n"), text);
    assertTrue(text.endsWith("skip: ran out of memory\n"), text);
  }

  @Test
  void aRunsTextNamesEachJobAndDirection() {
    String text = RunText.of(oneWrite(5_000, 3), false);
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
