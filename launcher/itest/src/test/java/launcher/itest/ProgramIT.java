package launcher.itest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program as a process without a terminal. */
class ProgramIT {
  /** What else a buffered write and its writeback may be charged for. */
  private static final List<String> FREE =
      List.of(
          "syscall",
          "user-io",
          "folio-add",
          "folio-add-page",
          "folio-tree-hold",
          "folio-lookup",
          "folio-dirty",
          "context-switch",
          "worker-wakeup",
          "wake",
          "queue-work",
          "worker-create",
          "spinlock",
          "buffer-submit",
          "buffer-end",
          "block-map",
          "writepages",
          "folio-writeback",
          "bio-submit",
          "request-issue",
          "tick",
          "hardirq-entry",
          "hardirq-exit",
          "softirq-entry");

  @TempDir private Path folder;

  @Test
  void theProgramIsWhole() throws Exception {
    ProgramRun ended = run("--self-check");
    assertAll(
        () ->
            assertTrue(
                ended.out().matches("\\d+ bundles, \\d+ of them policies: whole\\R"), ended.out()),
        () -> assertEquals("", ended.err()),
        () -> assertEquals(0, ended.status()));
  }

  @Test
  void aWrongOptionIsAnErrorOfUsage() throws Exception {
    ProgramRun ended = run("--no-such-option");
    assertAll(
        () -> assertEquals("", ended.out()),
        () -> assertTrue(ended.err().contains("--no-such-option"), ended.err()),
        () -> assertEquals(2, ended.status()));
  }

  @Test
  void aRunLeavesNoFileBehind() throws Exception {
    run("--version");
    assertEquals(List.of("err", "out", "tmp", "work"), names(folder));
    assertEquals(List.of(), names(folder.resolve("work")));
    assertEquals(List.of(), names(folder.resolve("tmp")));
  }

  @Test
  void aRunPrintsATableAndItsVerdicts() throws Exception {
    ProgramRun ended = run("run", scenario("expect: {bios-lost: 0, left-cached: 0 B}"));
    assertAll(
        () -> assertEquals("", ended.err()),
        () -> assertTrue(ended.out().contains("writer  write   64  8.00 MiB"), ended.out()),
        () -> assertTrue(ended.out().contains("bios-lost    0    0    holds"), ended.out()),
        () -> assertFalse(ended.out().contains("\u001b"), "no colour without a terminal"),
        () -> assertEquals(0, ended.status()));
  }

  @Test
  void anExpectationThatFailsIsToldWithItsPosition() throws Exception {
    ProgramRun ended = run("run", scenario("expect: {clat-max: < 1 ns}"), "--quiet");
    assertAll(
        () -> assertEquals("", ended.out()),
        () ->
            assertTrue(
                ended.err().matches("s.yaml:5:20: expected clat-max < 1 ns; it is .*\\R"),
                ended.err()),
        () -> assertEquals(1, ended.status()));
  }

  @Test
  void badInputIsToldWithItsPosition() throws Exception {
    ProgramRun ended = run("run", scenario("machine: {cpus: four}"));
    assertAll(
        () -> assertEquals("", ended.out()),
        () ->
            assertEquals(
                "s.yaml:5:17: machine.cpus: 'four'; it must be a whole number, for example 4\n",
                ended.err()),
        () -> assertEquals(2, ended.status()));
  }

  @Test
  void aDigestIsTheSameInEveryProcessAndAnotherForAnotherSeed() throws Exception {
    String file = scenario("device: {model: nvme, latency-jitter: 20 %}");
    ProgramRun first = run("run", file, "--digest", "--quiet", "--seed", "7");
    ProgramRun second = run("run", file, "--digest", "--quiet", "--seed", "7");
    ProgramRun other = run("run", file, "--digest", "--quiet", "--seed", "8");
    // In a comparison the runs share a process, two at one time.
    ProgramRun compared = run("compare", file, "--vary", "seed=7,8,9", "--digest", "--threads=2");
    assertAll(
        () -> assertTrue(first.out().matches("[0-9a-f]{64}\\R"), first.out() + first.err()),
        () -> assertEquals(first.out(), second.out()),
        () -> assertNotEquals(first.out(), other.out()),
        () ->
            assertEquals(
                List.of(
                    "digest " + first.out().strip() + " 7", "digest " + other.out().strip() + " 8"),
                compared.out().lines().filter(line -> line.startsWith("digest")).limit(2).toList()),
        () -> assertEquals(0, compared.status()));
  }

