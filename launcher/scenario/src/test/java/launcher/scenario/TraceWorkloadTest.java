package launcher.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import launcher.fio.job.CacheMode;
import launcher.fio.job.FioJob;
import launcher.scenario.Replay.Pace;
import launcher.scenario.policy.PolicyFamily;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the keys of {@code workload: {trace: FILE}} do. */
class TraceWorkloadTest {
  private static final String LOG = "fio version 3 iolog\n1 a add\n2 a read 0 4096\n";
  private static final String EVENTS =
      "  fio-1 [000] .....  5.0: block_bio_queue: 8,0 W 16 + 8 [fio]\n"
          + "  fio-1 [000] .....  5.1: block_bio_queue: 9,0 R 16 + 8 [fio]\n";

  @TempDir Path folder;

  private final ScenarioReader reader =
      new ScenarioReader(
          new NamedPolicies()
              .add(PolicyFamily.COMPLETION, "completion.workqueue", host -> null)
              .add(PolicyFamily.DROPBEHIND, "dropbehind.task-only", host -> null)
              .add(PolicyFamily.WRITEBACK, "writeback.kick-counted", host -> null)
              .add(PolicyFamily.EVICTION, "eviction.batched", host -> null),
          Map.of(),
          Map.of());

  private Scenario read(String trace, String keys) throws Exception {
    Files.writeString(folder.resolve("t"), trace);
    String text = "scenario: s\nworkload: {trace: t" + keys + "}\n";
    return reader.readText(folder.resolve("s.yaml").toString(), text, List.of());
  }

  private void assertRefused(String trace, String keys, String reason) {
    String message = assertThrows(ScenarioException.class, () -> read(trace, keys)).getMessage();
    assertTrue(message.contains(reason), message);
  }

  @Test
  void aLogBecomesBufferedCallsByManyTasks() throws Exception {
    Workload workload = read(LOG, "").workload();
    Replay replay = workload.replays().get(0);
    assertEquals(64, workload.jobs().size());
    assertEquals(64, replay.jobs().size());
    assertEquals(List.of("a"), replay.paths());
    assertEquals(Pace.ARRIVALS, replay.pace());
    assertEquals(CacheMode.BUFFERED, workload.jobs().get(0).cache());
    assertEquals("replay", workload.jobs().get(0).name());
  }

  @Test
  void keysSayHow() throws Exception {
    Workload workload = read(LOG, ", as: dontcache, pace: gaps, speed: 0.5").workload();
    assertEquals(
        List.of(CacheMode.DONTCACHE), workload.jobs().stream().map(FioJob::cache).toList());
    assertEquals(0.5, workload.replays().get(0).speed());
    assertEquals(3, read(LOG, ", tasks: 3").workload().jobs().size());
  }

  @Test
  void requestsOfADeviceGoToTheDevice() throws Exception {
    Workload workload = read(EVENTS, ", device: '9:0'").workload();
    assertEquals(List.of("/dev/9:0"), workload.replays().get(0).paths());
    assertEquals(CacheMode.DIRECT, workload.jobs().get(0).cache());
    assertEquals(List.of("requests of device 9:0 as they were queued"), workload.notes());
    Workload file = read(EVENTS, ", device: '9:0', as: buffered").workload();
    assertEquals(List.of("9:0"), file.replays().get(0).paths());
  }

  @Test
  void aListWithoutTimesIsPlayedOneAfterTheOther() throws Exception {
    Workload workload = read("write 0 4096\n", "").workload();
    assertEquals(Pace.NONE, workload.replays().get(0).pace());
    assertEquals(1, workload.jobs().size());
    assertRefused("write 0 4096\n", ", pace: arrivals", "the trace has no times: leave it out");
  }

  @Test
  void whatCannotBeIsToldWithItsKey() {
    assertRefused(EVENTS, "", "choose one by --device: 8:0 has 1, 9:0 has 1");
    assertRefused(LOG, ", device: 9", "'9'; it must be MAJOR:MINOR");
    assertRefused(LOG, ", speed: fast", "'fast'; it must be a number above 0");
    assertRefused(LOG, ", pace: gaps, tasks: 2", "only pace: arrivals has more than one task");
    assertRefused(LOG, ", align: 3 B", "it must be a power of two");
    assertRefused(LOG, ", format: tape", "there is no format 'tape'");
    assertRefused(LOG, ", layer: queued", "it has no devices and layers to choose from");
    assertRefused(LOG, ", spede: 2", "did you mean 'speed'");
    assertRefused(LOG + "x\n", ", strict: true", "without --strict such lines are counted");
  }

  private List<Replay> jobs(String... options) throws Exception {
    Files.writeString(folder.resolve("t"), LOG);
    Files.writeString(folder.resolve("u"), LOG.replace(" a ", " b "));
    Files.writeString(folder.resolve("j.fio"), "[j]\n" + String.join("\n", options) + "\n");
    String text = "scenario: s\nworkload: {fio: j.fio}\n";
    return reader
        .readText(folder.resolve("s.yaml").toString(), text, List.of())
        .workload()
        .replays();
  }

  @Test
  void aJobFileNamesLogsAndWhatBecomesOfThem() throws Exception {
    Replay replay = jobs("read_iolog=t", "directory=d", "replay_time_scale=50").get(0);
    assertEquals(List.of("d/a"), replay.paths());
    assertEquals(Pace.GAPS, replay.pace());
    assertEquals(0.5, replay.speed());
    assertEquals(List.of(0), replay.jobs());
    Replay other = jobs("read_iolog=t", "replay_redirect=/dev/x", "replay_no_stall=1").get(0);
    assertEquals(List.of("/dev/x"), other.paths());
    assertEquals(Pace.NONE, other.pace());
  }

  @Test
  void clonesTakeTurnsAtAListOfLogs() throws Exception {
    List<Replay> replays = jobs("read_iolog=t:u", "numjobs=3");
    // fio creates the highest clone before the others, but the first: 0, 2, 1.
    assertEquals(
        List.of(List.of("a"), List.of("a"), List.of("b")),
        replays.stream().map(Replay::paths).toList());
    assertSame(replays.get(0).tape(), replays.get(1).tape());
  }

  @Test
  void aLogThatIsNoneIsToldWithItsJob() {
    String message =
        assertThrows(ScenarioException.class, () -> jobs("read_iolog=missing")).getMessage();
    assertTrue(message.contains("j.fio:1: [j]: read_iolog=missing: there is no file"), message);
    String list =
        assertThrows(ScenarioException.class, () -> jobs("read_iolog=j.fio")).getMessage();
    assertTrue(list.contains("is JSON or a job file, not a trace"), list);
  }

  @Test
  void aSavedRunCarriesATraceThatIsText() throws Exception {
    Files.writeString(folder.resolve("t"), LOG);
    ScenarioFiles files = ScenarioFiles.onDisk();
    String name = folder.resolve("t").toString();
    assertEquals(LOG, new String(files.open(name).readAllBytes()));
    assertEquals(List.of(name), List.copyOf(files.readSoFar().keySet()));
    ScenarioFiles carried = ScenarioFiles.of(files.readSoFar());
    Files.delete(folder.resolve("t"));
    assertEquals(LOG, new String(carried.open(name).readAllBytes()));
  }
}
