package launcher.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.device.DeviceParameter;
import fs.iomap.DontcacheCompletion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import launcher.fio.job.CacheMode;
import launcher.fio.job.FioJob;
import launcher.scenario.policy.PolicyFamily;
import mm.core.ReadaheadOrder;
import mm.core.SplitDropbehind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sim.kernel.check.CustodyBound;
import sim.kernel.check.Sanitizer;
import sim.kernel.machine.Cost;
import sim.kernel.machine.PreemptModel;

class ScenarioReaderTest {
  private static final String WORKLOAD =
      "workload: [{writer: {flags: [dontcache], io-size: 128 KiB, file-size: 4 GiB}}]\n";
  private static final String SMALLEST = "scenario: s\n" + WORKLOAD;

  private final NamedPolicies policies =
      new NamedPolicies()
          .add(PolicyFamily.COMPLETION, "completion.workqueue", host -> null)
          .add(PolicyFamily.COMPLETION, "completion.rt-thread", host -> null)
          .add(PolicyFamily.COMPLETION, "completion.skip", host -> null)
          .add(PolicyFamily.DROPBEHIND, "dropbehind.task-only", host -> null)
          .add(PolicyFamily.WRITEBACK, "writeback.inline", host -> null)
          .add(PolicyFamily.WRITEBACK, "writeback.kick-counted", host -> null)
          .add(PolicyFamily.EVICTION, "eviction.batched", host -> null)
          .refuse("completion.delayed-work-v6", "delay.ns is -1; it must be from 0 to 1000000000");

  private final ScenarioReader reader =
      new ScenarioReader(
          policies,
          Map.of("bios-lost", Unit.COUNT, "writer-stall-p99", Unit.NANOSECONDS),
          Map.of("clat-p99", Unit.NANOSECONDS));

  private Scenario read(String text, Setting... settings) throws ScenarioException {
    return reader.readText("s.yaml", text, List.of(settings));
  }

  private List<String> problems(String text, Setting... settings) {
    ScenarioException e = assertThrows(ScenarioException.class, () -> read(text, settings));
    return e.problems().stream().map(Problem::text).toList();
  }

  @Test
  void sanitizersAreTurnedOffByName() throws Exception {
    assertEquals(Set.of(), read(SMALLEST).sanitizersOff());
    String text = SMALLEST + "sanitizers: {lock-order: off, leaks: on, cpu-hog: off}\n";
    assertEquals(Set.of(Sanitizer.LOCK_ORDER, Sanitizer.CPU_HOG), read(text).sanitizersOff());
    assertEquals(
        Set.of(Sanitizer.LEAKS),
        read(SMALLEST, new Setting("sanitizers.leaks", "off", "--set")).sanitizersOff());
    List<String> problems = problems(SMALLEST + "sanitizers: {lock-ordr: off, leaks: false}\n");
    assertEquals(2, problems.size(), problems::toString);
    assertTrue(
        problems.get(0).contains("sanitizers.leaks: 'false' is not known"), problems::toString);
    assertTrue(problems.get(1).contains("did you mean 'lock-order'?"), problems::toString);
  }

  @Test
  void thePendingOfAPolicyIsBounded() throws Exception {
    assertEquals(new CustodyBound(1 << 20), read(SMALLEST).custodyBound());
    assertEquals(
        new CustodyBound(1000), read(SMALLEST + "policy-pending-max: 1000\n").custodyBound());
    assertTrue(problems(SMALLEST + "policy-pending-max: 0\n").get(0).contains("from 1 to"));
  }

