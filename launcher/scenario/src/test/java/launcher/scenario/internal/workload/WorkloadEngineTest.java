package launcher.scenario.internal.workload;

import static launcher.scenario.FileSystemSpec.Type.BLOCK_DEVICE;
import static launcher.scenario.FileSystemSpec.Type.EXT2_LIKE;
import static launcher.scenario.FileSystemSpec.Type.IOMAP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.BlkStatus;
import block.bio.device.DeviceFaults;
import java.util.ArrayList;
import java.util.List;
import launcher.fio.job.FioJob;
import launcher.fio.sequence.ExistingFiles;
import launcher.fio.sequence.IoDirection;
import launcher.fio.sequence.IoSequence;
import launcher.scenario.FileSystemSpec;
import launcher.scenario.internal.workload.WorkloadRig.Io;
import mm.core.NodeStat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sim.kernel.CpuTime;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

class WorkloadEngineTest {
  private static final DeviceFaults FAIL_ALL = (op, sector, sizeBytes) -> BlkStatus.IOERR;
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

  private static WorkloadRig directOverwrite(FileSystemSpec.DirectEnd end) {
    return new WorkloadRig(
            WorkloadRig.free(1).with(Cost.QUEUE_WORK, 250).with(Cost.CONTEXT_SWITCH, 1_300),
            WorkloadRig.spec(IOMAP, FileSystemSpec.WriteKind.OVERWRITE, end),
            "ioengine=io_uring",
            "rw=write",
            "bs=4k",
            "size=4k",
            "overwrite=1",
            "direct=1")
        .run();
  }

  @Test
  void aDirectOverwriteEndsWhereItsBioDoesOrAlwaysByTheWorkqueue() {
    WorkloadRig inline = directOverwrite(FileSystemSpec.DirectEnd.WHERE_IT_CAN);
    WorkloadRig hop = directOverwrite(FileSystemSpec.DirectEnd.BY_WORKQUEUE);
    assertEquals(1, hop.ios.size());
    // The item's queueing, and the switch to its worker.
    assertEquals(1_550, hop.endNs - inline.endNs);
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
        "mmap",
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
    for (FileSystemSpec.Type type : List.of(IOMAP, EXT2_LIKE, BLOCK_DEVICE)) {
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
      user += rig.machine.cpu(cpu).timeNs(CpuTime.USER);
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
    assertEquals(0, rig.cache.stats().get(NodeStat.FILE_PAGES));
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
                    0,
                    FileSystemSpec.WriteKind.AS_THE_JOB_SAYS,
                    FileSystemSpec.DirectEnd.WHERE_IT_CAN,
                    fs.iomap.DontcacheCompletion.BIO_UNLESS_WORKQUEUE,
                    fs.buffer.BufferDontcache.NOT_SUPPORTED,
                    fs.buffer.ext4.Ext4Settings.DEFAULT,
                    fs.iomap.erofs.ErofsSettings.DEFAULT,
                    fs.iomap.IntegrityReads.BLOCK_LAYER,
                    fs.iomap.ErrorReport.IN_TASK,
                    0),
                "ioengine=io_uring",
                "uncached=1",
                "rw=write",
                "bs=4k",
                "size=1m")
            .run();
    assertEquals(1, rig.ios.size());
    assertEquals(95, rig.ios.get(0).error());
    assertTrue(
        rig.engine.notes().toString().contains("error 95 (EOPNOTSUPP) of WRITE"),
        rig.engine.notes()::toString);
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

  @Test
  void aFailedReadEndsItsJobAndNoOther() {
    WorkloadRig rig =
        new WorkloadRig(
            WorkloadRig.free(2),
            BLOCK_DEVICE,
            "[global]",
            "rw=read",
            "bs=4k",
            "direct=1",
            "[bad]",
            "size=64k",
            "[good]",
            "ioengine=null",
            "size=64k");
    rig.engine.start();
    rig.machine.runUntil(WorkloadRig.DEVICE_NS + 1);
    rig.device.setFaults(FAIL_ALL);
    rig.machine.runUntil(10 * MS);
    assertTrue(rig.engine.isEnded());
    assertEquals(List.of(0L, 5L), rig.of("bad").stream().map(Io::error).toList());
    assertEquals(16, rig.of("good").size());
    assertEquals(4096 + (64 << 10), rig.engine.bytesDone());
  }

