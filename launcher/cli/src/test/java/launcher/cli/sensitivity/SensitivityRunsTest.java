package launcher.cli.sensitivity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.cli.ListedPolicies;
import launcher.cli.run.Attempt;
import launcher.cli.run.FinishedRun;
import launcher.cli.run.RepeatOptions;
import launcher.cli.run.ScenarioFigures;
import launcher.report.Figure;
import launcher.report.RunSummary;
import launcher.report.SummarySink;
import launcher.report.sensitivity.CostEffect;
import launcher.report.sensitivity.VariedSide;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioCost;
import launcher.scenario.ScenarioReader;
import launcher.scenario.Setting;
import launcher.scenario.run.Journal;
import launcher.scenario.run.RunOutcome;
import launcher.scenario.run.RunState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sim.kernel.trace.Trace;
import sim.kernel.trace.Tracepoint;

/** Runs are made up here: a write takes two folio look-ups and, if it is slow, breaks a promise. */
class SensitivityRunsTest {
  private static final ScenarioReader READER = ScenarioFigures.reader(ListedPolicies.ofDefaults());
  private static final Figure P50 = Figure.named("clat-p50").orElseThrow();

  @TempDir private Path folder;
  private Path file;
  private final List<Integer> batches = new ArrayList<>();

  @BeforeEach
  void scenario() throws Exception {
    file = folder.resolve("one.yaml");
    Files.writeString(
        file,
        """
        scenario: one
        machine: {folio-lookup: 100 ns}
        device: {model: loop, backing: {model: nvme, channels: 1}, limit: {write-iops: 1000 /s}}
        workload: [{writer: {io-size: 4 KiB, file-size: 4 KiB}}]
        expect: {clat-max: < 250 ns}
        """);
  }

  private List<Attempt> made(List<Scenario> scenarios, boolean digest) {
    batches.add(scenarios.size());
    return scenarios.stream().map(SensitivityRunsTest::made).toList();
  }

  private static Attempt made(Scenario scenario) {
    long lookupNs =
        ScenarioCost.of(scenario).stream()
            .filter(cost -> cost.key().equals("machine.folio-lookup"))
            .findFirst()
            .orElseThrow()
            .value();
    Trace trace = new Trace();
    SummarySink sink = new SummarySink();
    trace.addSink(sink);
    int job = trace.name("writer");
    trace.emit(0, 0, Tracepoint.IO_SUBMIT, job, 1, 1, 0, 4096, 0);
    trace.emit(2 * lookupNs, 0, Tracepoint.IO_COMPLETE, job, 1, 1, 4096, 0);
    RunSummary summary = sink.summary();
    RunOutcome outcome =
        new RunOutcome(
            RunState.ENDED,
            2 * lookupNs,
            false,
            "d" + lookupNs,
            "",
            List.of(),
            0,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            0);
    Journal journal = new Journal("one", "one.yaml", 1, "0.1.0", Map.of(), "", List.of());
    FinishedRun run = new FinishedRun(scenario, outcome, summary, "", journal);
    return new Attempt(scenario, Optional.of(run), "");
  }

  private SensitivityRuns run() throws Exception {
    Scenario scenario = READER.read(file, List.of());
    SensitivityRuns runs =
        new SensitivityRuns(this::made, READER, file, List.of(List.of()), new RepeatOptions(), 50);
    List<CostVariation> costs =
        CostVariation.named(
            CostVariation.of(List.of(scenario)),
            List.of("folio-add", "folio-lookup", "decompress", "backing.write-latency"));
    runs.run(costs);
    return runs;
  }

  private static double p50(Optional<VariedSide> side) {
    return P50.value(side.orElseThrow().variants().get(0).bySeed().get(1L)).orElseThrow();
  }

  @Test
  void onlyTheCostThatIsChargedHasAnEffect() throws Exception {
    SensitivityRuns runs = run();
    assertEquals(1, runs.effects().size());
    CostEffect effect = runs.effects().get(0);
    assertEquals("machine.folio-lookup", effect.key());
    assertEquals("100 ns", effect.value());
    assertEquals(100, p50(effect.lower())); // 2 * 50 ns
    assertEquals(300, p50(effect.higher())); // 2 * 150 ns
    assertEquals("150 ns", effect.higher().orElseThrow().value());
  }

  @Test
  void aCostThatMakesNoDifferenceIsRunOnce() throws Exception {
    SensitivityRuns runs = run();
    assertEquals(
        List.of("machine.folio-add", "machine.decompress", "device.backing.write-latency"),
        runs.neverCharged());
    // The base, each of the four made higher, and the one that is charged made lower.
    assertEquals(List.of(1, 4, 1), batches);
  }

  @Test
  void anExpectationThatBreaksIsTold() throws Exception {
    CostEffect effect = run().effects().get(0);
    assertEquals(List.of(), effect.lower().orElseThrow().brokenExpectations());
    assertEquals(
        List.of("clat-max < 250 ns; it is 300 ns"),
        effect.higher().orElseThrow().brokenExpectations());
  }

  @Test
  void anAmountOfOneCanOnlyGrow() throws Exception {
    Scenario scenario = READER.read(file, List.of());
    List<CostVariation> all = CostVariation.of(List.of(scenario));
    CostVariation channels = CostVariation.named(all, List.of("device.backing.channels")).get(0);
    // Half a channel is rounded up to the one that there is; one and a half are two.
    assertEquals(Optional.empty(), channels.setting(0, 50));
    assertEquals(
        Optional.of(new Setting("device.backing.channels", "2", "--by")), channels.setting(0, 150));
  }

  @Test
  void aNameThatNothingHasIsToldWithTheNearest() throws Exception {
    List<CostVariation> all = CostVariation.of(List.of(READER.read(file, List.of())));
    IllegalArgumentException wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> CostVariation.named(all, List.of("machine.folio-ad")));
    assertTrue(
        wrong.getMessage().startsWith("--costs: there is no cost 'machine.folio-ad'"),
        wrong.getMessage());
    assertTrue(wrong.getMessage().contains("did you mean 'machine.folio-add'"), wrong.getMessage());
  }

  @Test
  void everyCostThatIsVariedIsWrittenAsItsScenarioIsRead() throws Exception {
    List<CostVariation> all = CostVariation.of(List.of(READER.read(file, List.of())));
    assertTrue(all.stream().anyMatch(cost -> cost.key().equals("device.limit.write-iops")));
    assertTrue(all.stream().anyMatch(cost -> cost.key().equals("device.backing.write-latency")));
    for (long percent : new long[] {50, 150}) {
      List<Setting> settings =
          all.stream().map(cost -> cost.setting(0, percent)).flatMap(Optional::stream).toList();
      assertTrue(settings.size() > all.size() / 2);
      List<CostVariation> now = CostVariation.of(List.of(READER.read(file, settings)));
      for (int i = 0; i < all.size(); i++) {
        ScenarioCost before = all.get(i).ofVariants().get(0);
        assertEquals(
            before.scaledTo(percent).orElse(before.value()),
            now.get(i).ofVariants().get(0).value(),
            before.key());
      }
    }
  }
}
