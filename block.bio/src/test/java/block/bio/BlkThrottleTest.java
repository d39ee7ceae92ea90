package block.bio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.device.DeviceProfile;
import block.bio.device.ThrottleLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Tracepoint;

/**
 * Limits on a machine without costs and with 250 ticks a second: a slice is 25 ticks of 4 ms. A
 * timer that is armed for a tick runs one tick later, as a wheel rounds up.
 */
class BlkThrottleTest {
  private static final MachineProfile FREE = MachineProfile.ofCpus(1).withoutCosts();
  private static final long NONE = ThrottleLimits.UNLIMITED;
  private static final long MS = 1_000_000;

  private static BlockRig limited(long writeBytes, long reads, long writes) {
    DeviceProfile device =
        BlockRig.PLAIN.limitedTo(new ThrottleLimits(NONE, writeBytes, reads, writes));
    return new BlockRig(FREE, device);
  }

  private static Step[] writes(BlockRig rig, int count) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      steps.add(rig.submit(rig.write("w" + i, 1_000L * i)));
    }
    return steps.toArray(Step[]::new);
  }

  /** Milliseconds at which bios were let through, and how many at once. */
  private static List<String> queued(BlockRig rig) {
    List<String> counts = new ArrayList<>();
    long lastMs = -1;
    int count = 0;
    for (String line : rig.traced(Tracepoint.BLOCK_BIO_QUEUE)) {
      long ms = Long.parseLong(line.substring(line.indexOf('@') + 1)) / MS;
      if (ms != lastMs && count > 0) {
        counts.add(count + "@" + lastMs);
        count = 0;
      }
      lastMs = ms;
      count++;
    }
    counts.add(count + "@" + lastMs);
    return counts;
  }

  @Test
  void aSliceOfBytesPassesAtOnceAndTheRestAtTheNextSlices() {
    // 400 KiB a second are 10 bios of 4 KiB in 100 ms, each 2.5 ticks, cut to 2. The eleventh waits
    // from tick 0 for the slice to end and 2 ticks more, 27, and its timer runs at 28, which is
    // 112 ms. Then 50 ticks' worth is allowed: ten more. The next waits from tick 28 to 50 and two
    // more, its timer runs at 53: 212 ms.
    BlockRig rig = limited(400 << 10, NONE, NONE);
    rig.task(0, writes(rig, 35));
    rig.machine.runToIdle();
    assertEquals(List.of("10@0", "10@112", "10@212", "5@312"), queued(rig));
    assertEquals(35, rig.log.size());
  }

  @Test
  void whoSubmitsDoesNotWait() {
    BlockRig rig = limited(400 << 10, NONE, NONE);
    List<Step> steps = new ArrayList<>(List.of(writes(rig, 11)));
    steps.add(x -> rig.log.add("submitted@" + x.nowNs()));
    rig.task(0, steps.toArray(Step[]::new));
    rig.machine.runToIdle();
    assertEquals("submitted@0", rig.log.get(0));
  }

  @Test
  void whoDispatchesABioPaysForItsWayToTheDevice() {
    DeviceProfile device =
        BlockRig.PLAIN.limitedTo(new ThrottleLimits(NONE, 400 << 10, NONE, NONE));
    BlockRig rig = new BlockRig(FREE.with(Cost.BIO_SUBMIT, 1_000), device);
    List<Step> steps = new ArrayList<>(List.of(writes(rig, 12)));
    steps.add(x -> rig.log.add("submitted@" + x.nowNs()));
    rig.task(0, steps.toArray(Step[]::new));
    rig.machine.runToIdle();
    // Ten pass at once; the eleventh and the twelfth only queue up.
    assertEquals("submitted@10000", rig.log.get(0));
    assertEquals(
        List.of("112000000", "112001000"),
        rig.traced(Tracepoint.BLOCK_BIO_QUEUE).stream()
            .skip(10)
            .map(line -> line.substring(line.indexOf('@') + 1))
            .toList());
  }

  @Test
  void aBioOfMoreThanASliceWaitsForItsBytes() {
    // 100 KiB against 40 KiB a slice: 60 KiB more take 37.5 ticks, cut to 37; with the 25 of the
    // slice that was counted in full 62, so the timer runs at 63: 252 ms.
    BlockRig rig = limited(400 << 10, NONE, NONE);
    rig.task(0, rig.submit(rig.bio("large", BioOp.WRITE, 0, 100 << 10)));
    rig.machine.runToIdle();
    assertEquals(List.of("1@252"), queued(rig));
  }

  @Test
  void biosAreCountedWhateverTheirSize() {
    // 30 a second are 3 a slice. The fourth waits for the slice to end: 25 ticks; its timer runs at
    // 26, 104 ms. From there to the end of the second slice 24, from tick 26 to 50: 51, 204 ms.
    BlockRig rig = limited(NONE, NONE, 30);
    rig.task(0, writes(rig, 8));
    rig.machine.runToIdle();
    assertEquals(List.of("3@0", "3@104", "2@204"), queued(rig));
  }

  @Test
  void theRestOfASplitBioCountsAsAnotherBio() {
    // Two bios of 8 MiB, each split in two: the fourth part is over 3 a slice.
    BlockRig rig = limited(NONE, NONE, 30);
    Bio first = large(rig, "first", 0);
    Bio second = large(rig, "second", 100_000);
    rig.task(0, rig.submit(first), rig.submit(second));
    rig.machine.runToIdle();
    assertEquals(
        List.of("0+8192@0", "8192+8192@0", "100000+8192@0", "108192+8192@104000000"),
        rig.traced(Tracepoint.BLOCK_RQ_ISSUE));
    // It was traced when it was submitted, and its rest is not traced again.
    assertEquals(List.of("2@0"), queued(rig));
  }

  private static Bio large(BlockRig rig, String name, long sector) {
    Bio bio = rig.layer.bios().alloc(BioOp.WRITE, 1);
    bio.setSector(sector);
    bio.addFolio(1, 0, 8 << 20);
    bio.setEndIo(
        (x, ended) -> {
          rig.log.add(name);
          rig.layer.bios().free(ended);
        });
    return bio;
  }

  @Test
  void readsAndWritesHaveLimitsOfTheirOwn() {
    BlockRig rig = limited(NONE, 30, NONE);
    List<Step> steps = new ArrayList<>(List.of(writes(rig, 8)));
    for (int i = 0; i < 4; i++) {
      steps.add(rig.submit(rig.bio("r" + i, BioOp.READ, 500_000 + 100L * i, 4096)));
    }
    rig.task(0, steps.toArray(Step[]::new));
    rig.machine.runToIdle();
    assertEquals(List.of("11@0", "1@104"), queued(rig));
  }

  @Test
  void metadataDoesNotWaitAndIsCharged() {
    // It takes the place of one bio in the second slice: nine are let through then, not ten.
    BlockRig rig = limited(400 << 10, NONE, NONE);
    Bio log = rig.write("log", 900_000);
    log.set(ReqFlag.META);
    List<Step> steps = new ArrayList<>(List.of(writes(rig, 21)));
    steps.add(rig.submit(log));
    rig.task(0, steps.toArray(Step[]::new));
    rig.machine.runToIdle();
    assertEquals(List.of("11@0", "9@112", "2@212"), queued(rig));
  }

  @Test
  void whatWasNotUsedIsForgottenWithItsSlice() {
    // Idle for a second, then 25 bios: a fresh slice of ten, not what ten slices would allow. The
    // slice begins at tick 250; its timer runs 28 ticks later, at 1112 ms.
    BlockRig rig = limited(400 << 10, NONE, NONE);
    List<Step> steps = new ArrayList<>();
    steps.add(rig.submit(rig.write("first", 0)));
    steps.add(x -> rig.machine.timers().sleep(x, 1_000 * MS));
    steps.addAll(List.of(writes(rig, 15)));
    rig.task(0, steps.toArray(Step[]::new));
    rig.machine.runToIdle();
    assertEquals(List.of("1@0", "10@1000", "5@1112"), queued(rig));
  }

  @Test
  void aLongRunKeepsToTheLimit() {
    // 2,000 bios of 4 KiB at 400 KiB a second are 20 s less the first slice, 19.9 s and 3 ticks.
    BlockRig rig = limited(400 << 10, NONE, NONE);
    rig.task(0, writes(rig, 2_000));
    rig.machine.runToIdle();
    List<String> queued = queued(rig);
    assertEquals(200, queued.size());
    assertEquals("10@19912", queued.get(199));
  }
}
