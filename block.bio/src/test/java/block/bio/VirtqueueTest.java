package block.bio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.Step;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Tracepoint;

/** A device with ten descriptors that answers one command after the other, each in 100 us. */
class VirtqueueTest {
  private static final DeviceProfile TEN =
      BlockRig.PLAIN
          .with(DeviceParameter.QUEUES, 1)
          .with(DeviceParameter.DESCRIPTORS, 10)
          .with(DeviceParameter.WRITE_IOPS, 10_000);

  private static BlockRig rig(DeviceProfile profile) {
    return new BlockRig(MachineProfile.ofCpus(1).withoutCosts(), profile);
  }

  private static List<String> issued(DeviceProfile profile, int count) {
    BlockRig rig = rig(profile);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      steps.add(rig.submit(rig.write("w" + i, 100L * i)));
    }
    rig.task(0, steps.toArray(Step[]::new));
    rig.machine.runToIdle();
    assertEquals(count, rig.log.size());
    assertEquals(0, rig.layer.bios().inUse());
    return rig.traced(Tracepoint.BLOCK_RQ_ISSUE);
  }

  @Test
  void aRequestThatFindsTooFewDescriptorsIsIssuedAgainWhenOneIsComplete() {
    // One piece and two more each: three requests take nine. The fourth finds one and stops the
    // queue; the fifth waits behind it. Each completion frees three.
    assertEquals(
        List.of(
            "0+8@0",
            "100+8@0",
            "200+8@0",
            "300+8@0",
            "300+8@100000",
            "400+8@100000",
            "400+8@200000"),
        issued(TEN, 5));
  }

  @Test
  void aSchedulerKeepsWhatTheDeviceHasNoRoomFor() {
    DeviceProfile scheduled = TEN.with(DeviceParameter.SCHEDULER, 1);
    assertEquals(
        List.of(
            "0+8@0",
            "100+8@0",
            "200+8@0",
            "300+8@0",
            "300+8@100000",
            "400+8@100000",
            "400+8@200000"),
        issued(scheduled, 5));
  }

  @Test
  void withoutALimitNothingIsIssuedTwice() {
    assertEquals(5, issued(TEN.with(DeviceParameter.DESCRIPTORS, 0), 5).size());
  }

  @Test
  void aRequestOfMorePiecesThanDescriptorsHasAllOfThem() {
    BlockRig rig = rig(TEN);
    rig.task(
        0,
        rig.submit(rig.bio("large", BioOp.WRITE, 0, 64 << 10)),
        rig.submit(rig.write("small", 1_000)));
    rig.machine.runToIdle();
    assertEquals(List.of("large@100000", "small@200000"), rig.log);
  }
}
