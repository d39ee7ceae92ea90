package block.bio.testing;

import block.bio.Bio;
import block.bio.BioList;
import block.bio.BlkPlug;
import block.bio.BlockDevice;
import block.bio.BlockLayer;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import mm.core.AddressSpace;
import mm.core.DropOutcome;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.NodeStat;
import mm.core.PageCache;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.mapping.IoPlug;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.writeback.BackingDevice;
import mm.core.writeback.VmSettings;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Trace;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;

/**
 * A page cache over a block layer over one device, for the end-to-end tests of a file system: tasks
 * make calls, {@link #bios} says what became of each bio.
 *
 * <p>Every run is bounded in virtual time, so that a livelock fails a test and doesn't hang it.
 */
public final class FileFixture {
  /** What one call may take before it counts as stuck: virtual time. */
  private static final long CALL_NS_MAX = 20_000_000_000L;

  private static final long SLICE_NS = 100_000;

  /** Reads and writes of any size take 100 us, any number at once; flushes cost nothing. */
  public static final DeviceProfile FIXED =
      DeviceProfile.named("nvme")
          .with(DeviceParameter.READ_LATENCY, 100_000)
          .with(DeviceParameter.WRITE_LATENCY, 100_000)
          .with(DeviceParameter.FLUSH_LATENCY, 0)
          .with(DeviceParameter.READ_BANDWIDTH, 1L << 50)
          .with(DeviceParameter.WRITE_BANDWIDTH, 1L << 50)
          .with(DeviceParameter.READ_IOPS, 1_000_000_000_000L)
          .with(DeviceParameter.WRITE_IOPS, 1_000_000_000_000L)
          .with(DeviceParameter.CHANNELS, 1024)
          .with(DeviceParameter.CAPACITY, 8L << 30);

  /** {@code null_blk} that completes from its submission, with a small capacity. */
  public static final DeviceProfile INLINE =
      DeviceProfile.named("null").with(DeviceParameter.CAPACITY, 8L << 30);

  private final Machine machine;
  private final PageCache cache;
  private final BlockLayer layer;
  private final BlockDevice device;
  private final BackingDevice backingDevice;
  private final BioLog bios = new BioLog();

  /** A machine with 1 GiB and a device; writeback only when somebody asks for it. */
  public FileFixture(MachineProfile machineProfile, DeviceProfile deviceProfile) {
    this(
        machineProfile,
        deviceProfile,
        MemorySettings.ofBytes(1L << 30),
        VmSettings.DEFAULT.withIntervals(0, 3_000));
  }

  /** A machine and a device. */
  public FileFixture(
      MachineProfile machineProfile,
      DeviceProfile deviceProfile,
      MemorySettings memory,
      VmSettings settings) {
    this(machineProfile, deviceProfile, memory, settings, new Trace());
    machine.trace().addSink(bios);
  }

  private FileFixture(
      MachineProfile machineProfile,
      DeviceProfile deviceProfile,
      MemorySettings memory,
      VmSettings settings,
      Trace trace) {
    machine = new Machine(machineProfile, 1, trace);
    cache = new PageCache(machine, memory, settings);
    cache.writeback().setPlug(new Plug());
    layer = new BlockLayer(machine);
    device = layer.addDevice("nvme0n1", deviceProfile);
    backingDevice = cache.newBackingDevice(device.name());
  }

  /** A machine and a device whose trace goes nowhere, for benchmarks: {@link #bios} stays empty. */
  public static FileFixture untraced(
      MachineProfile machineProfile,
      DeviceProfile deviceProfile,
      MemorySettings memory,
      VmSettings settings) {
    return new FileFixture(machineProfile, deviceProfile, memory, settings, new Trace());
  }

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

  /** The machine. */
  public Machine machine() {
    return machine;
  }

  /** The page cache. */
  public PageCache cache() {
    return cache;
  }

  /** The block layer. */
  public BlockLayer layer() {
    return layer;
  }

  /** The only device. */
  public BlockDevice device() {
    return device;
  }

  /** The device as the page cache knows it. */
  public BackingDevice backingDevice() {
    return backingDevice;
  }

  /** What became of each bio. */
  public BioLog bios() {
    return bios;
  }

  // Policies.

  /** DONTCACHE writes flush their range themselves, as Linux 7.1 and before. */
  public FileFixture withInlineWriteback() {
    cache.writebackSlot().use("writeback.inline", InlineFlush::new);
    return this;
  }

  /** DONTCACHE writes kick the flusher for as many pages as are dirty, as Linux 7.2. */
  public FileFixture withFlusherWriteback() {
    cache.writebackSlot().use("writeback.kick-counted", KickFlusher::new);
    return this;
  }

  /** DONTCACHE writes leave their folios dirty. */
  public FileFixture withoutDontcacheWriteback() {
    cache.writebackSlot().use("writeback.none", host -> new LeaveDirty());
    return this;
  }

  private record InlineFlush(WritebackHost host) implements WritebackDeferral {
    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      host.flushRange(x, mapping, pos, countBytes);
    }