  @Test
  void groupsAreNamedByJobsAndStrictlyRead() throws Exception {
    String jobs =
        "scenario: s\nworkload: [{writer: {group: db, io-size: 4 KiB, file-size: 1 MiB}}]\n";
    Scenario s = read(jobs + "groups: {db: {limit: 64 MiB}, rest: {}}\n");
    assertEquals(
        List.of(
            new MemoryGroup("db", 64L << 20, ProgramCharge.NONE),
            new MemoryGroup("rest", 0, ProgramCharge.NONE)),
        s.memory().groups());
    assertEquals(Optional.of("db"), s.workload().jobs().get(0).scheduling().cgroup());
    assertEquals(
        "s.yaml:2:29: workload.writer.group: there is no group 'db'\n  known: dbs\n  did you mean 'dbs'?",
        problems(jobs + "groups: {dbs: {}}\n").get(0));
    assertTrue(problems(jobs).get(0).contains("give it one: 'groups: {db: {}}'"));
    assertTrue(
        problems(SMALLEST + "groups: {a: {limit: 1 MiB}}\n").get(0).contains("4 MiB to 16 TiB"));
    assertTrue(problems(SMALLEST + "groups: {a/b: {}}\n").get(0).contains("is no name of a group"));
    assertTrue(
        problems(SMALLEST + "groups: {a: {limit: 4 MiB, charged: 4 MiB}}\n")
            .get(0)
            .contains("leaves nothing of the limit of 4 MiB"));
    assertTrue(
        problems(SMALLEST + "memory: {charged-files: 4 MiB}\n").get(0).contains("set limit too"));
  }

  @Test
  void aCgroupOfAJobFileThatNoGroupNamesIsNoted() throws Exception {
    Scenario s =
        read("scenario: s\nworkload: {fio-text: \"[a]\\nsize=1m\\ncgroup=x\"}\ngroups: {y: {}}\n");
    assertEquals(
        List.of("cgroup=x: has no limit, as the scenario's groups do not name it"),
        s.workload().notes());
  }

  @Test
  void theExampleOfTheGuideIsReadWhole() throws Exception {
    Scenario s =
        read(
            """
            # One sequential DONTCACHE writer on NVMe.
            scenario: dontcache-seqwrite
            seed: 42                      # the only source of chance
            duration: 2 s                 # virtual
            machine: {cpus: 4, worker-wakeup: 20 us, hz: 1000}
            device: {model: nvme, queues: 4, write-latency: 80 us, write-bandwidth: 3 GiB/s}
            filesystem: iomap
            workload:
              - writer: {cpu: 0, flags: [dontcache], io-size: 128 KiB, file-size: 4 GiB}
            policies: {completion: completion.workqueue, writeback: writeback.inline}
            swaps:
              - {at: 1 s, completion: completion.rt-thread}
            expect: {bios-lost: 0, writer-stall-p99: < 5 ms}
            """);
    assertEquals(42, s.seed());
    assertEquals(2_000_000_000L, s.durationNs());
    assertEquals(20_000, s.machine().ns(Cost.WORKER_WAKEUP));
    assertEquals(1000, s.machine().build().hz());
    assertEquals(80_000, s.device().value(DeviceParameter.WRITE_LATENCY));
    assertEquals(3L << 30, s.device().value(DeviceParameter.WRITE_BANDWIDTH));
    FioJob job = s.workload().jobs().get(0);
    assertEquals(
        List.of("writer", CacheMode.DONTCACHE, 128L << 10, 4L << 30, List.of(0)),
        List.of(
            job.name(),
            job.cache(),
            job.blockSizes().write().minBytes(),
            job.size().size().bytes(),
            job.scheduling().cpus()));
    assertEquals(
        List.of(new Swap(1_000_000_000L, PolicyFamily.COMPLETION, "completion.rt-thread")),
        s.swaps());
    assertEquals("eviction.batched", s.policies().get("eviction"), "from era E4");
    assertEquals(
        List.of("0", "< 5 ms"), s.expectations().stream().map(Expectation::condition).toList());
  }

  @Test
  void aJobThatErofsCannotServeIsRefused() {
    String job = "scenario: s\nfilesystem: {type: erofs}\nworkload: {fio-text: \"[j]\\nsize=1m\\n";
    assertEquals(
        List.of(
            "workload.fio:1: [j]: rw=randrw: the file system is erofs, which can only be read;"
                + " nearest: rw=randread"),
        problems(job + "rw=randrw\"}\n"));
    assertEquals(
        List.of(
            "workload.fio:1: [j]: direct=1: erofs has no direct I/O on compressed files;"
                + " nearest: direct=0"),
        problems(job + "direct=1\"}\n"));
    assertEquals(
        List.of("s.yaml:3:39: filesystem.verity: is a key of type erofs; type is ext2-like"),
        problems(SMALLEST + "filesystem: {type: ext2-like, verity: true}\n"));
  }

