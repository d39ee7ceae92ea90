package block.bio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Tracepoint;

/** Submission on a machine whose only cost is 6 us to wake a worker. */
class RequestQueueTest {
  private static final MachineProfile FREE =
      MachineProfile.ofCpus(1).withoutCosts().with(Cost.WORKER_WAKEUP, 0);

  private static Step plugged(Step... steps) {
    return x -> {
      x.then(BlkPlug::finish);
      for (int i = steps.length - 1; i >= 0; i--) {
        x.then(steps[i]);
      }
      BlkPlug.start(x);
    };
  }

  private static void pause(Exec x, long ns) {
    x.charge(ns);
  }

  @Test
  void aLoneWriteTakesTheSumOfItsParts() {
    // Wake-up 6000, submission 1000, issue 400, transfer of 4096 bytes at 4 GB/s 1024, latency
    // 12000, interrupt entry 300, completion 300.
    BlockRig rig = new BlockRig(MachineProfile.ofCpus(1), DeviceProfile.named("nvme"));
    rig.task(0, rig.submit(rig.write("a", 0)));
    rig.machine.runToIdle();
    assertEquals(List.of("a@21024"), rig.log);
    assertEquals(0, rig.layer.bios().inUse());
    assertEquals(false, rig.device.isBusy());
  }

  @Test
  void neighboursMergeInThePlugAndShareARequest() {
    BlockRig rig = new BlockRig(FREE, BlockRig.PLAIN);
    rig.task(
        0,
        plugged(
            rig.submit(rig.write("a", 0)),
            rig.submit(rig.write("b", 8)),
            rig.submit(rig.write("c", 24)), // leaves a hole: a request of its own
            x -> pause(x, 5_000)));
    rig.machine.runToIdle();
    assertEquals(List.of("8+8@0"), rig.traced(Tracepoint.BLOCK_BIO_BACKMERGE));
    assertEquals(List.of("0+16@5000", "24+8@5000"), rig.traced(Tracepoint.BLOCK_RQ_ISSUE));
    assertEquals(List.of("a@105000", "b@105000", "c@105000"), rig.log);
  }

  @Test
  void biosOutsideAPlugDoNotMerge() {
    BlockRig rig = new BlockRig(FREE, BlockRig.PLAIN);
    rig.task(0, rig.submit(rig.write("a", 0)), rig.submit(rig.write("b", 8)));
    rig.machine.runToIdle();
    assertEquals(List.of("0+8@0", "8+8@0"), rig.traced(Tracepoint.BLOCK_RQ_ISSUE));
  }

