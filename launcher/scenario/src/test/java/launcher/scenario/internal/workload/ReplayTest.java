package launcher.scenario.internal.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import launcher.fio.sequence.IoDirection;
import launcher.scenario.FileSystemSpec;
import launcher.scenario.FileSystemSpec.Type;
import launcher.scenario.FileSystemSpec.WriteKind;
import launcher.scenario.Replay;
import launcher.scenario.Replay.Pace;
import launcher.trace.TraceReader;
import launcher.trace.replay.OperationTape;
import launcher.trace.replay.ReplayRules;
import launcher.trace.replay.TapeRecorder;
import launcher.trace.replay.TapeTarget;
import org.junit.jupiter.api.Test;

/**
 * When recorded operations are made again. No call costs anything, and a read of the device takes
 * {@code READ_NS}; recorded times begin a millisecond after the jobs.
 */
class ReplayTest {
  private static final long LEAD_NS = 1_000_000;
  private static final long READ_NS = WorkloadRig.DEVICE_NS;

  private static OperationTape tape(String... lines) {
    String text = "fio version 3 iolog\n0 a add\n0 b add\n" + String.join("\n", lines) + "\n";
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    TraceReader reader = TraceReader.of("t", () -> new ByteArrayInputStream(bytes));
    try {
      return new TapeRecorder(reader, ReplayRules.ALL).record().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static WorkloadRig rig(Pace pace, double speed, OperationTape tape, String... lines) {
    FileSystemSpec spec = WorkloadRig.spec(Type.IOMAP, WriteKind.AS_THE_JOB_SAYS);
    List<String> paths = tape.targets().stream().map(TapeTarget::name).toList();
    return new WorkloadRig(
        WorkloadRig.free(2),
        spec,
        jobs ->
            List.of(
                new Replay(
                    IntStream.range(0, jobs.size()).boxed().toList(), tape, paths, pace, speed)),
        lines);
  }

  private static List<Long> starts(WorkloadRig rig) {
    return rig.ios.stream().map(WorkloadRig.Io::startNs).sorted().toList();
  }

  @Test
  void operationsBeginAtTheirTimesWhateverIsInFlight() {
    OperationTape tape = tape("0 a read 0 4096", "10 a read 8192 4096", "15 b read 0 4096");
    WorkloadRig rig = rig(Pace.ARRIVALS, 1, tape, "size=1m", "direct=1", "numjobs=3").run();
    assertEquals(List.of(LEAD_NS, LEAD_NS + 10_000, LEAD_NS + 15_000), starts(rig));
    assertEquals(List.of(), rig.engine.notes());
  }

  @Test
  void twiceAsFastHalvesTheTimes() {
    OperationTape tape = tape("0 a read 0 4096", "10 a read 8192 4096", "15 b read 0 4096");
    WorkloadRig rig = rig(Pace.ARRIVALS, 2, tape, "size=1m", "direct=1", "numjobs=3").run();
    assertEquals(List.of(LEAD_NS, LEAD_NS + 5_000, LEAD_NS + 7_500), starts(rig));
  }

  @Test
  void whoeverIsLateCountsFromTheRecordedTime() {
    OperationTape tape = tape("0 a read 0 4096", "10 a read 8192 4096");
    WorkloadRig rig = rig(Pace.ARRIVALS, 1, tape, "size=1m", "direct=1", "rw=read").run();
    assertEquals(List.of(LEAD_NS, LEAD_NS + 10_000), starts(rig));
    // The only task is busy with the first read until READ_NS.
    assertEquals(LEAD_NS + READ_NS, rig.ios.get(1).submitNs());
    assertEquals(
        List.of(
            "1 of 2 operations began late, by "
                + (READ_NS - 10_000) / 1000
                + " us at most, as all 1 tasks of the replay were busy; the wait is in their slat"),
        rig.engine.notes());
  }

  @Test
  void gapsCountFromTheIssueOfTheOneBefore() {
    OperationTape tape = tape("7 a read 0 4096", "12 a read 8192 4096", "1012 b read 0 4096");
    WorkloadRig rig = rig(Pace.GAPS, 1, tape, "size=1m", "direct=1", "rw=read").run();
    // 5 us after the first it is still on its way: the second waits for its end.
    long second = 7_000 + READ_NS;
    assertEquals(List.of(7_000L, second, second + 1_000_000), starts(rig));
  }

  @Test
  void withoutStallsOneFollowsTheOther() {
    OperationTape tape = tape("700 a read 0 4096", "9000 a read 8192 4096");
    WorkloadRig rig = rig(Pace.NONE, 1, tape, "size=1m", "direct=1", "rw=read").run();
    assertEquals(List.of(0L, READ_NS), starts(rig));
  }

  @Test
  void anAsynchronousJobTakesWhatCompletesWhileItWaits() {
    OperationTape tape = tape("0 a read 0 4096", "10 a read 8192 4096", "5000 b read 0 4096");
    WorkloadRig rig =
        rig(Pace.GAPS, 1, tape, "size=1m", "direct=1", "rw=read", "ioengine=libaio", "iodepth=8")
            .run();
    assertEquals(List.of(0L, 10_000L, 5_000_000L), starts(rig));
    // Both are told at their own ends, long before the third is due.
    assertEquals(READ_NS, rig.ios.get(0).completeNs());
    assertTrue(rig.ios.get(1).completeNs() < 1_000_000, rig.ios::toString);
  }

  @Test
  void syncsAndWritesReachTheirFiles() {
    OperationTape tape =
        tape("0 a write 0 4096", "10 a write 8192 4096", "20 a datasync 0 0", "30 b sync 0 0");
    WorkloadRig rig = rig(Pace.GAPS, 1, tape, "size=1m", "rw=write").run();
    assertEquals(2, rig.of(IoDirection.WRITE).size());
    assertEquals(1, rig.of(IoDirection.DATASYNC).size());
    assertEquals(1, rig.of(IoDirection.SYNC).size());
    assertEquals(
        List.of(0L, 8192L),
        rig.of(IoDirection.WRITE).stream().map(WorkloadRig.Io::offset).toList());
  }

  @Test
  void aStoppedReplayEndsAtOnce() {
    OperationTape tape = tape("0 a read 0 4096", "5000000 a read 8192 4096");
    WorkloadRig rig = rig(Pace.ARRIVALS, 1, tape, "size=1m", "direct=1", "numjobs=2");
    rig.engine.start();
    rig.machine.runUntil(10_000_000);
    rig.engine.stop();
    rig.machine.runUntil(20_000_000);
    assertTrue(rig.engine.isEnded());
    assertEquals(1, rig.ios.size());
  }
}