  @Test
  void whatExt4DoesNotHaveIsRefused() {
    String ext4 = SMALLEST + "filesystem: {type: ext4, ";
    assertEquals(
        List.of("s.yaml:3:38: filesystem.block-size: '1 KiB'; it must be 4 KiB where type is ext4"),
        problems(ext4 + "block-size: 1 KiB}\n"));
    assertEquals(
        List.of("s.yaml:3:56: filesystem.journal-size: must not be set where journal is false"),
        problems(ext4 + "journal: false, journal-size: 8 MiB}\n"));
    assertEquals(
        List.of("s.yaml:3:36: filesystem.dioread: is a key of type ext4; type is iomap"),
        problems(SMALLEST + "filesystem: {type: iomap, dioread: lock}\n"));
  }

  @Test
  void anUnknownPolicyIsToldWithWhatExistsAndWhatIsMeant() {
    assertEquals(
        List.of(
            """
            s.yaml:3:24: policies.completion: no policy 'completion.rt-thred'
              registered: completion.rt-thread, completion.skip, completion.workqueue
              refused:    completion.delayed-work-v6 (delay.ns is -1; it must be from 0 to \
            1000000000)
              did you mean 'completion.rt-thread'?\
            """),
        problems(SMALLEST + "policies: {completion: completion.rt-thred}\n"));
  }

  @Test
  void aPolicyMayBeNamedWithoutItsFamily() throws Exception {
    Scenario s = read(SMALLEST + "policies: {completion: rt-thread}\n");
    assertEquals("completion.rt-thread", s.policies().get("completion"));
  }

  @Test
  void everyProblemIsToldNotJustTheFirst() {
    List<String> found =
        problems(
            SMALLEST
                + """
                machine:
                  cpus: four
                  hz: 500
                  worker-wakeup: 20
                  worker-wakup: 20 us
                duration: 0 s
                """);
    assertEquals(
        List.of(
            "s.yaml:8:11: duration: '0 s'; it must be from 1 ns to 1000000 s",
            "s.yaml:4:9: machine.cpus: 'four'; it must be a whole number, for example 4",
            "s.yaml:5:7: machine.hz: '500'; it must be 100, 250, 300 or 1000",
            "s.yaml:6:18: machine.worker-wakeup: '20' has no unit; it must be a number and ns, us,"
                + " ms or s, for example 20 us",
            "s.yaml:7:3: machine.worker-wakup: there is no such key"),
        found.stream().map(problem -> problem.lines().findFirst().get()).toList());
  }

  @Test
  void anUnknownKeyIsToldWithTheNearestOne() {
    String problem = problems(SMALLEST + "devise: nvme\n").get(0);
    assertTrue(problem.startsWith("s.yaml:3:1: devise: there is no such key\n  known: "), problem);
    assertTrue(problem.endsWith("\n  did you mean 'device'?"), problem);
  }

  @Test
  void aKeyGivenTwiceIsRefused() {
    assertEquals(
        List.of("s.yaml:4:1: seed: is given twice; remove one\n  first at s.yaml:3:1"),
        problems(SMALLEST + "seed: 1\nseed: 2\n"));
  }

  @Test
  void brokenYamlIsToldWithItsPosition() {
    String problem = problems(SMALLEST + "machine: {cpus: 4\nseed: 1\n").get(0);
    assertTrue(problem.startsWith("s.yaml:4:"), problem);
    assertTrue(problem.contains("is no YAML"), problem);
  }

  @Test
  void anEntrysMistakesStandWhereTheEntryStands() {
    List<String> found =
        problems(
            """
            scenario: s
            workload:
              - writer: {io-size: 4 KiB, file-size: 1 MiB, depht: 4}
              - reader:
                  io-size: 4096
                  file-size: 1 MiB
                  fio-options: {zonemode: zbd}
              - writr: {}
            """);
    assertEquals(
        "s.yaml:3:48: workload.writer.depht: there is no such key", found.get(0).split("\n")[0]);
    assertTrue(found.get(1).startsWith("s.yaml:5:16: workload.reader.io-size: '4096' has no unit"));
    assertTrue(found.get(2).startsWith("s.yaml:8:5: workload.writr: there is no such key"));
    assertTrue(
        found.stream().anyMatch(p -> p.startsWith("s.yaml:7:31: workload: zonemode")),
        found.toString());
  }

