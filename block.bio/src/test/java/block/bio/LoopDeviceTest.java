package block.bio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sim.kernel.CpuMask;
import sim.kernel.ExecContext;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Trace;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/**
 * A loop device on virtio-blk, on a machine whose only cost is 5 us from the wake-up of an idle CPU
 * to its task, which makes changes of context visible in the times. The disk answers after 100 us.
 */
class LoopDeviceTest {
  private static final MachineProfile TWO_CPUS =
      MachineProfile.ofCpus(2).withoutCosts().with(Cost.WORKER_WAKEUP, 5_000);

  private static final DeviceProfile DISK =
      DeviceProfile.named("virtio-blk")
          .with(DeviceParameter.READ_LATENCY, 100_000)
          .with(DeviceParameter.WRITE_LATENCY, 100_000)
          .with(DeviceParameter.FLUSH_LATENCY, 100_000)
          .with(DeviceParameter.READ_BANDWIDTH, 1L << 50)
          .with(DeviceParameter.WRITE_BANDWIDTH, 1L << 50)
          .with(DeviceParameter.READ_IOPS, 1_000_000_000_000L)
          .with(DeviceParameter.WRITE_IOPS, 1_000_000_000_000L)
          .with(DeviceParameter.IRQ_CPU, 1);

  private static final DeviceProfile LOOP = DeviceProfile.named("loop").over(DISK);

  private final List<String> lines = new ArrayList<>();
  private Machine machine;
  private BlockLayer layer;
  private BlockDevice loop;
  private final List<String> names = new ArrayList<>();
  private boolean works;

  LoopDeviceTest() {
    on(TWO_CPUS);
  }

  private void on(MachineProfile profile) {
    Trace trace = new Trace();
    trace.addSink(new Recorder());
    machine = new Machine(profile, 1, trace);
    layer = new BlockLayer(machine);
    loop = layer.addLoopDevice("loop0", LOOP, layer.addDevice("vda", DISK));
  }

  private final class Recorder implements TraceSink {
    @Override
    public Set<Tracepoint> interest() {
      return EnumSet.of(
          Tracepoint.BLOCK_BIO_QUEUE,
          Tracepoint.BLOCK_SPLIT,
          Tracepoint.BLOCK_RQ_ISSUE,
          Tracepoint.BLOCK_RQ_COMPLETE,
          Tracepoint.WORKQUEUE_EXECUTE_START);
    }

    @Override
    public void name(int id, String name) {
      while (names.size() <= id) {
        names.add("");
      }
      names.set(id, name);
    }

    @Override
    public void event(
        long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
      if (type == Tracepoint.WORKQUEUE_EXECUTE_START) {
        if (works) {
          lines.add("work@" + timeNs + " cpu" + cpu);
        }
        return;
      }
      String event = type.event().substring("block_".length());
      long rwbs = type == Tracepoint.BLOCK_RQ_COMPLETE ? e : d;
      lines.add(
          "%d:%d %s %c %d+%d@%d cpu%d"
              .formatted(a >> 20, a & 0xfffff, event, (char) (rwbs & 0xff), b, c, timeNs, cpu));
    }
  }

  private Bio bio(BioOp op, long sector, int pages, int reqFlags) {
    Bio bio = layer.bios().alloc(op, Bio.VECTORS_MAX);
    bio.setSector(sector);
    for (int i = 0; i < pages; i++) {
      bio.addFolio(0, 0, 4096);
    }
    bio.setReqFlags(reqFlags);
    bio.setEndIo(
        (x, ended) -> {
          String context = x.context() == ExecContext.SOFTIRQ ? "softirq" : x.context().toString();
          lines.add("%s %s@%d".formatted(ended.status(), context, x.nowNs()));
          layer.bios().free(ended);
        });
    return bio;
  }

  private void run(Bio bio) {
    machine.spawn("task", CpuMask.of(0), x -> loop.submitBio(x, bio));
    machine.runToIdle();
    assertEquals(0, layer.bios().inUse());
  }

  @Test
  void aWriteGoesThroughTwoWorkersAndEndsInKsoftirqd() {
    works = true;
    run(bio(BioOp.WRITE, 16, 2, 0));
    assertEquals(
        List.of(
            // The task runs at 5 us; the loop's worker 5 us later on the idle CPU; its disk 100 us
            // after that.
            "7:0 bio_queue W 16+16@5000 cpu0",
            "7:0 rq_issue W 16+16@5000 cpu0",
            "work@10000 cpu1",
            "254:0 bio_queue W 16+16@10000 cpu1",
            "254:0 rq_issue W 16+16@10000 cpu1",
            "254:0 rq_complete W 16+16@110000 cpu1",
            // iomap_dio_complete_work where the interrupt was, then ksoftirqd of that CPU.
            "work@115000 cpu1",
            "7:0 rq_complete W 16+16@115000 cpu1",
            "OK softirq@115000"),
        lines);
  }

  @Test
  void theWorkItemThatEndsAWriteTakesTimeOnceItsSoftirqIsPending() {
    on(TWO_CPUS.with(Cost.DIO_COMPLETE, 2_000));
    run(bio(BioOp.WRITE, 16, 2, 0));
    // The worker is at its end 2 us later, and ksoftirqd comes behind it.
    assertEquals("7:0 rq_complete W 16+16@117000 cpu1", lines.get(lines.size() - 2));
    assertEquals("OK softirq@117000", lines.get(lines.size() - 1));
  }

