package launcher.scenario.internal.workload;

import static launcher.scenario.FileSystemSpec.Type.BLOCK_DEVICE;
import static launcher.scenario.FileSystemSpec.Type.EXT2_LIKE;
import static launcher.scenario.FileSystemSpec.Type.IOMAP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import launcher.fio.job.FioJob;
import launcher.fio.sequence.ExistingFiles;
import launcher.fio.sequence.IoDirection;
import launcher.fio.sequence.IoSequence;
import launcher.scenario.FileSystemSpec;
import launcher.scenario.internal.workload.WorkloadRig.Io;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

class WorkloadEngineTest {
  private static final long MS = 1_000_000;

  private static WorkloadRig run(FileSystemSpec.Type type, String... lines) {
    return new WorkloadRig(WorkloadRig.free(4), type, lines).run();
  }

  @Test
  void aDirectReadTakesTheCallAndTheDeviceAndTheWayBack() {
    MachineProfile profile =
        WorkloadRig.free(1)
            .with(Cost.USER_IO, 7)
            .with(Cost.SYSCALL, 100)
            .with(Cost.BIO_SUBMIT, 1_000)
            .with(Cost.HARDIRQ_ENTRY, 300)
            .with(Cost.WORKER_WAKEUP, 6_000);
    WorkloadRig rig =
        new WorkloadRig(
                profile, BLOCK_DEVICE, "rw=read", "bs=4k", "size=4k", "direct=1", "invalidate=0")
            .run();
    Io io = rig.ios.get(0);
    // The task is woken on an idle CPU, which takes 6000; the I/O is made up in 7; call and
    // submission 1100; device 100000; the interrupt's handler runs 300
    // later and wakes the task, which needs 6000.
    assertEquals(List.of(6_007L, 6_007L), List.of(io.startNs(), io.submitNs()));
    assertEquals(6_007 + 1_100 + WorkloadRig.DEVICE_NS + 300 + 6_000, io.completeNs());
    assertEquals(4096, io.doneBytes());
    assertEquals(1, rig.ios.size());
  }

  @Test
  void theNullEngineTakesNothingButTheJobsOwnTime() {
    WorkloadRig rig =
        new WorkloadRig(
                MachineProfile.ofCpus(1), IOMAP, "ioengine=null", "rw=randrw", "bs=4k", "size=12k")
            .run();
    long begin = Cost.WORKER_WAKEUP.defaultNs();
    long own = Cost.USER_IO.defaultNs();
    assertEquals(
        List.of(begin + own, begin + 2 * own, begin + 3 * own),
        rig.ios.stream().map(Io::completeNs).toList());
    assertEquals(12 << 10, rig.engine.bytesDone());
    assertEquals(0, rig.bios);
  }

  @Test
  void depthFourMeansFourAtATime() {
    WorkloadRig rig =
        run(
            BLOCK_DEVICE,
            "ioengine=io_uring",
            "rw=randread",
            "bs=4k",
            "size=64k",
            "direct=1",
            "iodepth=4");
    // 16 reads, free of CPU cost: the fifth begins when one of the first four ended.
    assertEquals(16, rig.ios.size());
    assertEquals(4 * WorkloadRig.DEVICE_NS, rig.endNs);
  }

  @Test
  void submissionLatencyOfAnAsynchronousEngineEndsWithItsCall() {
    MachineProfile profile =
        WorkloadRig.free(1).with(Cost.SYSCALL, 100).with(Cost.BIO_SUBMIT, 1_000);
    WorkloadRig rig =
        new WorkloadRig(
                profile,
                BLOCK_DEVICE,
                "ioengine=libaio",
                "rw=read",
                "bs=4k",
                "size=8k",
                "direct=1",
                "iodepth=2",
                "iodepth_batch=2",
                "invalidate=0")
            .run();
    // One io_submit for both: entered at 0, two bios, so its end is 100 + 2 * 1000.
    assertEquals(List.of(0L, 0L), rig.ios.stream().map(Io::startNs).toList());
    assertEquals(List.of(2_100L, 2_100L), rig.ios.stream().map(Io::submitNs).toList());
  }

  @Test
  void bufferedLibaioBlocksInItsSubmission() {
    WorkloadRig rig = run(IOMAP, "ioengine=libaio", "rw=read", "bs=4k", "size=4k", "iodepth=8");
    Io io = rig.ios.get(0);
    assertEquals(WorkloadRig.DEVICE_NS, io.submitNs() - io.startNs());
    assertEquals(io.submitNs(), io.completeNs());
  }

