package block.bio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import block.bio.device.LatencyTable;
import block.bio.device.MeasuredLatency;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/** Devices with measured latencies, on a machine without costs. */
class MeasuredDeviceTest {
  private static final MachineProfile FREE = MachineProfile.ofCpus(1).withoutCosts();

  /** 4 KiB: 40 us alone, 100 us at depth 4, so that the best interval is 25 us. */
  private static final LatencyTable CONSTANT =
      LatencyTable.of(List.of(0.5), List.of(row(1, 40_000), row(4, 100_000)));

  /** From 40 us to 80 us, each equally likely; 16 at once make an interval of 3.75 us. */
  private static final LatencyTable SPREAD =
      LatencyTable.of(List.of(0.0, 1.0), List.of(row(1, 40_000, 80_000), row(16, 40_000, 80_000)));

  private static MeasuredLatency row(int depth, long... ns) {
    return new MeasuredLatency(4096, depth, LongStream.of(ns).boxed().toList());
  }

  private static BlockRig rig(LatencyTable table, long interrupts) {
    DeviceProfile profile =
        BlockRig.PLAIN.with(DeviceParameter.INTERRUPTS, interrupts).withWrites(table);
    return new BlockRig(FREE, profile);
  }

  private static BlockRig writesAtOnce(LatencyTable table, long interrupts, int count) {
    BlockRig rig = rig(table, interrupts);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      steps.add(rig.submit(rig.write("w" + i, 100 * i)));
    }
    rig.task(0, steps.toArray(Step[]::new));
    rig.machine.runToIdle();
    return rig;
  }

  @Test
  void aCommandTakesWhatItsDepthTakes() {
    // 40, 60, 80 and 100 us; the best rate allows 25, 50, 75 and 100.
    assertEquals(
        List.of("w0@40000", "w1@60000", "w2@80000", "w3@100000"), writesAtOnce(CONSTANT, 0, 4).log);
  }

  @Test
  void noCommandGetsAheadOfTheBestRate() {
    // 16 KiB alone takes 40 us more than 4 KiB, and twice its interval: four of it have the device
    // for 200 us. A command of 4 KiB behind them would take 120 us at depth 5, but is the fifth.
    LatencyTable table =
        LatencyTable.of(
            List.of(0.5),
            List.of(
                row(1, 40_000), row(4, 100_000), new MeasuredLatency(16384, 4, List.of(200_000L))));
    BlockRig rig = rig(table, 0);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      steps.add(rig.submit(rig.bio("large" + i, BioOp.WRITE, 100 * i, 16384)));
    }
    steps.add(rig.submit(rig.write("small", 1000)));
    rig.task(0, steps.toArray(Step[]::new));
    rig.machine.runToIdle();
    assertEquals("small@225000", rig.log.get(4));
  }

  /** 4 KiB: 40 us alone, an interval of 25; 16 KiB: 60 us alone, which is its interval as well. */
  private static final LatencyTable SIZES =
      LatencyTable.of(
          List.of(0.5),
          List.of(
              row(1, 40_000),
              row(4, 100_000),
              new MeasuredLatency(16384, 1, List.of(60_000L)),
              new MeasuredLatency(16384, 2, List.of(120_000L))));

  @Test
  void whatIsAheadCountsByTheTimeThatItTakes() {
    // Behind 4 KiB, 16 KiB is as at depth 1 + 25 / 60; behind 16 KiB, 4 KiB is as at 1 + 60 / 25.
    BlockRig rig = rig(SIZES, 0);
    rig.task(
        0,
        rig.submit(rig.write("small", 0)),
        rig.submit(rig.bio("large", BioOp.WRITE, 100, 16384)));
    rig.machine.runToIdle();
    assertEquals(List.of("small@40000", "large@85000"), rig.log);
    rig = rig(SIZES, 0);
    rig.task(
        0,
        rig.submit(rig.bio("large", BioOp.WRITE, 100, 16384)),
        rig.submit(rig.write("small", 0)));
    rig.machine.runToIdle();
    assertEquals(List.of("large@60000", "small@88000"), rig.log);
  }

  @Test
  void noCommandTakesLongerThanAloneOnceTheDeviceHasDoneTheRest() {
    // 50 us later 10 are left of the large one: 10 + 40, and not the 88 of depth 3.4.
    BlockRig rig = rig(SIZES, 0);
    rig.task(
        0,
        rig.submit(rig.bio("large", BioOp.WRITE, 100, 16384)),
        x -> x.charge(50_000),
        rig.submit(rig.write("small", 0)));
    rig.machine.runToIdle();
    assertEquals(List.of("large@60000", "small@100000"), rig.log);
  }

  @Test
  void aReadIntoFewerPiecesOfMemoryIsFaster() {
    // Half of what its three further pages add, 20 us of 60, is that they are pieces.
    DeviceProfile profile =
        BlockRig.PLAIN.with(DeviceParameter.READ_SEGMENT, 50).withReads(SIZES).withWrites(SIZES);
    for (BioOp op : List.of(BioOp.READ, BioOp.WRITE)) {
      for (int pieces : List.of(1, 2, 4)) {
        BlockRig rig = new BlockRig(FREE, profile);
        Bio bio = rig.layer.bios().alloc(op, pieces);
        for (int i = 0; i < pieces; i++) {
          bio.addFolio(1 + i, 0, 16384 / pieces);
        }
        bio.setEndIo((x, ended) -> rig.log.add("@" + x.nowNs()));
        rig.task(0, rig.submit(bio));
        rig.machine.runToIdle();
        long spared = op == BioOp.WRITE ? 0 : 10_000 - 10_000 * (pieces - 1) / 3;
        assertEquals(60_000 - spared, timeOf(rig.log.get(0)), 1, op + " " + pieces);
      }
    }
  }

  @Test
  void aDirectionThatWasNotMeasuredKeepsItsLatency() {
    BlockRig rig = rig(CONSTANT, 0);
    rig.task(0, rig.submit(rig.bio("r", BioOp.READ, 0, 4096)), rig.submit(rig.write("w", 100)));
    rig.machine.runToIdle();
    assertEquals(List.of("w@40000", "r@100000"), rig.log);
  }

  @Test
  void aDrainedDeviceInterruptsOnceNoCommandIsLeft() {
    assertEquals(
        List.of("w0@100000", "w1@100000", "w2@100000", "w3@100000"),
        writesAtOnce(CONSTANT, DeviceParameter.DRAINED, 4).log);
  }

  @Test
  void commandsOfOneThreadShareItsChance() {
    // Latency does not grow with depth here, and the rate allows the eighth after 30 us.
    long firstNs = timeOf(writesAtOnce(SPREAD, DeviceParameter.DRAINED, 1).log.get(0));
    assertEquals(firstNs, timeOf(writesAtOnce(SPREAD, DeviceParameter.DRAINED, 8).log.get(7)));
    List<String> apart = writesAtOnce(SPREAD, 0, 8).log;
    assertTrue(timeOf(apart.get(7)) > firstNs, apart::toString);
    assertTrue(timeOf(apart.get(0)) < firstNs, apart::toString);
  }

  @Test
  void aVirtioDeviceThatRestsIsTold() {
    // Each submission begins when the one before has been charged: 9 us for the first, of which the
    // device hears at once; nothing for the second, since the device works until 40 us.
    DeviceProfile profile =
        BlockRig.PLAIN.with(DeviceParameter.DESCRIPTORS, 256).withWrites(CONSTANT);
    BlockRig rig = new BlockRig(FREE.with(Cost.VIRTQUEUE_KICK, 9_000), profile);
    List<Long> afterwards = new ArrayList<>();
    rig.task(
        0,
        rig.submit(rig.write("a", 0)),
        x -> afterwards.add(x.nowNs()),
        rig.submit(rig.write("b", 100)),
        x -> afterwards.add(x.nowNs()));
    rig.machine.runToIdle();
    assertEquals(List.of(9_000L, 9_000L), afterwards);
    assertEquals(List.of("a@40000", "b@69000"), rig.log);
  }

  private static long timeOf(String line) {
    return Long.parseLong(line.substring(line.indexOf('@') + 1));
  }

  @Test
  void sameSeedSameTimes() {
    assertEquals(writesAtOnce(SPREAD, 0, 20).log, writesAtOnce(SPREAD, 0, 20).log);
  }
}
