package block.bio;

import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.hotplug.CpuHotplug;
import sim.kernel.hotplug.CpuHotplugState;

/**
 * What the block layer does when CPUs come and go: {@code block/mq:online}, {@code block/mq:dead}
 * and {@code block/softirq:dead}.
 */
final class BlockHotplug {
  /** {@code msleep(5)} in {@code blk_mq_hctx_notify_offline}. */
  private static final long DRAIN_SLEEP_NS = 5_000_000;

  private final BlockLayer layer;
  private final Machine machine;

  BlockHotplug(BlockLayer layer) {
    this.layer = layer;
    machine = layer.machine();
  }

  void register() {
    CpuHotplug hotplug = machine.hotplug();
    hotplug.register(
        CpuHotplugState.BLK_MQ_ONLINE, "block/mq:online", this::mqOnline, this::mqOffline);
    hotplug.register(CpuHotplugState.BLK_MQ_DEAD, "block/mq:dead", null, this::mqDead);
    hotplug.register(
        CpuHotplugState.BLOCK_SOFTIRQ_DEAD, "block/softirq:dead", null, this::softirqDead);
  }

  /** {@code blk_mq_hctx_notify_online}. */
  private void mqOnline(Exec x, int cpu) {
    for (BlockDevice device : layer.devices()) {
      device.queue().hardwareQueueOf(cpu).setInactive(false);
    }
  }

  /** {@code blk_mq_hctx_notify_offline}: in the CPU's own thread, which may sleep. */
  private void mqOffline(Exec x, int cpu) {
    for (BlockDevice device : layer.devices()) {
      HardwareQueue hardwareQueue = device.queue().hardwareQueueOf(cpu);
      if (hardwareQueue.isLastCpu(cpu)) {
        hardwareQueue.setInactive(true);
      }
    }
    awaitRequests(x, cpu);
  }

  /** Until the queues that take no more have none left. */
  private void awaitRequests(Exec x, int cpu) {
    for (BlockDevice device : layer.devices()) {
      HardwareQueue hardwareQueue = device.queue().hardwareQueueOf(cpu);
      if (hardwareQueue.isLastCpu(cpu) && hardwareQueue.tagsInUse() > 0) {
        x.then(y -> awaitRequests(y, cpu));
        machine.timers().scheduleTimeout(x, machine.timers().ticksOf(DRAIN_SLEEP_NS));
        return;
      }
    }
    x.setResult(0);
  }

  /** {@code blk_mq_hctx_notify_dead}: what the dead CPU left to be issued is issued elsewhere. */
  private void mqDead(Exec x, int cpu) {
    for (BlockDevice device : layer.devices()) {
      device.queue().hardwareQueueOf(cpu).runWhatWaits(x);
    }
    x.setResult(0);
  }

  private void softirqDead(Exec x, int cpu) {
    x.then(y -> y.setResult(0));
    layer.softirq().cpuDead(x, cpu);
  }
}