  @Test
  void aComparisonHasARowForEachCombination() throws Exception {
    ProgramRun ended =
        run(
            "compare",
            scenario(""),
            "--vary=completion=skip,workqueue,rt-thread",
            "--vary=era=E3,E4",
            "--json=compare.json");
    String json = Files.readString(folder.resolve("work/compare.json"));
    assertAll(
        () -> assertEquals("", ended.err()),
        () ->
            assertEquals(
                List.of(
                    "skip E3",
                    "skip E4",
                    "workqueue E3",
                    "workqueue E4",
                    "rt-thread E3",
                    "rt-thread E4"),
                ended
                    .out()
                    .lines()
                    .filter(line -> line.matches("(skip|workqueue|rt-thread) .*"))
                    .map(line -> line.replaceFirst("^(\\S+) +(\\S+) .*", "$1 $2"))
                    .toList()),
        () -> assertTrue(ended.out().lines().allMatch(line -> line.length() <= 160), ended.out()),
        () -> assertEquals(6, json.split("\"settings\"", -1).length - 1),
        () -> assertEquals(0, ended.status()));
  }

  @Test
  void repeatedVariantsAreComparedSeedBySeed() throws Exception {
    ProgramRun ended =
        run(
            "compare",
            scenario("device: {model: nvme, latency-jitter: 20 %}"),
            "--vary=completion=skip,workqueue",
            "--repeat=3",
            "--json=repeat.json");
    String json = Files.readString(folder.resolve("work/repeat.json"));
    assertAll(
        () -> assertEquals("", ended.err()),
        () -> assertTrue(ended.out().contains("workqueue   3     median"), ended.out()),
        () -> assertTrue(ended.out().contains("~ inside the noise"), ended.out()),
        () -> assertEquals(6, json.split("\"digest\"", -1).length - 1),
        () -> assertTrue(json.contains("\"noise\""), json),
        () -> assertEquals(0, ended.status()));
  }

  /** A write that nothing but the copy of its page is charged for: half as long with half of it. */
  @Test
  void onlyTheCostThatIsChargedMovesTheAnswer() throws Exception {
    StringBuilder costs = new StringBuilder("machine: {cpus: 1, page-copy: 400 ns");
    for (String free : FREE) {
      costs.append(", ").append(free).append(": 0 ns");
    }
    ProgramRun ended =
        run(
            "sensitivity",
            scenario(costs + "}"),
            "--figure=clat-p50",
            "--costs=" + String.join(",", FREE) + ",page-copy,decompress,read-latency");
    List<String> lines = ended.out().lines().toList();
    assertAll(
        () -> assertEquals("", ended.err()),
        () -> assertTrue(ended.out().contains("\nclat-p50 is 12.8 us\n"), ended.out()),
        () ->
            assertTrue(
                lines.contains("machine.page-copy  400 ns  -50.0 %  +50.0 %  " + "#".repeat(20)),
                ended.out()),
        () ->
            assertTrue(
                lines.contains(
                    "never charged, and no limit: the trace stays the same: machine.decompress,"
                        + " device.read-latency"),
                ended.out()),
        () ->
            assertTrue(ended.out().contains("not varied: machine.syscall (is 0 ns),"), ended.out()),
        () -> assertEquals(0, ended.status()));
  }

  @Test
  void everyEraRunsAndDropsWhatItAccepts() throws Exception {
    List<String> eras =
        run("eras")
            .out()
            .lines()
            .filter(line -> line.matches("\\S.*"))
            .map(line -> line.replaceFirst(" .*", ""))
            .toList();
    assertEquals(22, eras.size(), eras.toString());
    List<String> arguments = new ArrayList<>(List.of("run", "--quiet"));
    for (String era : eras) {
      // 2 MiB are 512 pages; before E2 no file system accepts the flag.
      Files.writeString(
          folder.resolve("work").resolve(era + ".yaml"),
          """
          scenario: %s
          era: %s
          filesystem: {type: iomap, writes: overwrite}
          workload:
            - writer: {flags: [dontcache], io-size: 64 KiB, file-size: 2 MiB, end-fsync: true}
          expect: {dropped-pages: %d}
          """
              .formatted(era, era, era.matches("E[01]") ? 0 : 512));
      arguments.add(era + ".yaml");
    }
    ProgramRun ended = run(arguments.toArray(new String[0]));
    assertAll(
        () -> assertEquals("", ended.out()),
        () -> assertEquals("", ended.err()),
        () -> assertEquals(0, ended.status()));
  }

  @Test
  void everyRegressionShowsItsFaultOrItsCure() throws Exception {
    List<String> arguments = new ArrayList<>(List.of("run", "--quiet"));
    Path regressions = Path.of("../../scenarios/regressions").toAbsolutePath().normalize();
    names(regressions).forEach(name -> arguments.add(regressions.resolve(name).toString()));
    ProgramRun ended = run(arguments.toArray(new String[0]));
    assertAll(
        () -> assertTrue(arguments.size() > 8, arguments.toString()),
        () -> assertEquals("", ended.err()),
        () -> assertEquals(0, ended.status()));
  }

