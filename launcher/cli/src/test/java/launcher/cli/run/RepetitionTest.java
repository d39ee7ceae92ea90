package launcher.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import launcher.cli.ListedPolicies;
import launcher.cli.Printed;
import launcher.report.RunSummary;
import launcher.report.SummarySink;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioReader;
import launcher.scenario.Setting;
import launcher.scenario.run.Journal;
import launcher.scenario.run.RunOutcome;
import launcher.scenario.run.RunState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import sim.kernel.trace.Trace;
import sim.kernel.trace.Tracepoint;

class RepetitionTest {
  private static final ScenarioReader READER = ScenarioFigures.reader(ListedPolicies.ofDefaults());
  private static final String SCENARIO =
      """
      scenario: one-write
      seed: 40
      workload: [{writer: {io-size: 4 KiB, file-size: 4 KiB}}]
      expect: {clat-max: < 5 us}
      """;

  private static Scenario scenario(long seed) throws Exception {
    Setting setting = new Setting("seed", String.valueOf(seed), "--seed");
    return READER.readText("one.yaml", SCENARIO, List.of(setting));
  }

  private static RunSummary oneWrite(long clatNs) {
    Trace trace = new Trace();
    SummarySink sink = new SummarySink();
    trace.addSink(sink);
    int job = trace.name("writer");
    trace.emit(0, 0, Tracepoint.IO_SUBMIT, job, 1, 1, 0, 4096, 0);
    trace.emit(clatNs, 0, Tracepoint.IO_COMPLETE, job, 1, 1, 4096, 0);
    return sink.summary();
  }

  private static Attempt attempt(long seed, long clatNs, boolean cutShort, String failure)
      throws Exception {
    Scenario scenario = scenario(seed);
    RunOutcome outcome =
        new RunOutcome(
            failure.isEmpty() ? RunState.ENDED : RunState.FAILED,
            clatNs,
            cutShort,
            "",
            failure,
            List.of(),
            0,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            0);
    Journal journal = new Journal("one", "one.yaml", seed, "0.1.0", Map.of(), "", List.of());
    return new Attempt(
        scenario,
        Optional.of(new FinishedRun(scenario, outcome, oneWrite(clatNs), "", journal)),
        "");
  }

  private static Repetition mixed() throws Exception {
    return new Repetition(
        List.of(
            attempt(40, 2_000, false, ""),
            attempt(41, 7_000, false, ""),
            attempt(42, 1, true, ""),
            attempt(43, 1, false, "a policy threw"),
            new Attempt(scenario(44), Optional.empty(), "not run"),
            new Attempt(scenario(45), Optional.empty(), "not run")));
  }

  @Test
  void onlyRunsThatCameToTheirEndCount() throws Exception {
    assertEquals(Set.of(40L, 41L), mixed().runs().bySeed().keySet());
  }

  @Test
  void anExpectationIsToldByHowOftenItHeld() throws Exception {
    assertEquals(
        "[{figure=clat-max, condition=< 5 us, holds=1, of=2}]", mixed().expectations().toString());
  }

  @Test
  void whatIsWrongIsToldWithItsSeeds() throws Exception {
    assertEquals(
        List.of(
            "seed 41: one.yaml:4:20: expected clat-max < 5 us; it is 7.00 us",
            "seed 42 and 1 more: partial: ended at 1 ns of virtual time",
            "seed 43: a policy threw",
            "seed 44 and 1 more: not run"),
        mixed().remarks());
  }

  @Test
  void theReportCountsTheRunsThatAreMissing() throws Exception {
    Printed printed = new Printed();
    new RepeatReport(printed.console()).print(mixed());
    assertTrue(
        printed.out().contains("\n  2 of 6 runs came to their end, seeds from 40\n"),
        printed.out());
    assertTrue(printed.out().contains("clat-max  < 5 us  1 of 2"), printed.out());
    assertTrue(printed.err().contains("seed 44 and 1 more: not run\n"), printed.err());
  }

  @Command(name = "c")
  private static final class Options {
    @Mixin private RepeatOptions repeat;

    static RepeatOptions of(String... args) {
      Options options = new Options();
      new CommandLine(options).parseArgs(args);
      options.repeat.check();
      return options.repeat;
    }
  }

  @Test
  void theSeedsAreTheScenariosAndThoseAfterIt(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("one.yaml");
    Files.writeString(file, SCENARIO);
    RepeatOptions repeat = Options.of("--repeat", "3");
    assertEquals(
        List.of(40L, 41L, 42L),
        repeat.read(READER, file, List.of()).stream().map(Scenario::seed).toList());
    List<Setting> seven = List.of(new Setting("seed", "7", "--seed"));
    assertEquals(
        List.of(7L, 8L, 9L),
        repeat.read(READER, file, seven).stream().map(Scenario::seed).toList());
    assertEquals(1, Options.of().read(READER, file, List.of()).size());
  }

  @Test
  void oneRunIsNoRepetitionAndTheSeedIsNotVariedTwice() {
    ParameterException one =
        assertThrows(ParameterException.class, () -> Options.of("--repeat", "1"));
    assertEquals("--repeat: is 1; it must be at least 2", one.getMessage());
    RepeatOptions repeat = Options.of("--repeat", "2");
    assertThrows(ParameterException.class, () -> repeat.refuseSeed(List.of("era", "seed")));
  }
}