  @Test
  void anEraIsASetOfDefaultsThatTheScenarioOverrides() throws Exception {
    Scenario plain = read(SMALLEST + "era: E2\n");
    assertEquals("completion.skip", plain.policies().get("completion"));
    assertEquals("writeback.inline", plain.policies().get("writeback"));
    assertEquals(DontcacheCompletion.FS_WORKQUEUE, plain.fileSystem().iomapDontcache());
    assertEquals(SplitDropbehind.LOST, plain.memory().splitDropbehind());
    assertEquals(ReadaheadOrder.OF_FILE, plain.memory().readaheadOrder());
    Scenario before = read(SMALLEST + "era: E1\n");
    assertEquals(ReadaheadOrder.OF_FOLIO, before.memory().readaheadOrder());
    Scenario own = read(SMALLEST + "era: E2\npolicies: {completion: workqueue}\n");
    assertEquals("completion.workqueue", own.policies().get("completion"));
    assertEquals("writeback.inline", own.policies().get("writeback"));
  }

  @Test
  void foliosAreAsLargeAsTheFileSystemHasThemInLinux() throws Exception {
    assertEquals(9, read(SMALLEST).fileSystem().folioOrderMax());
    assertEquals(0, read(SMALLEST + "filesystem: ext2-like\n").fileSystem().folioOrderMax());
    assertEquals(
        3,
        read(SMALLEST + "filesystem: {type: iomap, folio-order: 3}\n")
            .fileSystem()
            .folioOrderMax());
  }

  @Test
  void blockDevicesHaveLargeFoliosSinceLinux615() throws Exception {
    String device = SMALLEST + "filesystem: block-device\n";
    assertEquals(0, read(device + "era: E1\n").fileSystem().deviceFolioOrderMax());
    assertEquals(9, read(device + "era: E2\n").fileSystem().deviceFolioOrderMax());
    assertEquals(9, read(device + "era: E2\n").fileSystem().folioOrderMax());
    // Files have theirs, and so has the device beside them.
    FileSystemSpec files = read(SMALLEST + "era: E0\nfilesystem: iomap\n").fileSystem();
    assertEquals(9, files.folioOrderMax());
    assertEquals(0, files.deviceFolioOrderMax());
    String own = "era: E2\nfilesystem: {type: block-device, folio-order: 2}\n";
    assertEquals(2, read(SMALLEST + own).fileSystem().deviceFolioOrderMax());
  }

  @Test
  void aSettingReplacesWhatTheFileSaysAndIsToldByItsOption() throws Exception {
    Scenario s =
        read(
            SMALLEST + "machine: laptop\nmemory: 1 GiB\n",
            new Setting("machine.cpus", "2", "--cpus"),
            new Setting("memory.size", "512 MiB", "--memory"),
            new Setting("policies.completion", "rt-thread", "--policy"));
    assertEquals(2, s.machine().cpus());
    assertEquals(PreemptModel.LAZY, s.machine().build().preempt(), "still the laptop's");
    assertEquals(512L << 20, s.memory().sizeBytes());
    assertEquals("completion.rt-thread", s.policies().get("completion"));
    assertEquals(
        List.of("--cpus: machine.cpus: 'x'; it must be a whole number, for example 4"),
        problems(SMALLEST, new Setting("machine.cpus", "x", "--cpus")));
  }

  @Test
  void aFallbackIsReadPerFamilyAndTheRestFollowsTheOtherWord() throws Exception {
    assertEquals(PolicyFaultResponse.FAIL, read(SMALLEST).onPolicyFault());
    PolicyFaultResponse one =
        read(SMALLEST + "on-policy-fault: fallback:completion.skip\n").onPolicyFault();
    assertEquals(
        new PolicyFaultResponse(
            Map.of("completion", "completion.skip"), PolicyFaultResponse.Otherwise.FAIL),
        one);
    assertEquals(
        Optional.empty(), one.fallbackFor(PolicyFamily.COMPLETION, "completion.skip"), "itself");
    assertEquals(
        new PolicyFaultResponse(
            Map.of("completion", "completion.skip", "writeback", "writeback.inline"),
            PolicyFaultResponse.Otherwise.SUSPEND),
        read(SMALLEST
                + "on-policy-fault: [fallback:writeback.inline, suspend, fallback:completion.skip]")
            .onPolicyFault());
  }