  @Test
  void bufferedReadsThatMissGoToIoWqAndOverlap() {
    WorkloadRig rig =
        run(IOMAP, "ioengine=io_uring", "rw=randread", "bs=4k", "size=16k", "iodepth=4");
    assertEquals(4, rig.ios.size());
    assertEquals(List.of(0L, 0L, 0L, 0L), rig.ios.stream().map(Io::submitNs).toList());
    assertEquals(WorkloadRig.DEVICE_NS, rig.endNs);
    assertEquals(
        4, rig.machine.tasks().stream().filter(task -> task.name().startsWith("iou-wrk")).count());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sync",
        "psync",
        "vsync",
        "pvsync",
        "pvsync2",
        "libaio",
        "io_uring",
        "posixaio",
        "null"
      })
  void everyEngineIssuesWhatTheSequenceSays(String engine) {
    String[] lines = {
      "ioengine=" + engine,
      "rw=randrw",
      "bsrange=4k-64k",
      "size=1m",
      "nrfiles=3",
      "iodepth=4",
      "fsync=5",
      "loops=2"
    };
    FioJob job = WorkloadRig.jobs(lines).get(0);
    List<String> expected = new ArrayList<>();
    IoSequence sequence = IoSequence.of(job, ExistingFiles.EMPTY);
    while (sequence.next(0)) {
      expected.add(
          sequence.direction() + " " + sequence.offsetBytes() + "+" + sequence.lengthBytes());
    }
    for (FileSystemSpec.Type type : FileSystemSpec.Type.values()) {
      List<String> issued =
          run(type, lines).ios.stream()
              .sorted(java.util.Comparator.comparingLong(Io::number))
              .peek(io -> assertEquals(0, io.error()))
              .peek(io -> assertEquals(io.bytes(), io.doneBytes()))
              .map(io -> io.direction() + " " + io.offset() + "+" + io.bytes())
              .toList();
      assertEquals(expected, issued, engine + " on " + type);
    }
  }

  @Test
  void aStonewallWaitsForAllBeforeItAndTheRestGoesWithIt() {
    WorkloadRig rig =
        run(
            BLOCK_DEVICE,
            "[global]",
            "rw=read",
            "bs=4k",
            "direct=1",
            "[one]",
            "size=8k",
            "[two]",
            "size=4k",
            "[three]",
            "stonewall",
            "size=4k",
            "[four]",
            "size=4k");
    assertEquals(0, rig.of("two").get(0).startNs());
    assertEquals(2 * WorkloadRig.DEVICE_NS, rig.of("three").get(0).startNs());
    assertEquals(2 * WorkloadRig.DEVICE_NS, rig.of("four").get(0).startNs());
  }

  @Test
  void aDelayCountsFromTheStartOfTheRunAndWaitForFromAJobsEnd() {
    WorkloadRig rig =
        run(
            BLOCK_DEVICE,
            "[global]",
            "rw=read",
            "bs=4k",
            "size=4k",
            "direct=1",
            "[late]",
            "startdelay=3ms",
            "[after]",
            "wait_for=late",
            "startdelay=1ms");
    assertEquals(3 * MS, rig.of("late").get(0).startNs());
    assertEquals(3 * MS + WorkloadRig.DEVICE_NS, rig.of("after").get(0).startNs());
  }

  @Test
  void aRateSpacesItsIos() {
    WorkloadRig rig =
        run(BLOCK_DEVICE, "rw=read", "bs=4k", "size=16k", "direct=1", "rate_iops=1000");
    assertEquals(List.of(0L, MS, 2 * MS, 3 * MS), rig.ios.stream().map(Io::startNs).toList());
  }

  @Test
  void aPauseFollowsEachBlockAndItsSpinKeepsTheCpu() {
    WorkloadRig rig =
        run(
            BLOCK_DEVICE,
            "rw=read",
            "bs=4k",
            "size=16k",
            "direct=1",
            "thinktime=1000",
            "thinktime_spin=300",
            "thinktime_blocks=2");
    long pair = 2 * WorkloadRig.DEVICE_NS + MS;
    assertEquals(
        List.of(0L, WorkloadRig.DEVICE_NS, pair, pair + WorkloadRig.DEVICE_NS),
        rig.ios.stream().map(Io::startNs).toList());
    long user = 0;
    for (int cpu = 0; cpu < 4; cpu++) {
      user += rig.machine.cpu(cpu).timeNs(sim.kernel.CpuTime.USER);
    }
    assertEquals(2 * 300_000, user);
  }

  @Test
  void runtimeEndsAJobBetweenTwoIosAndRampIsNotMeasured() {
    WorkloadRig rig =
        run(
            BLOCK_DEVICE,
            "rw=read",
            "bs=4k",
            "size=64k",
            "direct=1",
            "time_based",
            "ramp_time=1ms",
            "runtime=2050us");
    // One each 100 us from 0 on; those from 1 ms to before 3.05 ms count: 21 of them.
    assertEquals(21, rig.ios.size());
    assertEquals(MS, rig.ios.get(0).startNs());
    assertEquals(3_100_000, rig.endNs);
    assertEquals(-1, rig.engine.bytesPlanned());
  }

  @Test
  void stoppedJobsEndAndThoseThatHaveNotBegunNeverDo() {
    WorkloadRig rig =
        new WorkloadRig(
            WorkloadRig.free(2),
            BLOCK_DEVICE,
            "[a]",
            "rw=read",
            "bs=4k",
            "size=64k",
            "direct=1",
            "[b]",
            "rw=read",
            "bs=4k",
            "size=64k",
            "thinktime=1000000",
            "[c]",
            "stonewall",
            "rw=read",
            "bs=4k",
            "size=4k");
    rig.engine.start();
    rig.machine.runUntil(250_000);
    rig.engine.stop();
    rig.machine.runUntil(250_000);
    assertTrue(!rig.engine.isEnded(), "a read is in flight");
    rig.machine.runUntil(300_000);
    assertTrue(rig.engine.isEnded());
    assertEquals(
        List.of(3, 1, 0), List.of(rig.of("a").size(), rig.of("b").size(), rig.of("c").size()));
    assertEquals(300_000, rig.endNs);
  }

  @Test
  void dontcacheWritesLeaveNothingCached() {
    WorkloadRig rig =
        run(
            IOMAP,
            "ioengine=pvsync2",
            "uncached=1",
            "rw=write",
            "bs=64k",
            "size=1m",
            "fsync=4",
            "end_fsync=1");
    rig.machine.runUntil(rig.endNs + 100 * MS);
    assertEquals(256, rig.droppedPages);
    assertEquals(0, rig.cache.stats().get(mm.core.NodeStat.FILE_PAGES));
    assertEquals(16, rig.of(IoDirection.WRITE).size());
    // After the 4th, 8th and 12th write; the one at the end is not counted, as by fio.
    assertEquals(3, rig.of(IoDirection.SYNC).size());
  }

  @Test
  void dontcacheWhereItIsNotSupportedEndsTheJobWithItsFirstIo() {
    WorkloadRig rig =
        new WorkloadRig(
                WorkloadRig.free(1),
                new FileSystemSpec(
                    EXT2_LIKE,
                    4096,
                    0,
                    FileSystemSpec.WriteKind.AS_THE_JOB_SAYS,
                    fs.iomap.DontcacheCompletion.BIO_UNLESS_WORKQUEUE,
                    fs.buffer.BufferDontcache.NOT_SUPPORTED),
                "ioengine=io_uring",
                "uncached=1",
                "rw=write",
                "bs=4k",
                "size=1m")
            .run();
    assertEquals(1, rig.ios.size());
    assertEquals(95, rig.ios.get(0).error());
    assertTrue(
        rig.engine.notes().toString().contains("error 95 of WRITE"), rig.engine.notes()::toString);
  }

  @Test
  void jobsThatNameOnePathShareItsPages() {
    WorkloadRig rig =
        run(
            IOMAP,
            "[global]",
            "filename=shared",
            "bs=4k",
            "size=4k",
            "rw=read",
            "invalidate=0",
            "[one]",
            "[two]",
            "stonewall");
    assertEquals(1, rig.bios);
    assertEquals(0, rig.of("two").get(0).completeNs() - rig.of("two").get(0).startNs());
  }

  @Test
  void whatDoesNotFitTheDeviceIsRefusedWithItsPlace() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> run(BLOCK_DEVICE, "rw=write", "bs=4k", "size=500t"));
    assertTrue(refusal.getMessage().startsWith("t.fio:1: [j]: "), refusal.getMessage());
  }
}
