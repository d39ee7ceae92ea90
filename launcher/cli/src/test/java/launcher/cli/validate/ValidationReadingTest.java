package launcher.cli.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.cli.ListedPolicies;
import launcher.cli.run.ScenarioFigures;
import launcher.scenario.Problem;
import launcher.scenario.ScenarioException;
import launcher.validation.Figure;
import launcher.validation.Judged;
import launcher.validation.Judged.Verdict;
import launcher.validation.Tolerance.Kind;
import launcher.validation.Validation;
import launcher.validation.ValidationReader;
import launcher.validation.fold.Observation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidationReadingTest {
  private static final String HEAD =
      """
      validation: v
      source: a mail
      kernel: 6.18
      scenario:
        machine: {cpus: 2, hz: 250}
        workload: [{writer: {io-size: 64 KiB, file-size: 1 MiB}}]
      sets:
        small: {memory: {size: 1 GiB, dirty-bytes: 1 MiB}}
      """;
  private static final String RUNS =
      """
      runs:
        before: {with: [small], machine: {hz: 1000}}
        after: {with: [small], memory: {size: 2 GiB}}
      """;

  @TempDir private Path folder;

  private Validation read(String text) throws IOException, ScenarioException {
    Path file = folder.resolve("v.yaml");
    Files.writeString(file, text);
    return new ValidationReader(ScenarioFigures.reader(ListedPolicies.ofDefaults())).read(file);
  }

  private List<String> problems(String text) {
    ScenarioException e = assertThrows(ScenarioException.class, () -> read(text));
    return e.problems().stream().map(Problem::text).toList();
  }

  @Test
  void aRunIsItsOwnKeysThenItsSetsThenTheCommonScenario() throws Exception {
    Validation v = read(HEAD + RUNS + "figures: []\n");
    var before = v.runs().get(0).scenario();
    var after = v.runs().get(1).scenario();
    assertEquals(1000, before.machine().build().hz());
    assertEquals(250, after.machine().build().hz());
    assertEquals(2, before.machine().cpus());
    assertEquals(1L << 30, before.memory().sizeBytes());
    assertEquals(2L << 30, after.memory().sizeBytes());
  }

  @Test
  void aVariantsJobFileHasItsName() throws Exception {
    Files.createDirectory(folder.resolve("jobs"));
    for (String variant : List.of("buffered", "dontcache")) {
      Files.writeString(
          folder.resolve("jobs/w." + variant + ".fio"), "[" + variant + "]\nrw=write\nsize=1m\n");
    }
    Validation v =
        read(
            """
            validation: v
            source: s
            kernel: k
            job: jobs/{run}.fio
            observe: {exit: 10 ms, trace: 150 ms, sample: 20 ms}
            runs: {w: {variants: [buffered, dontcache]}}
            figures: []
            """);
    assertEquals("w.dontcache", v.runs().get(1).name());
    assertEquals("dontcache", v.runs().get(1).scenario().workload().jobs().get(0).name());
    assertEquals(
        new Observation(10_000_000, 150_000_000, 10_000_000, 20_000_000, ""),
        v.runs().get(1).observation());
  }

  @Test
  void figuresCompareRunsAndTables() throws Exception {
    Files.writeString(
        folder.resolve("t.csv"),
        """
        scenario,variant,metric,unit,kind,expected,tolerance_kind,tolerance,runs,source
        w,a,write.clat_p50,us,latency,23.296,factor,1.15,4,untraced
        w,a,memcg_cache,bytes,memcg,6.06188e+07,relative,0.01,4,untraced
        w,a,resident_pages_at_exit,pages,residency,0,exact,0,4,untraced
        w,a,memcg_max_usage,bytes,memcg,6.71089e+07,exact,0,4,untraced
        """);
    Validation v =
        read(
            HEAD
                + """
                runs:
                  w: {variants: [a, b]}
                figures:
                  - csv: t.csv
                    because: repeats
                  - of: w.a:throughput
                    measured: 1.5 MiB/s
                    tolerance: 10 %
                    because: one run
                  - name: gain
                    kind: ratio
                    ratio: ["w.b:throughput", "w.a:throughput"]
                    measured: 1.084
                    tolerance: 0.05
                    because: two runs
                  - difference: ["w.b:clat-p50", "w.a:clat-p50"]
                    measured: 20 us
                    tolerance: 5 us
                    because: two runs
                orders:
                  - {more: "w.b:throughput", than: "w.a:throughput", because: all runs}
                known-misses:
                  - figures: ["w.*:write.*", gain]
                    because: no model of it
                """);
    List<Figure> figures = v.figures();
    assertEquals(8, figures.size());
    assertEquals(23_296, figures.get(0).measured());
    assertEquals(Kind.FACTOR, figures.get(0).tolerance().kind());
    assertEquals(60_618_800, figures.get(1).measured());
    assertEquals("w.a:resident_pages_at_exit", figures.get(2).name());
    // Rounded to the hundred: 64 MiB are what was measured.
    assertTrue(figures.get(3).tolerance().holds(figures.get(3).measured(), 64 << 20));
    assertEquals(1.5 * (1 << 20), figures.get(4).measured());
    assertEquals("gain", figures.get(5).name());
    assertEquals(0.05, figures.get(5).tolerance().amount());
    assertEquals(5_000, figures.get(6).tolerance().amount());
    assertEquals("order", figures.get(7).kind());
    List<Judged> judged = Judged.all(v, Map.of());
    assertEquals(Verdict.KNOWN, judged.get(0).verdict());
    assertEquals(Verdict.OFF, judged.get(1).verdict(), "not run is off");
    assertEquals(Verdict.KNOWN, judged.get(5).verdict());
  }

  @Test
  void aTableStandsInThePlaceOfTheFilesFigures() throws Exception {
    Path table = folder.resolve("other.csv");
    Files.writeString(
        table,
        """
        scenario,variant,metric,unit,kind,expected,tolerance_kind,tolerance,runs,source
        w,a,dev_wsect,sectors,devcount,8,exact,0,4,untraced
        """);
    Path file = folder.resolve("v.yaml");
    Files.writeString(
        file,
        HEAD
            + """
            runs: {w: {variants: [a, b]}}
            figures:
              - {of: "w.a:throughput", measured: 1 MiB/s, tolerance: 10 %, because: one run}
            known-misses:
              - {figures: ["w.a:*"], because: no model of it}
            """);
    Validation v =
        new ValidationReader(ScenarioFigures.reader(ListedPolicies.ofDefaults()))
            .read(file, Optional.of(table));
    assertEquals(List.of("w.a:dev_wsect"), v.figures().stream().map(Figure::name).toList());
    assertEquals(List.of(), v.knownMisses());
  }

  @Test
  void whatIsWrongIsToldWithItsPlace() throws Exception {
    Files.writeString(
        folder.resolve("t.csv"),
        """
        scenario,variant,metric,unit,kind,expected,tolerance_kind,tolerance,runs,source
        w,c,iops,,k,1,exact,0,1,x
        w,a,bio|lop|W|fio,count,k,1,exact,0,1,x
        w,a,ios,count,k,many,exact,0,1,x
        w,a,ios,count,k,1,nearly,0,1,x
        w,a,ios
        """);
    List<String> problems =
        problems(
            HEAD
                + """
                runs:
                  w: {with: [smal], variants: [a], machin: {hz: 100}}
                figures:
                  - csv: t.csv
                    because: repeats
                  - {of: "w.a:throughput", measured: 5, tolerance: 10 %, because: x}
                  - {of: "w.b:iops", measured: 5 /s, tolerance: exactly, because: x}
                  - {measured: 5 /s, tolerance: exact, because: x, unit: us}
                known-misses:
                  - {figures: [nothing], because: x}
                orders: [{more: "w.a:iops", than: "w.a:ios", because: x, by: 3}]
                kernels: two
                """);
    String all = String.join("\n", problems);
    for (String part :
        List.of(
            "v.yaml:10:13: runs.w.with: there is no set 'smal'",
            "runs.w.a: machin: there is no such key",
            "t.csv:2: there is no run 'w.c'",
            "t.csv:3: there is no figure 'bio|lop|W|fio'",
            "t.csv:4: 'many' is no number",
            "t.csv:5: 'nearly' is no kind of tolerance",
            "t.csv:6: has 3 columns; it must have 10",
            "figures.measured: '5' has no unit",
            "figures.of: there is no run 'w.b'",
            "figures: has not one of: of, ratio, difference",
            "figures.unit: there is no such key",
            "known-misses.figures: no figure is named 'nothing'",
            "orders.by: there is no such key",
            "kernels: there is no such key")) {
      assertTrue(all.contains(part), () -> part + " is not in\n" + all);
    }
  }

  @Test
  void aRunThatIsNotModelledIsKnownToBeOff() throws Exception {
    Validation v =
        read(
            HEAD
                + """
                runs:
                  w: {not-modelled: no such device}
                figures:
                  - {of: "w:ios", measured: 5, tolerance: exact, because: counted}
                """);
    assertEquals(List.of(), v.runs());
    Judged judged = Judged.all(v, Map.of()).get(0);
    assertEquals(Verdict.KNOWN, judged.verdict());
    assertEquals("no such device", judged.known().orElseThrow().because());
  }
}