  @Test
  void unalignedDirectIoIsInvalid() {
    WorkloadRig rig = run(IOMAP, "rw=read", "bs=1000", "size=2000", "direct=1");
    assertEquals(List.of(22L), rig.ios.stream().map(Io::error).toList());
  }

  @Test
  void exitallEndsTheOthersOfItsStage() {
    WorkloadRig rig =
        run(
            BLOCK_DEVICE,
            "[global]",
            "rw=read",
            "bs=4k",
            "direct=1",
            "exit_what=stonewall",
            "[short]",
            "size=8k",
            "exitall",
            "[long]",
            "size=64k",
            "[after]",
            "stonewall",
            "size=12k");
    // When the short one ends at 200 us, the long one has just begun its third or ended its second.
    assertTrue(rig.of("long").size() <= 3, rig.of("long")::toString);
    assertEquals(3, rig.of("after").size());
  }

  @Test
  void aFullQueueIsLetRunDownToItsLowWater() {
    WorkloadRig rig =
        new WorkloadRig(
                WorkloadRig.free(1).with(Cost.BIO_SUBMIT, 10_000),
                BLOCK_DEVICE,
                "ioengine=libaio",
                "rw=read",
                "bs=4k",
                "size=32k",
                "direct=1",
                "invalidate=0",
                "iodepth=4",
                "iodepth_low=1",
                "iodepth_batch_complete_max=1")
            .run();
    // Four submissions of 10 us each end at 10 to 40 us, their reads at 110 to 140 us: the third
    // leaves one in flight.
    assertEquals(
        130_000, rig.of(IoDirection.READ).stream().mapToLong(Io::startNs).sorted().toArray()[4]);
  }

  @Test
  void posixaioHasOneThreadForEachFile() {
    String[] lines = {
      "ioengine=posixaio", "rw=randread", "bs=4k", "size=16k", "direct=1", "iodepth=4", "nrfiles=1"
    };
    assertEquals(4 * WorkloadRig.DEVICE_NS, run(BLOCK_DEVICE, lines).endNs);
    lines[6] = "nrfiles=2";
    WorkloadRig rig = run(BLOCK_DEVICE, lines);
    assertEquals(2 * WorkloadRig.DEVICE_NS, rig.endNs);
    assertEquals(
        2, rig.machine.tasks().stream().filter(task -> task.name().equals("aio-1")).count());
  }

  @Test
  void completionsAreTakenWhenTheLeastCountIsThere() {
    WorkloadRig rig =
        new WorkloadRig(
                WorkloadRig.free(1).with(Cost.BIO_SUBMIT, 10_000),
                BLOCK_DEVICE,
                "ioengine=io_uring",
                "rw=read",
                "bs=4k",
                "size=16k",
                "direct=1",
                "invalidate=0",
                "iodepth=4",
                "iodepth_batch_complete_min=4")
            .run();
    // They end at 110 to 140 us, and are looked at together.
    assertEquals(
        List.of(140_000L, 140_000L, 140_000L, 140_000L),
        rig.ios.stream().map(Io::completeNs).toList());
  }

  @Test
  void whatWasCachedDuringADirectWriteIsDroppedAtItsEnd() {
    WorkloadRig rig =
        run(
            IOMAP,
            "[global]",
            "filename=f",
            "bs=4k",
            "size=4k",
            "invalidate=0",
            "overwrite=1",
            "[w]",
            "rw=write",
            "direct=1",
            "[r1]",
            "startdelay=50us",
            "rw=read",
            "[r2]",
            "stonewall",
            "rw=read");
    assertEquals(3, rig.bios);
  }

  @Test
  void polledIoRaisesNoInterruptAndKeepsItsCpuBusy() {
    WorkloadRig rig =
        new WorkloadRig(
                WorkloadRig.free(1).with(Cost.BIO_POLL, 250).with(Cost.HARDIRQ_ENTRY, 5_000),
                BLOCK_DEVICE,
                "ioengine=io_uring",
                "hipri",
                "rw=read",
                "bs=4k",
                "size=8k",
                "direct=1",
                "iodepth=2")
            .run();
    assertEquals(WorkloadRig.DEVICE_NS, rig.endNs, 500);
    assertEquals(0, rig.machine.cpu(0).timeNs(CpuTime.HARDIRQ));
    assertEquals(rig.endNs, rig.machine.cpu(0).timeNs(CpuTime.SYSTEM), 250);
  }

