package fs.iomap.erofs;

import block.bio.device.DeviceProfile;
import block.bio.testing.FileFixture;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.hotplug.HotplugCallback;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/**
 * A file on a fixture, on CPUs on which four things cost time: 20 us to wake a task, 1 us to
 * decompress 4 KiB, 2 us to verify 4 KiB. Reads take 100 us.
 */
final class ErofsRig implements TraceSink {
  static final int KIB = 1024;
  static final MachineProfile MACHINE =
      MachineProfile.ofCpus(2)
          .withoutCosts()
          .with(Cost.WORKER_WAKEUP, 20_000)
          .with(Cost.DECOMPRESS, 1_000)
          .with(Cost.VERITY_BLOCK, 2_000);

  final FileFixture io;
  final ErofsFileSystem fs;
  final ErofsFile file;
  final OpenFile open;

  /** Functions that a workqueue or a thread was given, as {@code verity_work on 0}. */
  final List<String> queued = new ArrayList<>();

  private final Map<Integer, String> names = new TreeMap<>();

  ErofsRig(MachineProfile machine, DeviceProfile device, ErofsSettings settings, long sizeBytes) {
    this(machine, device, settings, sizeBytes, null);
  }

  /** With a hotplug callback that is called on the way down behind the file system's. */
  ErofsRig(
      MachineProfile machine,
      DeviceProfile device,
      ErofsSettings settings,
      long sizeBytes,
      HotplugCallback teardown) {
    io = new FileFixture(machine, device);
    io.machine().hotplug().register(CpuHotplugState.AP_ONLINE_DYN, "before", null, teardown);
    io.machine().trace().addSink(this);
    fs = new ErofsFileSystem(io.cache(), io.backingDevice(), io.device(), settings);
    file = fs.newFile(sizeBytes);
    open = new OpenFile(file.mapping());
  }

  static ErofsRig of(ErofsSettings settings, long sizeBytes) {
    return new ErofsRig(MACHINE, FileFixture.FIXED, settings, sizeBytes);
  }

  FileFixture.Call startRead(int cpu, long pos, long bytes) {
    return io.start(cpu, x -> io.cache().read(x, open, pos, bytes, RwFlags.NONE));
  }

  /** Virtual nanoseconds that a read on CPU 0 takes; it must bring all. */
  long readNs(long pos, long bytes) {
    long startNs = io.machine().nowNs();
    FileFixture.Call call = startRead(0, pos, bytes);
    long read = call.await();
    if (read != bytes) {
      throw new IllegalStateException("read " + read + " of " + bytes);
    }
    return call.endNs() - startNs;
  }

  void verifyIdle() {
    io.verifyIdle();
    if (fs.readsInUse() != 0) {
      throw new IllegalStateException("requests in use are " + fs.readsInUse() + " when idle");
    }
  }

  @Override
  public Set<Tracepoint> interest() {
    return EnumSet.of(Tracepoint.WORKQUEUE_QUEUE_WORK, Tracepoint.SCHED_KTHREAD_WORK_QUEUE_WORK);
  }

  @Override
  public void event(
      long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
    queued.add(names.get((int) a) + " on " + cpu);
  }

  @Override
  public void name(int id, String name) {
    names.put(id, name);
  }
}
