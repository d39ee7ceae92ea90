package launcher.report.sensitivity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.report.Figure;
import launcher.report.RunSummary;
import launcher.report.SummarySink;
import launcher.report.repeat.RepeatedRuns;
import org.junit.jupiter.api.Test;
import sim.kernel.trace.Trace;
import sim.kernel.trace.Tracepoint;

class SensitivityTextTest {
  private static final List<Figure> P50 = List.of(Figure.named("clat-p50").orElseThrow());

  /** One write each, with seeds from 1. */
  private static RepeatedRuns runs(long... clatNs) {
    Map<Long, RunSummary> bySeed = new LinkedHashMap<>();
    for (long ns : clatNs) {
      Trace trace = new Trace();
      SummarySink sink = new SummarySink();
      trace.addSink(sink);
      int job = trace.name("writer");
      trace.emit(0, 0, Tracepoint.IO_SUBMIT, job, 1, 1, 0, 4096, 0);
      trace.emit(ns, 0, Tracepoint.IO_COMPLETE, job, 1, 1, 4096, 0);
      bySeed.put(bySeed.size() + 1L, sink.summary());
    }
    return new RepeatedRuns(bySeed);
  }

  private static Optional<VariedSide> side(RepeatedRuns... variants) {
    return Optional.of(new VariedSide("1 ns", List.of(variants), List.of()));
  }

  private static String text(SensitivityResult result) {
    return SensitivityText.of(result, false, 100);
  }

  @Test
  void theCostThatMovesTheAnswerMostComesFirstWithTheLongestBar() {
    CostEffect little =
        new CostEffect("machine.ipi", "1.50 us", side(runs(960)), side(runs(1_050)));
    CostEffect much = new CostEffect("machine.wake", "150 ns", side(runs(600)), side(runs(1_200)));
    CostEffect none =
        new CostEffect("machine.tick", "500 ns", side(runs(1_000)), side(runs(1_009)));
    VariedSide broken =
        new VariedSide("3", List.of(runs(1_000)), List.of("clat-p50 < 5 us; it is 6 us"));
    CostEffect breaks = new CostEffect("device.depth", "2", Optional.empty(), Optional.of(broken));
    SensitivityResult result =
        new SensitivityResult(
            P50,
            List.of(Map.of()),
            List.of(runs(1_000)),
            50,
            List.of(little, much, none, breaks),
            List.of("machine.decompress"),
            Map.of("device.write-cache", "is 0 B"));
    // The largest moves are 400 and 50 ns of 1000: bars of 20 and of 20 * 50 / 400 = 2.5, so 3.
    assertEquals(
        """
        clat-p50 is 1.00 us
        cost            value    -50 %    +50 %
        machine.wake   150 ns  -40.0 %  +20.0 %  ####################
        machine.ipi   1.50 us   -4.0 %   +5.0 %  ###
        moves it by less than 1 %: machine.tick, device.depth

        expectations that don't hold any more with
          device.depth +50 %: clat-p50 < 5 us; it is 6 us
        never charged, and no limit: the trace stays the same: machine.decompress
        not varied: device.write-cache (is 0 B)
        note: with one seed a small move may be chance; --repeat tells them apart
        """,
        text(result));
  }

  @Test
  void aMoveThatChanceMakesTooIsNone() {
    RepeatedRuns base = runs(1_000, 1_100, 1_200, 1_300, 1_400, 1_500, 1_600);
    RepeatedRuns noisy = runs(1_100, 1_000, 1_400, 1_200, 1_500, 1_300, 1_900);
    RepeatedRuns moved = runs(1_100, 1_200, 1_300, 1_400, 1_500, 1_600, 1_700);
    SensitivityResult result =
        new SensitivityResult(
            P50,
            List.of(Map.of()),
            List.of(base),
            50,
            List.of(
                new CostEffect("machine.tick", "500 ns", side(noisy), side(noisy)),
                new CostEffect("machine.wake", "150 ns", side(noisy), side(moved))),
            List.of(),
            Map.of());
    // 100 more with each seed are 7.7 % of the median, 1300; noisy has 100 -100 200 -100 100 -200
    // 300, of which the median is 100, and so as much.
    assertEquals(
        """
        clat-p50 is 1.30 us
        cost           value   -50 %   +50 %
        machine.wake  150 ns  +7.7 %~ +7.7 %  ####################
        moves it by less than 1 %: machine.tick

        """,
        text(result));
  }

  private static SensitivityResult variants() {
    RepeatedRuns skip = runs(1_000);
    RepeatedRuns rt = runs(1_100);
    List<CostEffect> effects =
        List.of(
            new CostEffect("machine.wake", "150 ns", side(skip, runs(900)), side(skip, rt)),
            new CostEffect("machine.tick", "500 ns", side(skip, runs(1_005)), side(skip, rt)));
    return new SensitivityResult(
        P50,
        List.of(Map.of("completion", "skip"), Map.of("completion", "rt")),
        List.of(skip, rt),
        50,
        effects,
        List.of(),
        Map.of());
  }

  @Test
  void whetherTheOrderOfVariantsTurnsIsSaid() {
    assertEquals(
        """
        clat-p50: skip 1.00 us, rt 1.10 us
                                skip               rt
        cost           value   -50 %   +50 %    -50 %   +50 %
        machine.wake  150 ns  +0.0 %  +0.0 %  -18.2 %  +0.0 %  ####################
        machine.tick  500 ns  +0.0 %  +0.0 %   -8.6 %  +0.0 %  ##########
        order: TURNS with
          machine.wake -50 %: rt (900 ns) before skip (1.00 us)
        order: some that were told are not any more with: machine.tick -50 %

        note: with one seed a small move may be chance; --repeat tells them apart
        """,
        text(variants()));
  }

  @Test
  void jsonHasEachCostBothSidesAndWhatTurns() throws Exception {
    JsonNode json =
        new ObjectMapper().readTree(SensitivityJson.of(Map.of("scenario", "s"), variants()));
    JsonNode wake = json.at("/figures/clat-p50/costs/0");
    assertEquals("machine.wake", wake.get("cost").asText());
    assertEquals(-200.0 / 1_100, wake.at("/lower/variants/1/change").asDouble(), 1e-12);
    assertEquals("[1,0]", wake.at("/lower/order").toString());
    assertEquals("[[0,1]]", wake.at("/lower/turned").toString());
    assertEquals("[]", wake.at("/higher/turned").toString());
    assertEquals("[0,1]", json.at("/figures/clat-p50/order").toString());
    assertTrue(json.at("/figures/clat-p50/costs/1/lower/not_told/0").isArray());
  }

  @Test
  void aFigureThatWasZeroIsToldByWhatItIs() {
    Figure errors = Figure.named("runtime").orElseThrow();
    SensitivityResult result =
        new SensitivityResult(
            List.of(errors),
            List.of(Map.of()),
            List.of(runs(0)),
            50,
            List.of(new CostEffect("machine.ipi", "1 us", side(runs(0)), side(runs(700)))),
            List.of(),
            Map.of());
    assertTrue(text(result).contains("machine.ipi   1 us  +0.0 %  700 ns"), text(result));
    assertTrue(SensitivityJson.of(Map.of(), result).contains("\"largest_change\" : null"));
  }
}