  @Test
  void aReadEndsWhereTheDisksInterruptEnds() {
    run(bio(BioOp.READ, 16, 2, 0));
    assertEquals("OK softirq@110000", lines.get(lines.size() - 1));
  }

  @Test
  void aLargeBioIsSplitForTheLoopDeviceAndEachPartIsABioOfTheDisk() {
    // 256 pages are 1 MiB, but only 128 pieces of memory fit a request.
    run(bio(BioOp.WRITE, 0, 256, 0));
    assertEquals(
        List.of("7:0 rq_issue W 0+1024", "7:0 rq_issue W 1024+1024"), issued("7:0 rq_issue"));
    assertEquals(
        List.of("254:0 bio_queue W 0+1024", "254:0 bio_queue W 1024+1024"),
        issued("254:0 bio_queue"));
    // 130 descriptors a request: two do not fit 256, so the disk is given the second again.
    assertEquals(
        List.of(
            "254:0 rq_issue W 0+1024", "254:0 rq_issue W 1024+1024", "254:0 rq_issue W 1024+1024"),
        issued("254:0 rq_issue"));
  }

  @Test
  void anExtentOfTheFileEndsTheBio() {
    // 4 KiB before and 4 KiB behind 128 MiB, sector 262,144.
    run(bio(BioOp.WRITE, 262_136, 2, 0));
    assertEquals(
        List.of("254:0 bio_queue W 262136+8", "254:0 bio_queue W 262144+8"),
        issued("254:0 bio_queue"));
    assertEquals(List.of("254:0 rq_issue W 262136+16"), issued("254:0 rq_issue"));
  }

  private List<String> issued(String what) {
    return lines.stream()
        .filter(line -> line.startsWith(what))
        .map(line -> line.substring(0, line.indexOf('@')))
        .toList();
  }

  @Test
  void aFlushIsAFlushOfTheDisk() {
    machine.spawn(
        "task",
        CpuMask.of(0),
        x -> {
          x.then(y -> lines.add(y.result() + "@" + y.nowNs()));
          loop.flush(x);
        });
    machine.runToIdle();
    // The task 5 us, and kblockd in its place; the loop's worker 10, on the idle CPU, and kblockd
    // in
    // its place; the disk 110, the loop's worker 115, and ksoftirqd in its place; the task 120.
    assertEquals(List.of("7:0 rq_issue F 0+0", "254:0 rq_issue F 0+0"), issues());
    assertEquals("0@120000", lines.get(lines.size() - 1));
  }

  private List<String> issues() {
    return lines.stream()
        .filter(line -> line.contains("rq_issue"))
        .map(line -> line.substring(0, line.indexOf('@')))
        .toList();
  }

  @Test
  void aWriteThatMustBeStableHasAFlushBeforeAndBehindIt() {
    int flags = ReqFlag.PREFLUSH.mask() | ReqFlag.FUA.mask();
    long inode = loop.backing().sectors() - 8;
    run(bio(BioOp.WRITE, 16, 1, flags));
    assertEquals(
        List.of(
            "7:0 rq_issue F 0+0",
            "254:0 rq_issue F 0+0",
            "7:0 rq_issue W 16+8",
            "254:0 rq_issue W 16+8",
            "7:0 rq_issue F 0+0",
            "254:0 rq_issue W " + inode + "+8",
            "254:0 rq_issue F 0+0"),
        issues());
  }

  @Test
  void theInodeOfTheFileIsWrittenOnceATick() {
    int fua = ReqFlag.FUA.mask();
    machine.spawn(
        "task",
        CpuMask.of(0),
        x -> {
          x.then(y -> loop.submitBioWait(y, bio(BioOp.WRITE, 16, 1, fua)));
          x.then(y -> machine.timers().sleep(y, 10_000_000));
          x.then(y -> loop.submitBioWait(y, bio(BioOp.WRITE, 24, 1, fua))); // As old as the first.
          loop.submitBioWait(x, bio(BioOp.WRITE, 32, 1, fua));
        });
    machine.runToIdle();
    String inode = "254:0 rq_issue W " + (loop.backing().sectors() - 8) + "+8";
    List<String> issues = issues();
    assertEquals(List.of(3, 12), places(issues, inode));
    assertEquals(5 + 4 + 5, issues.size());
  }

  private static List<Integer> places(List<String> lines, String wanted) {
    return IntStream.range(0, lines.size())
        .filter(i -> lines.get(i).equals(wanted))
        .boxed()
        .toList();
  }

  @Test
  void anErrorOfTheDiskIsAnErrorOfTheLoopDevice() {
    loop.backing().setFaults((op, sector, sizeBytes) -> BlkStatus.MEDIUM);
    run(bio(BioOp.WRITE, 16, 1, 0));
    assertEquals("IOERR softirq@115000", lines.get(lines.size() - 1));
  }

  @Test
  void aCpuThatGoesOfflineTakesNothingWithIt() {
    Step offline = x -> machine.hotplug().down(x, 1, -1);
    for (int i = 0; i < 20; i++) {
      Bio bio = bio(BioOp.WRITE, 64L * i, 1, 0);
      machine.spawn("task" + i, CpuMask.of(i % 2), x -> loop.submitBio(x, bio));
    }
    machine.spawn(
        "hotplug",
        CpuMask.of(0),
        x -> {
          x.then(offline);
          machine.timers().sleep(x, 50_000);
        });
    machine.runUntil(1_000_000_000);
    assertEquals(20, lines.stream().filter(line -> line.startsWith("OK")).count());
    assertEquals(0, layer.bios().inUse());
  }
}
