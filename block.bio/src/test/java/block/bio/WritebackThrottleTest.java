package block.bio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/**
 * Writeback throttling on a machine on which nothing costs time and a tick is 4 ms. The device has
 * tags enough and takes 1 ms for each write, any number at once; at first 16 writes may be at it, 8
 * of ordinary writeback, 4 in the background.
 */
class WritebackThrottleTest {
  private static final MachineProfile FREE =
      MachineProfile.ofCpus(2).withoutCosts().with(Cost.WORKER_WAKEUP, 0);

  private static final DeviceProfile DEVICE =
      BlockRig.PLAIN
          .with(DeviceParameter.CHANNELS, 1024)
          .with(DeviceParameter.WRITE_LATENCY, 1_000_000)
          .with(DeviceParameter.WBT_LATENCY, 2_000_000);

  private final List<String> steps = new ArrayList<>();

  private BlockRig rig(DeviceProfile device) {
    BlockRig rig = new BlockRig(FREE, device);
    rig.machine
        .trace()
        .addSink(
            new TraceSink() {
              @Override
              public Set<Tracepoint> interest() {
                return EnumSet.of(Tracepoint.WBT_STEP);
              }

              @Override
              public void event(
                  long timeNs,
                  int cpu,
                  Tracepoint type,
                  long a,
                  long b,
                  long c,
                  long d,
                  long e,
                  long f) {
                steps.add("%d: %d %d/%d/%d".formatted(timeNs / 1_000_000, b, d, e, f));
              }
            });
    return rig;
  }

  /** Writes with these flags, one after the other and far apart. */
  private static Step[] writes(BlockRig rig, int count, ReqFlag... flags) {
    Step[] all = new Step[count];
    for (int i = 0; i < count; i++) {
      Bio bio = rig.write("w" + i, 100L * i);
      for (ReqFlag flag : flags) {
        bio.set(flag);
      }
      all[i] = rig.submit(bio);
    }
    return all;
  }

  /** How many requests were issued at each time, in ms, of the first five. */
  private static List<String> issues(BlockRig rig) {
    List<String> batches = new ArrayList<>();
    String time = "";
    int count = 0;
    for (String line : rig.traced(Tracepoint.BLOCK_RQ_ISSUE)) {
      String at = line.substring(line.indexOf('@') + 1);
      if (!at.equals(time) && count > 0) {
        batches.add(count + "@" + time);
        count = 0;
      }
      time = at;
      count++;
    }
    batches.add(count + "@" + time);
    return batches;
  }

  private List<String> issuesOf(DeviceProfile device, int count, ReqFlag... flags) {
    BlockRig rig = rig(device);
    rig.task(0, writes(rig, count, flags));
    rig.machine.runToIdle();
    assertEquals(0, rig.layer.bios().inUse());
    assertEquals(count, rig.log.size());
    return issues(rig);
  }

  @Test
  void ordinaryWritebackHasHalfOfTheDepth() {
    assertEquals(List.of("8@0", "8@1000000", "4@2000000"), issuesOf(DEVICE, 20));
  }

  @Test
  void backgroundWritebackHasAQuarter() {
    assertEquals(
        List.of("4@0", "4@1000000", "2@2000000"), issuesOf(DEVICE, 10, ReqFlag.BACKGROUND));
  }

  @Test
  void writebackThatSomebodyWaitsForHasAllOfIt() {
    assertEquals(List.of("16@0", "4@1000000"), issuesOf(DEVICE, 20, ReqFlag.SYNC));
  }

  @Test
  void directWritesAreNotThrottled() {
    assertEquals(List.of("20@0"), issuesOf(DEVICE, 20, ReqFlag.SYNC, ReqFlag.IDLE));
  }

  @Test
  void withoutATargetNothingIsThrottled() {
    assertEquals(List.of("20@0"), issuesOf(DEVICE.with(DeviceParameter.WBT_LATENCY, 0), 20));
  }

  @Test
  void writebackHasAllOfItWhileWritersPause() {
    BlockRig rig = rig(DEVICE);
    rig.device.setRecentWait(() -> true);
    rig.task(0, writes(rig, 20));
    rig.machine.runUntil(50_000_000);
    assertEquals(List.of("16@0", "4@1000000"), issues(rig));
  }

  @Test
  void withAVolatileCacheNobodyIsWokenBeforeAllHaveEnded() {
    // Four come at 0, 0.1, 0.2 and 0.3 ms and end 1 ms later. The first that ends leaves 3, which
    // is 5 below the 8 of ordinary writeback: the fifth is woken, unless a cache is to be left
    // time.
    DeviceProfile cached = DEVICE.with(DeviceParameter.FLUSH_LATENCY, 1);
    assertEquals(List.of("4@0", "1@1300000"), staggered(cached));
    assertEquals(List.of("4@0", "1@1000000"), staggered(DEVICE));
  }

  /** Four background writes 100 us apart, and a fifth that sleeps. */
  private List<String> staggered(DeviceProfile device) {
    BlockRig rig = rig(device);
    Step[] writes = writes(rig, 5, ReqFlag.BACKGROUND);
    Step pause = x -> x.charge(100_000);
    rig.task(
        0, writes[0], pause, writes[1], pause, writes[2], pause, writes[3], writes[4], x -> {});
    rig.machine.runToIdle();
    List<String> all = issues(rig);
    return List.of("4@0", all.get(all.size() - 1));
  }

  @Test
  void readsThatTakeTooLongTakeTheLimitsDownAndQuietBringsThemBack() {
    // A window begins with the first write, at 0, and ends after 100 ms at the tick of 104 ms. Its
    // reads took 3 ms, more than 2 ms. The next windows are 16 / 22 of 100 ms: 73 ms, 19 ticks and
    // the one that runs, 80 ms. Five of them are quiet, and the fifth brings the limits back.
    BlockRig rig = rig(DEVICE.with(DeviceParameter.READ_LATENCY, 3_000_000));
    rig.task(0, writes(rig, 5));
    rig.task(1, rig.submit(rig.bio("r", BioOp.READ, 5_000, 4096)));
    rig.machine.runToIdle();
    assertEquals(List.of("104: 1 2/4/8", "504: 0 4/8/16"), steps);
  }

  @Test
  void readsThatAreFastEnoughTakeThemUp() {
    // The first window has reads of 100 us: up a step, 1 + 15 * 2 = 31. Then it is quiet for five
    // windows of 104 ms, and they return.
    BlockRig rig = rig(DEVICE);
    rig.task(0, writes(rig, 5));
    rig.task(1, rig.submit(rig.bio("r", BioOp.READ, 5_000, 4096)));
    rig.machine.runToIdle();
    assertEquals(List.of("104: -1 8/16/31", "624: 0 4/8/16"), steps);
  }

  @Test
  void aReadThatDoesNotComeBackTakesThemDown() {
    // No read has ended in the first window, and one waits since 20 ms: longer than the target,
    // though not as long as a window.
    BlockRig rig = rig(DEVICE.with(DeviceParameter.READ_LATENCY, 150_000_000));
    rig.task(0, writes(rig, 5));
    rig.task(
        1,
        x -> rig.machine.timers().sleep(x, 20_000_000),
        rig.submit(rig.bio("r", BioOp.READ, 5_000, 4096)));
    rig.machine.runUntil(110_000_000);
    assertEquals(List.of("104: 1 2/4/8"), steps);
  }
}
