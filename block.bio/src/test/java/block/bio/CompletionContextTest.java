package block.bio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;

/**
 * Where a bio ends: {@code blk_mq_complete_request}, row by row. Costs: IPI 1500, softirq entry
 * 300, hard interrupt entry 300; the device takes 100 us.
 */
class CompletionContextTest {
  private static final MachineProfile FOUR_CPUS =
      MachineProfile.ofCpus(4)
          .withoutCosts()
          .with(Cost.IPI, 1_500)
          .with(Cost.SOFTIRQ_ENTRY, 300)
          .with(Cost.HARDIRQ_ENTRY, 300);

  private static final KernelBuild RT = new KernelBuild(PreemptModel.RT, false, false, 250);

  private static final DeviceProfile ONE_QUEUE = BlockRig.PLAIN.with(DeviceParameter.QUEUES, 1);

  private static List<String> endOf(MachineProfile machine, DeviceProfile device, int submitter) {
    BlockRig rig = new BlockRig(machine, device);
    rig.task(submitter, rig.submit(rig.write("a", 0)));
    rig.machine.runToIdle();
    return rig.log;
  }

  @Test
  void aQueueOfThisCpuAloneEndsInItsInterrupt() {
    assertEquals(List.of("a@100300 cpu2"), endOf(FOUR_CPUS, BlockRig.PLAIN, 2));
  }

  @Test
  void aSubmitterWithAnotherCacheGetsAnIpiAndASoftirq() {
    // CPUs 0-1 and 2-3 share caches; the only queue interrupts CPU 0. Interrupt 300, IPI 1500,
    // interrupt 300, softirq 300.
    assertEquals(
        List.of("a@102400 SOFTIRQ cpu3"), endOf(FOUR_CPUS.withCpusPerCache(2), ONE_QUEUE, 3));
  }

  @Test
  void aSubmitterWithTheSameCacheGetsNoIpi() {
    // Interrupt 300, softirq 300, on the interrupted CPU.
    assertEquals(List.of("a@100600 SOFTIRQ"), endOf(FOUR_CPUS, ONE_QUEUE, 3));
  }

  @Test
  void affinityTwoGivesAnIpiInTheSameCacheToo() {
    assertEquals(
        List.of("a@102400 SOFTIRQ cpu3"),
        endOf(FOUR_CPUS, ONE_QUEUE.with(DeviceParameter.RQ_AFFINITY, 2), 3));
  }

  @Test
  void affinityZeroNeverSendsAnIpi() {
    assertEquals(
        List.of("a@100600 SOFTIRQ"),
        endOf(FOUR_CPUS.withCpusPerCache(1), ONE_QUEUE.with(DeviceParameter.RQ_AFFINITY, 0), 3));
  }

  @Test
  void aSharedQueueAmongSeveralEndsInItsInterrupt() {
    // Two queues: CPUs 0-1 and 2-3. CPU 3 shares its cache with CPU 2, which is interrupted.
    assertEquals(
        List.of("a@100300 cpu2"),
        endOf(FOUR_CPUS, BlockRig.PLAIN.with(DeviceParameter.QUEUES, 2), 3));
  }

  @Test
  void theInterruptCanBePutOnAnotherCpu() {
    assertEquals(
        List.of("a@100600 SOFTIRQ cpu1"),
        endOf(FOUR_CPUS, ONE_QUEUE.with(DeviceParameter.IRQ_CPU, 1), 3));
  }

  @Test
  void onRtABioEndsInItsInterruptsThread() {
    assertEquals(List.of("a@100300 TASK cpu2"), endOf(FOUR_CPUS.with(RT), BlockRig.PLAIN, 2));
  }

  @Test
  void onRtNoIpiIsSentAndBlockSoftirqRunsInTheInterruptsThread() {
    // The submitter's cache is another's, as in aSubmitterWithAnotherCacheGetsAnIpiAndASoftirq.
    assertEquals(
        List.of("a@100600 SOFTIRQ"), endOf(FOUR_CPUS.withCpusPerCache(2).with(RT), ONE_QUEUE, 3));
  }

  @Test
  void aPolledBioEndsInTheTaskThatPolls() {
    BlockRig rig = new BlockRig(FOUR_CPUS, BlockRig.PLAIN);
    Bio bio = rig.write("a", 0);
    bio.set(ReqFlag.POLLED);
    rig.task(1, rig.submit(bio), x -> x.charge(150_000), rig.device::poll);
    rig.machine.runToIdle();
    assertEquals(List.of("a@150000 TASK cpu1"), rig.log);
  }

  @Test
  void nullBlkEndsInTheSubmitter() {
    assertEquals(List.of("a@0 TASK cpu2"), endOf(FOUR_CPUS, DeviceProfile.named("null"), 2));
  }

  @Test
  void completionsThatAnInterruptFindsAreOneBatch() {
    // Each end costs 1000. Interrupts are off from 100000 to 101500, where both others wait.
    MachineProfile costly =
        MachineProfile.ofCpus(1)
            .withoutCosts()
            .with(Cost.HARDIRQ_ENTRY, 300)
            .with(Cost.BIO_COMPLETE, 1_000);
    BlockRig rig = new BlockRig(costly, BlockRig.PLAIN);
    rig.task(
        0,
        rig.submit(rig.write("a", 0)),
        x -> x.charge(500),
        rig.submit(rig.write("b", 100)),
        x -> x.charge(700),
        rig.submit(rig.write("c", 200)));
    rig.machine.runToIdle();
    // a: 100000 + 300 + 1000. b and c wait for that interrupt's end and share the next.
    assertEquals(List.of("a@101300", "b@102600", "c@103600"), rig.log);
  }

  @Test
  void completionsOfOneInstantRideOnOneIpi() {
    BlockRig rig = new BlockRig(FOUR_CPUS.withCpusPerCache(2), ONE_QUEUE);
    rig.task(3, rig.submit(rig.write("a", 0)), rig.submit(rig.write("b", 100)));
    rig.machine.runToIdle();
    assertEquals(List.of("a@102400 SOFTIRQ cpu3", "b@102400 SOFTIRQ cpu3"), rig.log);
  }

  @Test
  void coalescingWaitsForTheTimeOrTheCount() {
    DeviceProfile coalescing =
        BlockRig.PLAIN
            .with(DeviceParameter.COALESCE_TIME, 50_000)
            .with(DeviceParameter.COALESCE_COUNT, 2);
    BlockRig rig = new BlockRig(FOUR_CPUS, coalescing);
    rig.task(
        0,
        rig.submit(rig.write("a", 0)),
        x -> x.charge(20_000),
        rig.submit(rig.write("b", 100)),
        x -> x.charge(20_000),
        rig.submit(rig.write("c", 200)));
    rig.machine.runToIdle();
    // a at 100000 waits; b at 120000 is the second. c at 140000 waits 50000 alone.
    assertEquals(List.of("a@120300", "b@120300", "c@190300"), rig.log);
  }
}