  @Test
  void aRequestMergesUpToTheLargestSize() {
    DeviceProfile twelveKib = BlockRig.PLAIN.with(DeviceParameter.MAX_REQUEST, 12 << 10);
    BlockRig rig = new BlockRig(FREE, twelveKib);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      steps.add(rig.submit(rig.write("w" + i, 8 * i)));
    }
    rig.task(0, plugged(steps.toArray(Step[]::new)));
    rig.machine.runToIdle();
    assertEquals(List.of("0+24@0", "24+16@0"), rig.traced(Tracepoint.BLOCK_RQ_ISSUE));
  }

  @Test
  void bioThatMustNotMergeDoesNot() {
    BlockRig rig = new BlockRig(FREE, BlockRig.PLAIN);
    Bio second = rig.write("b", 8);
    second.set(ReqFlag.NOMERGE);
    rig.task(0, plugged(rig.submit(rig.write("a", 0)), rig.submit(second)));
    rig.machine.runToIdle();
    assertEquals(List.of("0+8@0", "8+8@0"), rig.traced(Tracepoint.BLOCK_RQ_ISSUE));
  }

  @Test
  void thePlugIsFlushedWhenThe33rdRequestComes() {
    BlockRig rig = new BlockRig(FREE, BlockRig.PLAIN);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 33; i++) {
      steps.add(rig.submit(rig.write("w" + i, 100 * i)));
    }
    steps.add(x -> pause(x, 7_000));
    rig.task(0, plugged(steps.toArray(Step[]::new)));
    rig.machine.runToIdle();
    assertEquals(List.of("32@0", "1@7000"), rig.traced(Tracepoint.BLOCK_UNPLUG));
  }

  @Test
  void aPlugForTwoDevicesIsFlushedWhenThe65thRequestComes() {
    BlockRig rig = new BlockRig(FREE, BlockRig.PLAIN);
    BlockDevice second = rig.layer.addDevice("nvme1n1", BlockRig.PLAIN);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 65; i++) {
      Bio bio = rig.write("w" + i, 100L * i);
      BlockDevice target = i % 2 == 0 ? rig.device : second;
      steps.add(x -> target.submitBio(x, bio));
    }
    steps.add(x -> pause(x, 7_000));
    rig.task(0, plugged(steps.toArray(Step[]::new)));
    rig.machine.runToIdle();
    assertEquals(List.of("64@0", "1@7000"), rig.traced(Tracepoint.BLOCK_UNPLUG));
  }

  @Test
  void aNowaitBioWithoutATagLeavesThePlugAlone() {
    BlockRig rig = new BlockRig(FREE, BlockRig.PLAIN.with(DeviceParameter.DEPTH, 1));
    Bio second = rig.write("b", 100);
    second.set(ReqFlag.NOWAIT);
    rig.task(0, plugged(rig.submit(rig.write("a", 0)), rig.submit(second), x -> pause(x, 5_000)));
    rig.machine.runToIdle();
    assertEquals(List.of("1@5000"), rig.traced(Tracepoint.BLOCK_UNPLUG));
    assertEquals(List.of("b@0 TASK AGAIN", "a@105000"), rig.log);
  }

  @Test
  void thePlugIsFlushedBehindARequestOf128Kib() {
    BlockRig rig = new BlockRig(FREE, BlockRig.PLAIN);
    rig.task(
        0,
        plugged(
            rig.submit(rig.bio("a", BioOp.WRITE, 0, 128 << 10)),
            rig.submit(rig.write("b", 1000)),
            x -> pause(x, 7_000)));
    rig.machine.runToIdle();
    assertEquals(List.of("1@0", "1@7000"), rig.traced(Tracepoint.BLOCK_UNPLUG));
  }

  @Test
  void aTaskThatBlocksLeavesItsPlugToKblockd() {
    MachineProfile wakeups = FREE.with(Cost.CONTEXT_SWITCH, 1_300);
    BlockRig rig = new BlockRig(wakeups, BlockRig.PLAIN);
    rig.task(
        0,
        plugged(
            rig.submit(rig.write("a", 0)),
            x -> {
              x.charge(1_000);
              x.then(y -> y.machine().timers().sleep(y, 50_000));
            }));
    rig.machine.runToIdle();
    // The task blocks at 1000; its CPU switches to kblockd in 1300.
    assertEquals(List.of("0+8@2300"), rig.traced(Tracepoint.BLOCK_RQ_ISSUE));
    assertEquals(List.of("a@102300"), rig.log);
  }

  @Test
  void aTaskIssuesWhatItSubmitsWithoutAPlugThroughAScheduler() {
    MachineProfile wakeups = FREE.with(Cost.CONTEXT_SWITCH, 1_300);
    BlockRig rig = new BlockRig(wakeups, BlockRig.PLAIN.with(DeviceParameter.SCHEDULER, 1));
    rig.task(0, rig.submit(rig.write("a", 0)), x -> pause(x, 5_000));
    rig.machine.runToIdle();
    // By kblockd it would be issued at 6300.
    assertEquals(List.of("0+8@0"), rig.traced(Tracepoint.BLOCK_RQ_ISSUE));
  }

  @Test
  void aNestedPlugIsFlushedByTheOutermostFinish() {
    BlockRig rig = new BlockRig(FREE, BlockRig.PLAIN);
    rig.task(0, plugged(plugged(rig.submit(rig.write("a", 0))), x -> pause(x, 9_000)));
    rig.machine.runToIdle();
    assertEquals(List.of("1@9000"), rig.traced(Tracepoint.BLOCK_UNPLUG));
  }

  @Test
  void withoutAFreeTagTheSubmitterSleepsUntilOneIsFreed() {
    BlockRig rig = new BlockRig(FREE, BlockRig.PLAIN.with(DeviceParameter.DEPTH, 2));
    rig.task(
        0,
        rig.submit(rig.write("a", 0)),
        x -> pause(x, 10_000),
        rig.submit(rig.write("b", 100)),
        rig.submit(rig.write("c", 200)),
        x -> rig.log.add("submitted@" + x.nowNs()));
    rig.machine.runToIdle();
    // Tags free at 100000 and 110000; c gets the first and is issued then.
    assertEquals(List.of("a@100000", "submitted@100000", "b@110000", "c@200000"), rig.log);
  }

  @Test
  void aNowaitBioWithoutATagEndsWithAgain() {
    BlockRig rig = new BlockRig(FREE, BlockRig.PLAIN.with(DeviceParameter.DEPTH, 1));
    Bio second = rig.write("b", 100);
    second.set(ReqFlag.NOWAIT);
    rig.task(0, rig.submit(rig.write("a", 0)), rig.submit(second));
    rig.machine.runToIdle();
    assertEquals(List.of("b@0 TASK AGAIN", "a@100000"), rig.log);
  }

  @Test
  void aBioBeyondTheEndOfTheDeviceFails() {
    BlockRig rig = new BlockRig(FREE, BlockRig.PLAIN);
    rig.task(0, rig.submit(rig.write("a", rig.device.sectors() - 7)));
    rig.machine.runToIdle();
    assertEquals(List.of("a@0 TASK IOERR"), rig.log);
    assertEquals(List.of(), rig.trace.stream().filter(t -> t.startsWith("block")).toList());
  }

  @Test
  void aBioIsSplitAtTheLargestRequestAndEndsOnce() {
    DeviceProfile eightKib = BlockRig.PLAIN.with(DeviceParameter.MAX_REQUEST, 8 << 10);
    BlockRig rig = new BlockRig(FREE, eightKib);
    rig.task(0, rig.submit(rig.bio("a", BioOp.WRITE, 0, 20 << 10)));
    rig.machine.runToIdle();
    assertEquals(List.of("0+16@0", "16+16@0", "32+8@0"), rig.traced(Tracepoint.BLOCK_RQ_ISSUE));
    assertEquals(List.of("a@100000"), rig.log);
    assertEquals(0, rig.layer.bios().inUse());
  }

  @Test
  void aBioIsSplitAtTheMostSegmentsARequestCanHave() {
    DeviceProfile threeSegments = BlockRig.PLAIN.with(DeviceParameter.MAX_SEGMENTS, 3);
    BlockRig rig = new BlockRig(FREE, threeSegments);
    rig.task(0, rig.submit(rig.bio("a", BioOp.WRITE, 0, 20 << 10)));
    rig.machine.runToIdle();
    assertEquals(List.of("0+24@0", "24+16@0"), rig.traced(Tracepoint.BLOCK_RQ_ISSUE));
  }

  @Test
  void aSplitBioEndsWithTheErrorOfAnyPiece() {
    DeviceProfile eightKib = BlockRig.PLAIN.with(DeviceParameter.MAX_REQUEST, 8 << 10);
    BlockRig rig = new BlockRig(FREE, eightKib);
    rig.device.setFaults((op, sector, bytes) -> sector == 16 ? BlkStatus.MEDIUM : BlkStatus.OK);
    rig.task(0, rig.submit(rig.bio("a", BioOp.WRITE, 0, 20 << 10)));
    rig.machine.runToIdle();
    assertEquals(List.of("a@100000 MEDIUM"), rig.log);
  }

  @Test
  void aSplitNowaitBioEndsWithAgain() {
    BlockRig rig = new BlockRig(FREE, BlockRig.PLAIN.with(DeviceParameter.MAX_REQUEST, 4 << 10));
    Bio bio = rig.bio("a", BioOp.WRITE, 0, 8 << 10);
    bio.set(ReqFlag.NOWAIT);
    rig.task(0, rig.submit(bio));
    rig.machine.runToIdle();
    assertEquals(List.of("a@0 TASK AGAIN"), rig.log);
  }

  @Test
  void flushesThatComeDuringAFlushShareTheNext() {
    DeviceProfile cached =
        BlockRig.PLAIN
            .with(DeviceParameter.WRITE_CACHE, 1 << 20)
            .with(DeviceParameter.FLUSH_LATENCY, 1_000_000);
    BlockRig rig = new BlockRig(MachineProfile.ofCpus(3).withoutCosts(), cached);
    for (int cpu = 0; cpu < 3; cpu++) {
      int number = cpu;
      rig.task(
          cpu,
          x -> pause(x, 1_000 * number),
          rig.device::flush,
          x -> rig.log.add(number + "=" + x.result() + "@" + x.nowNs()));
    }
    rig.machine.runToIdle();
    // The first takes 1 ms; the other two, 1 and 2 us later, wait for it and then for theirs.
    assertEquals(List.of("0=0@1000000", "1=0@2000000", "2=0@2000000"), rig.log);
  }

  @Test
  void aDeviceWithoutAVolatileCacheIsNotFlushed() {
    BlockRig rig = new BlockRig(FREE, BlockRig.PLAIN);
    rig.task(0, rig.device::flush, x -> rig.log.add(x.result() + "@" + x.nowNs()));
    rig.machine.runToIdle();
    assertEquals(List.of("0@0"), rig.log);
  }

  @Test
  void dataWithPreflushIsIssuedAfterItsFlush() {
    DeviceProfile cached =
        BlockRig.PLAIN
            .with(DeviceParameter.WRITE_CACHE, 1 << 20)
            .with(DeviceParameter.FLUSH_LATENCY, 1_000_000);
    BlockRig rig = new BlockRig(FREE, cached);
    Bio bio = rig.write("a", 0);
    bio.set(ReqFlag.PREFLUSH);
    rig.task(0, rig.submit(bio));
    rig.machine.runToIdle();
    assertEquals(List.of("0+0@0", "0+8@1000000"), rig.traced(Tracepoint.BLOCK_RQ_ISSUE));
    assertEquals(List.of("a@1100000"), rig.log);
  }
}