  @Test
  void policiesAreListedWithTheirKernelSource() throws Exception {
    ProgramRun ended = run("policies");
    assertAll(
        () -> assertTrue(ended.out().contains("  completion.rt-thread\n"), ended.out()),
        () -> assertTrue(ended.out().contains("    priority: 50 (SCHED_FIFO"), ended.out()),
        () -> assertTrue(ended.out().contains("    kernel: fs/erofs/zdata.c"), ended.out()),
        () -> assertFalse(ended.out().contains("refused"), ended.out()),
        () -> assertEquals("", ended.err()),
        () -> assertEquals(0, ended.status()));
  }

  @Test
  void aShellObeysALineAfterTheOtherWithoutAPrompt() throws Exception {
    ProgramRun ended =
        shell(
            """
            # Swaps policies while the clock stands.
            sim:step 100us
            policy:use completion rt-thread
            stop policies.completion.rtthread
            sim:status
            start (bundle:id policies.completion.rtthread)
            sim:journal run.journal
            sim:speed max
            sim:resume
            sim:await
            sim:journal run.journal
            """);
    List<String> lines = ended.out().lines().toList();
    assertAll(
        () -> assertEquals("paused at 100 us", lines.get(0)),
        () -> assertEquals("paused at 100 us", lines.get(1)),
        () ->
            assertTrue(
                lines.contains("run         s, suspended at 100 us: completion.rt-thread has left"),
                ended.out()),
        () -> assertTrue(ended.out().contains("writer  write   64  8.00 MiB"), ended.out()),
        () -> assertFalse(ended.out().contains("g!"), ended.out()),
        () -> assertEquals("", ended.err()),
        () -> assertEquals(0, ended.status()));
    ProgramRun again = run("run", "s.yaml", "--replay", "run.journal", "--digest", "--quiet");
    String journal = Files.readString(folder.resolve("work/run.journal"));
    assertTrue(journal.contains(again.out().strip()), journal + again);
    assertEquals(0, again.status(), again.err());
  }

  @Test
  void aShellEndsAtTheFirstLineThatFails() throws Exception {
    ProgramRun ended = shell("policy:use completion rt-thred\nsim:status\n");
    assertAll(
        () ->
            assertTrue(
                ended
                    .err()
                    .startsWith(
                        "stdin:1: policy:use completion rt-thred: policies.completion: no policy"
                            + " 'completion.rt-thred'"),
                ended.err()),
        () -> assertFalse(ended.out().contains("run   "), ended.out()),
        () -> assertEquals(2, ended.status()));
  }

  @Test
  void aThousandSwapsUnderLoadLoseNothing() throws Exception {
    String soak = Program.root().resolve("scenarios/soak.yaml").toString();
    ProgramRun ended =
        run(
            "check",
            soak,
            "--swaps",
            "1000",
            "--hotplug",
            "8",
            "--pending",
            "--custody",
            "--shrink",
            "0");
    assertAll(
        () -> assertEquals("", ended.err()),
        () ->
            assertTrue(ended.out().startsWith("schedule 1: 1000 of 1000 swaps made"), ended.out()),
        () -> assertFalse(ended.out().contains(" 0 with something pending"), ended.out()),
        // Swaps that wait for no write come in the middle of half as many.
        () -> assertTrue(number(ended.out(), "in the middle of a write") > 40, ended.out()),
        () -> assertTrue(ended.out().contains("; nothing lost\n"), ended.out()),
        () -> assertEquals(0, ended.status()));
  }

  /** The number before these words; 0 if there is none. */
  private static int number(String text, String words) {
    Matcher matcher = Pattern.compile("(\\d+) " + words).matcher(text);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  /** Writes a scenario of a few milliseconds into the working folder. */
  private String scenario(String more) throws IOException {
    Path work = Files.createDirectories(folder.resolve("work"));
    Files.writeString(
        work.resolve("s.yaml"),
        """
        scenario: s
        workload:
          - writer: {flags: [dontcache], io-size: 128 KiB, file-size: 8 MiB}
        filesystem: {type: block-device, folio-order: 0}
        %s
        """
            .formatted(more));
    return "s.yaml";
  }

  private ProgramRun shell(String input) throws IOException, InterruptedException {
    String file = scenario("");
    return ProgramRun.of(folder, folder.resolve("work"), List.of("shell", file, "--paused"), input);
  }

  private ProgramRun run(String... arguments) throws IOException, InterruptedException {
    Path work = Files.createDirectories(folder.resolve("work"));
    return ProgramRun.of(folder, work, List.of(arguments));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
