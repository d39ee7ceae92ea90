package launcher.scenario.run;

import block.bio.BlkPlug;
import block.bio.BlockDevice;
import block.bio.BlockLayer;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.scenario.MemorySpec;
import launcher.scenario.Scenario;
import launcher.scenario.SwapSpec;
import launcher.scenario.internal.workload.JobGroups;
import launcher.scenario.internal.workload.WorkloadEngine;
import mm.core.NodeStat;
import mm.core.PageCache;
import mm.core.reclaim.FixedLatencySwap;
import mm.core.reclaim.Memcg;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.mapping.IoPlug;
import mm.core.writeback.BackingDevice;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.check.Sanitizer;
import sim.kernel.trace.DigestSink;
import sim.kernel.trace.RingSink;
import sim.kernel.trace.Trace;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/** Everything that a run is made of, put together as its scenario says. */
final class RunComposition {
  /** Events of each CPU that are shown with a broken rule. */
  private static final int EVENTS_KEPT = 8;

  final Machine machine;
  final PageCache cache;
  final BlockLayer blockLayer;
  final WorkloadEngine workload;
  final HotplugTasks hotplug;
  final Optional<DigestSink> digest;

  /** What each CPU did last, for the report of a broken rule. */
  final RingSink recent = RingSink.withoutFolios(EVENTS_KEPT);

  RunComposition(Scenario scenario, RunOptions options) {
    Trace trace = new Trace();
    digest = options.digest() ? Optional.of(new DigestSink()) : Optional.empty();
    digest.ifPresent(trace::addSink);
    for (TraceSink sink : options.sinks()) {
      trace.addSink(sink);
    }
    if (scenario.sanitizersOff().size() < Sanitizer.values().length) {
      trace.addSink(recent);
    }
    machine = new Machine(scenario.machine(), scenario.seed(), trace);
    scenario.sanitizersOff().forEach(machine.checker()::turnOff);
    MemorySpec memory = scenario.memory();
    cache = new PageCache(machine, MemorySettings.ofBytes(memory.sizeBytes()), memory.vm());
    cache.memory().setSwappiness(memory.swappiness());
    cache.writeback().setOtherInodes(memory.otherInodes());
    cache.useSplitDropbehind(memory.splitDropbehind());
    cache.useReadaheadOrder(memory.readaheadOrder());
    cache.memory().frames().setLlcBytes(memory.llcBytes());
    cache.writeback().setPlug(new Plug());
    blockLayer = new BlockLayer(machine);
    blockLayer.completions().setBound(scenario.custodyBound());
    cache.dropbehindSlot().setBound(scenario.custodyBound());
    cache.evictionSlot().setBound(scenario.custodyBound());
    DeviceProfile physical = scenario.device().physical();
    BlockDevice physicalDevice = blockLayer.addDevice(nodeOf(physical.name()), physical);
    BlockDevice device =
        scenario.device().backing().isEmpty()
            ? physicalDevice
            : blockLayer.addLoopDevice("loop0", scenario.device(), physicalDevice);
    BackingDevice backingDevice = cache.newBackingDevice(device.name());
    // bdi->io_pages = max_sectors >> (PAGE_SHIFT - 9), as blk_queue sets it from the limits.
    long ioPages = scenario.device().value(DeviceParameter.MAX_REQUEST) / MemorySettings.PAGE_BYTES;
    device.setRecentWait(backingDevice::hasSleptRecently);
    backingDevice.setIoPages((int) Math.max(1, ioPages));
    long readAhead = scenario.device().value(DeviceParameter.READ_AHEAD);
    backingDevice.setReadaheadPages((int) (readAhead / MemorySettings.PAGE_BYTES));
    // A run begins on a machine that has been up, with files that have been there.
    backingDevice.wasCleanForAPeriod();
    SwapSpec swap = memory.swap();
    if (swap.sizeBytes() > 0) {
      int slots =
          (int) Math.min(Integer.MAX_VALUE - 8, swap.sizeBytes() / MemorySettings.PAGE_BYTES);
      cache.newSwap(Math.max(1, slots), new FixedLatencySwap(cache, swap.latencyNs()));
    }
    workload =
        new WorkloadEngine(
            machine,
            cache,
            backingDevice,
            device,
            scenario.fileSystem(),
            scenario.workload(),
            JobGroups.of(cache.memory(), memory));
    workload.setShmemWriteout(memory.swap().shmemWriteoutNs());
    hotplug = new HotplugTasks(machine, scenario.hotplug());
    if (!scenario.faults().isEmpty()) {
      physicalDevice.setFaults(new PlannedDeviceFaults(machine, scenario.faults()));
    }
  }

  /** What a reader of the results has to know. */
  List<String> notes() {
    List<String> notes = new ArrayList<>(workload.notes());
    notes.addAll(hotplug.notes());
    blockLayer.devices().forEach(device -> device.recoveryNote().ifPresent(notes::add));
    notes.addAll(machine.checker().warnings());
    return notes;
  }

  /** The device's name under {@code /dev}. */
  private static String nodeOf(String model) {
    if (model.startsWith("nvme")) {
      return "nvme0n1";
    }
    return switch (model) {
      case "virtio-blk" -> "vda";
      case "null" -> "nullb0";
      default -> "sda";
    };
  }

  /** The last records of a run: levels of the page cache, and each CPU's time. */
  void traceEnd() {
    machine
        .trace()
        .emit(
            machine.nowNs(),
            -1,
            Tracepoint.CACHE_LEVEL,
            pages(NodeStat.FILE_PAGES),
            pages(NodeStat.FILE_DIRTY),
            pages(NodeStat.WRITEBACK));
    cache.memory().memcgs().stream().filter(memcg -> !memcg.isRoot()).forEach(this::traceGroup);
    machine.traceCpuTime();
    machine.trace().end(machine.nowNs());
  }

  private void traceGroup(Memcg memcg) {
    Trace trace = machine.trace();
    int name = trace.name(memcg.name());
    trace.emit(
        machine.nowNs(),
        -1,
        Tracepoint.MEMCG_STAT,
        name,
        memcg.stats().get(NodeStat.FILE_PAGES) + memcg.idleFilePages(),
        memcg.stats().get(NodeStat.FILE_DIRTY),
        memcg.stats().get(NodeStat.WRITEBACK),
        memcg.stats().get(NodeStat.FILE_MAPPED),
        memcg.stats().get(NodeStat.REFAULT_FILE));
    trace.emit(
        machine.nowNs(), -1, Tracepoint.MEMCG_USAGE, name, memcg.peakPages(), memcg.limitHits());
  }

  long pages(NodeStat stat) {
    return cache.stats().get(stat);
  }

  /** Hands the plugging of the block layer to the page cache, which knows no block layer. */
  private static final class Plug implements IoPlug {
    @Override
    public void start(Exec x) {
      BlkPlug.start(x);
    }

    @Override
    public void finish(Exec x) {
      BlkPlug.finish(x);
    }
  }
}