  @Test
  void aFallbackThatCantBeIsRefused() {
    assertEquals(
        List.of(
            "s.yaml:3:18: on-policy-fault: 'resume' is not known",
            "s.yaml:3:18: on-policy-fault: 'fallback:skip' names no family; write"
                + " fallback:FAMILY.NAME",
            "s.yaml:3:18: on-policy-fault: no policy 'completion.skap'",
            "s.yaml:3:18: on-policy-fault: names two fallbacks of family writeback; remove one",
            "s.yaml:3:18: on-policy-fault: 'fail' after 'suspend'; remove one"),
        problems(
                SMALLEST
                    + "on-policy-fault: [resume, fallback:skip, fallback:completion.skap,"
                    + " fallback:writeback.inline, fallback:writeback.kick-counted, suspend, fail]")
            .stream()
            .map(problem -> problem.lines().findFirst().get())
            .toList());
  }

  @Test
  void anUnknownFigureOrJobInExpectIsRefused() {
    List<String> found =
        problems(SMALLEST + "expect: {bios-losst: 0, reader: {clat-p99: 1 ms}, bios-lost: 3 s}\n");
    assertTrue(found.get(0).startsWith("s.yaml:3:22: expect.bios-losst: there is no figure"));
    assertTrue(found.get(0).endsWith("did you mean 'bios-lost'?"));
    assertTrue(found.get(1).startsWith("s.yaml:3:33: expect.reader: there is no job 'reader'"));
    assertTrue(found.get(2).startsWith("s.yaml:3:62: expect.bios-lost: '3 s' has a unit"));
  }

  @Test
  void expectationsCompareAsTheyAreWritten() throws Exception {
    Scenario s =
        read(
            SMALLEST
                + "expect: {writer: {clat-p99: 1 ms to 2 ms}, writer-stall-p99: '>= 5 us',"
                + " bios-lost: 3}\n");
    Expectation range = s.expectations().get(0);
    assertEquals("writer", range.job().get());
    assertEquals(
        List.of(false, true, true, false),
        List.of(
            range.holds(999_999),
            range.holds(1_000_000),
            range.holds(2_000_000),
            range.holds(2_000_001)));
    assertTrue(s.expectations().get(1).holds(5_000));
    assertTrue(!s.expectations().get(1).holds(4_999));
    assertTrue(s.expectations().get(2).holds(3) && !s.expectations().get(2).holds(3.5));
  }

  @Test
  void aJobFileIsAScenarioOfItsOwn(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("seq.fio");
    Files.writeString(
        file,
        """
        [global]
        rw=write
        bs=1m
        size=8m
        group_reporting
        gtod_reduce=1
        [a]
        [b]
        ioengine=pvsync2
        uncached=1
        """);
    Scenario s = reader.read(file, List.of(new Setting("era", "E3", "--era")));
    assertEquals("seq", s.name());
    assertEquals(List.of("a", "b"), s.workload().jobs().stream().map(FioJob::name).toList());
    assertEquals(CacheMode.DONTCACHE, s.workload().jobs().get(1).cache());
    assertEquals("E3", s.era());
  }

  @Test
  void aJobFilesMistakesHaveItsOwnPositions(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("bad.fio");
    Files.writeString(file, "[a]\nrw=wriet\nsize=1m\n");
    ScenarioException e = assertThrows(ScenarioException.class, () -> reader.read(file, List.of()));
    assertTrue(e.getMessage().startsWith(file + ":2: "), e.getMessage());
  }

  @Test
  void filesAreTakenForWhatTheyHold() {
    assertTrue(ScenarioReader.isJobFile("x.fio", ""));
    assertTrue(ScenarioReader.isJobFile("job", "; a comment\n\n[global]\n"));
    assertTrue(!ScenarioReader.isJobFile("x.yaml", "[global]\n"));
    assertTrue(!ScenarioReader.isJobFile("x", "scenario: s\n"));
  }

  @Test
  void optionsOfACommandLineStandBeforeAJobFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("j.fio"), "[j]\nrw=write\nbs=4k\n");
    for (String option : List.of("size=1m", "--size=1m")) {
      Scenario s =
          reader.read(file, List.of(new Setting("workload.options", "[" + option + "]", "--set")));
      assertEquals(1 << 20, s.workload().jobs().get(0).size().size().bytes());
    }
  }
}
