package block.bio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/** Requests of a CPU that goes offline, on a machine where only an IPI costs time: 1500 ns. */
class BlockHotplugTest {
  private static final MachineProfile TWO_CPUS =
      MachineProfile.ofCpus(2).withoutCosts().with(Cost.IPI, 1_500).withCpusPerCache(1);

  private static Step offline(BlockRig rig, int cpu) {
    return x -> {
      x.then(y -> rig.log.add("down=" + y.result() + "@" + y.nowNs()));
      rig.machine.hotplug().down(x, cpu, -1);
    };
  }

  @Test
  void theLastCpuOfAQueueStaysUntilTheQueueIsEmpty() {
    DeviceProfile slow = BlockRig.PLAIN.with(DeviceParameter.WRITE_LATENCY, 7_000_000);
    BlockRig rig = new BlockRig(TWO_CPUS, slow);
    rig.task(1, rig.submit(rig.write("a", 0)));
    rig.task(0, x -> rig.machine.timers().sleep(x, 1_000), offline(rig, 1));
    rig.machine.runToIdle();
    // Looks at 1 us, sleeps for 5 ms: two ticks of 4 ms and the one that runs, until 12 ms.
    assertEquals(List.of("a@7000000 cpu1", "down=0@12000000"), rig.log);
  }

  @Test
  void aQueueWithAnotherCpuOnlineIsNotWaitedFor() {
    DeviceProfile shared =
        BlockRig.PLAIN
            .with(DeviceParameter.WRITE_LATENCY, 7_000_000)
            .with(DeviceParameter.QUEUES, 1);
    BlockRig rig = new BlockRig(TWO_CPUS, shared);
    rig.task(1, rig.submit(rig.write("a", 0)));
    rig.task(0, x -> rig.machine.timers().sleep(x, 1_000), offline(rig, 1));
    rig.machine.runToIdle();
    assertEquals(List.of("down=0@1000", "a@7000000 SOFTIRQ"), rig.log);
  }

  @Test
  void whatTheDeadCpusSoftirqHadIsEndedByTheControllingTask() {
    // CPU 0 is interrupted at 100 us and sends an IPI for CPU 1, which is dead when it arrives.
    BlockRig rig = new BlockRig(TWO_CPUS, BlockRig.PLAIN.with(DeviceParameter.QUEUES, 1));
    rig.task(1, rig.submit(rig.write("a", 0)));
    rig.task(0, x -> rig.machine.timers().sleep(x, 100_500), offline(rig, 1));
    rig.machine.runToIdle();
    assertEquals(List.of("a@100500 TASK", "down=0@100500"), rig.log);
  }

  @Test
  void aQueueIsUsedAgainWhenItsCpuIsBack() {
    BlockRig rig = new BlockRig(TWO_CPUS, BlockRig.PLAIN);
    rig.task(
        0,
        offline(rig, 1),
        x -> rig.machine.hotplug().up(x, 1, -1),
        x -> rig.task(1, rig.submit(rig.write("a", 0))));
    rig.machine.runUntil(1_000_000_000);
    assertEquals(List.of("down=0@0", "a@100000 cpu1"), rig.log);
  }
}