    @Override
    public void detach() {
      // There is nothing pending.
    }
  }

  private record KickFlusher(WritebackHost host) implements WritebackDeferral {
    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      host.startDontcache(x, mapping);
    }

    @Override
    public void detach() {
      // There is nothing pending.
    }
  }

  private record LeaveDirty() implements WritebackDeferral {
    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      // Somebody else writes them back, some time.
    }

    @Override
    public void detach() {
      // There is nothing pending.
    }
  }

  /** Bios that want a task end in a work item of the CPU they completed on. */
  public FileFixture withCompletionWorkqueue() {
    layer.completions().use("completion.workqueue", PerCpuWork::new);
    return this;
  }

  private static final class PerCpuWork implements CompletionDeferral {
    private final CompletionHost host;
    private final Workqueue workqueue;
    private final BioList[] lists;
    private final Work[] works;
    private final Step[] drains;

    PerCpuWork(CompletionHost host) {
      this.host = host;
      workqueue =
          host.machine()
              .workqueues()
              .alloc(
                  "bio_complete", Workqueue.ACTIVE_DEFAULT, EnumSet.of(Workqueue.Flag.MEM_RECLAIM));
      int cpus = host.machine().cpuCount();
      lists = new BioList[cpus];
      works = new Work[cpus];
      drains = new Step[cpus];
      for (int i = 0; i < cpus; i++) {
        int cpu = i;
        lists[i] = new BioList();
        drains[i] = x -> drain(x, cpu);
        works[i] = new Work("bio_complete_work_fn", drains[i]);
      }
    }

    @Override
    public void defer(Exec x, Bio bio) {
      int cpu = x.cpu().id();
      boolean wasEmpty = lists[cpu].isEmpty();
      lists[cpu].add(bio);
      if (wasEmpty) {
        host.machine().workqueues().queue(x, workqueue, works[cpu]);
      }
    }

    private void drain(Exec x, int cpu) {
      Bio bio = lists[cpu].pop();
      if (bio != null) {
        x.then(drains[cpu]);
        host.endBio(x, bio);
      }
    }

    @Override
    public List<Bio> detach() {
      List<Bio> bios = new ArrayList<>();
      for (BioList list : lists) {
        list.drainTo(bios);
      }
      return bios;
    }

    @Override
    public int pending() {
      int sum = 0;
      for (BioList list : lists) {
        sum += list.size();
      }
      return sum;
    }
  }

  // Running.

  /** A call that a task makes. */
  public final class Call {
    private final String name;
    private boolean ended;
    private long result;
    private long endNs;

    private Call(String name) {
      this.name = name;
    }

    private void ended(Exec x) {
      ended = true;
      result = x.result();
      endNs = x.nowNs();
    }

    /** Whether it has returned. */
    public boolean hasEnded() {
      return ended;
    }

    /** When it returned. */
    public long endNs() {
      return endNs;
    }

    /** Runs until it has returned; its result. */
    public long await() {
      long limitNs = machine.nowNs() + CALL_NS_MAX;
      while (!ended) {
        if (machine.nowNs() >= limitNs) {
          throw new IllegalStateException(
              name + ": has not returned after " + CALL_NS_MAX + " virtual ns: it is stuck");
        }
        machine.runUntil(machine.nowNs() + SLICE_NS);
      }
      return result;
    }
  }

  /** Has a new task on a CPU make a call, from now on. */
  public Call start(int cpu, Step call) {
    Call started = new Call("call of a task on CPU " + cpu + " at " + machine.nowNs());
    Task task = machine.newTask("task", false, CpuMask.of(cpu));
    task.then(started::ended);
    task.then(call);
    task.wake();
    return started;
  }

  /** Has a new task on CPU 0 make a call, and runs until it has returned. */
  public long call(Step call) {
    return start(0, call).await();
  }

  /** Runs for so long. */
  public void runForNs(long ns) {
    machine.runUntil(machine.nowNs() + ns);
  }

  // Looking.

  /** Pages under writeback, dirty and cached, as {@code cached 3 dirty 2 writeback 1}. */
  public String levels() {
    return "cached "
        + cache.stats().get(NodeStat.FILE_PAGES)
        + " dirty "
        + cache.stats().get(NodeStat.FILE_DIRTY)
        + " writeback "
        + cache.stats().get(NodeStat.WRITEBACK);
  }

  /** Pages that dropbehind came to with that outcome. */
  public long dropped(DropOutcome outcome) {
    return cache.dropbehindPages(outcome);
  }

  /** The folio of a page that is cached. */
  public int folioAt(AddressSpace mapping, long index) {
    return mapping.pages().load(index);
  }

  /**
   * What must hold when nothing is under way: no bio is in use or ended otherwise than once, no
   * folio is locked or under writeback, every count of the page cache is right, no rule was broken.
   *
   * @throws IllegalStateException that names the first that doesn't
   */
  public void verifyIdle() {
    require("bios in use", layer.bios().inUse(), 0);
    require("bios pending with the policy", layer.completions().pending(), 0);
    require("complaints", machine.checker().complaints().size(), 0);
    require("pages under writeback", cache.stats().get(NodeStat.WRITEBACK), 0);
    if (device.isBusy()) {
      throw new IllegalStateException(device + ": has requests and should be idle");
    }
    bios.verifyEndedOnce();
    cache.verify();
  }

  private static void require(String what, long is, long right) {
    if (is != right) {
      throw new IllegalStateException(what + " are " + is + "; it must be " + right);
    }
  }

  /** Whether the folio of a page has a flag; false if the page is not cached. */
  public boolean test(AddressSpace mapping, long index, FolioFlag flag) {
    int folio = folioAt(mapping, index);
    FolioStore folios = cache.folios();
    return folio != 0 && folios.test(folio, flag);
  }
}