  @ParameterizedTest
  @ValueSource(strings = {"psync", "io_uring"})
  void aSynchronousDirectWriteEndsWithTheJournal(String engine) {
    String[] lines = {
      "ioengine=" + engine, "rw=write", "bs=4k", "size=4k", "direct=1", "fallocate=none"
    };
    String[] synchronous = java.util.Arrays.copyOf(lines, 7);
    synchronous[6] = "sync=dsync";
    assertEquals(1, run(IOMAP, lines).bios);
    // The data, and the record that says where it is.
    assertEquals(2, run(IOMAP, synchronous).bios);
  }

  @Test
  void aBufferedReadAfterADirectWriteGoesToTheDevice() {
    WorkloadRig rig =
        run(
            IOMAP,
            "[global]",
            "filename=f",
            "bs=4k",
            "size=4k",
            "invalidate=0",
            "overwrite=1",
            "[r1]",
            "rw=read",
            "[w]",
            "stonewall",
            "rw=write",
            "direct=1",
            "[r2]",
            "stonewall",
            "rw=read");
    assertEquals(3, rig.bios);
  }

  @Test
  void theWholeFileSystemIsSyncedAtTheEndOfAJob() {
    String[] lines = {"rw=write", "bs=4k", "size=64k", "nrfiles=2"};
    assertEquals(0, run(IOMAP, lines).bios);
    String[] synced = {"rw=write", "bs=4k", "size=64k", "nrfiles=2", "end_syncfs=1"};
    WorkloadRig rig = run(IOMAP, synced);
    assertEquals(0, rig.cache.stats().get(NodeStat.FILE_DIRTY));
    assertTrue(rig.bios >= 2, "two files");
  }

  @Test
  void jobsOfAReportingGroupHaveOneName() {
    WorkloadRig rig =
        run(
            IOMAP,
            "[global]",
            "ioengine=null",
            "rw=write",
            "bs=4k",
            "size=4k",
            "group_reporting",
            "[a]",
            "[b]");
    assertEquals(2, rig.of("a").size());
    rig = run(IOMAP, "[global]", "ioengine=null", "rw=write", "bs=4k", "size=4k", "[a]", "[b]");
    assertEquals(1, rig.of("b").size());
  }

  @Test
  void jobsRunWhereTheyMay() {
    WorkloadRig rig =
        new WorkloadRig(
                MachineProfile.ofCpus(4),
                IOMAP,
                "ioengine=null",
                "rw=write",
                "bs=4k",
                "size=1m",
                "cpus_allowed=2")
            .run();
    assertEquals(256 * Cost.USER_IO.defaultNs(), rig.machine.cpu(2).timeNs(CpuTime.USER));
  }

  @Test
  void aLimitedGroupKeepsItsJobsCacheSmall() {
    WorkloadRig rig =
        new WorkloadRig(WorkloadRig.free(2), IOMAP, "rw=read", "bs=64k", "size=64m")
            .limited(4 << 20)
            .run();
    assertEquals(1024, rig.memcg.peakPages());
    assertEquals(64 << 20, rig.engine.bytesDone());
  }

  @Test
  void theSameJobsGiveTheSameTrace() {
    String[] lines = {
      "[global]",
      "rw=randrw",
      "bsrange=4k-64k",
      "size=2m",
      "startdelay=1ms-3ms",
      "[a]",
      "ioengine=io_uring",
      "iodepth=8",
      "numjobs=2",
      "[b]",
      "ioengine=posixaio",
      "iodepth=4",
      "fsync=7"
    };
    WorkloadRig first = new WorkloadRig(MachineProfile.ofCpus(4), EXT2_LIKE, lines).run();
    WorkloadRig second = new WorkloadRig(MachineProfile.ofCpus(4), EXT2_LIKE, lines).run();
    assertEquals(first.ios, second.ios);
  }
}
