package fs.buffer.ext4;

import block.bio.BioOp;
import block.bio.device.DeviceProfile;
import block.bio.direct.DirectIo;
import block.bio.testing.BioLog;
import block.bio.testing.FileFixture;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/** A file of ext4 on a fixture with two CPUs on which nothing costs time, on Linux 6.18. */
final class Ext4Rig {
  static final MachineProfile FREE = MachineProfile.ofCpus(2).withoutCosts();
  static final int KIB = 1024;
  static final int MIB = 1024 * KIB;
  static final Ext4Settings PLAIN = Ext4Settings.DEFAULT.withoutJournal();

  final FileFixture io;
  final Ext4FileSystem fs;
  final Ext4File file;
  final AddressSpace mapping;
  final OpenFile open;
  final Counts counts = new Counts();

  Ext4Rig(Ext4Settings settings, Ext4Layout layout, long sizeBytes) {
    this(FileFixture.FIXED, settings, layout, sizeBytes);
  }

  Ext4Rig(DeviceProfile device, Ext4Settings settings, Ext4Layout layout, long sizeBytes) {
    this(FREE, device, settings, layout, sizeBytes);
  }

  Ext4Rig(
      MachineProfile machine,
      DeviceProfile device,
      Ext4Settings settings,
      Ext4Layout layout,
      long sizeBytes) {
    io = new FileFixture(machine, device).withInlineWriteback().withCompletionWorkqueue();
    io.machine().trace().addSink(counts);
    fs = new Ext4FileSystem(io.cache(), io.backingDevice(), io.device(), settings);
    file = fs.newFile(layout, sizeBytes);
    mapping = file.mapping();
    open = new OpenFile(mapping);
  }

  static Ext4Rig newFile() {
    return new Ext4Rig(PLAIN, Ext4Layout.SPARSE, 0);
  }

  static Ext4Rig written(long sizeBytes) {
    return new Ext4Rig(PLAIN, Ext4Layout.WRITTEN, sizeBytes);
  }

  /** Counts events of some kinds. */
  static final class Counts implements TraceSink {
    private final long[] counts = new long[Tracepoint.values().length];
    final List<Integer> addedOrders = new ArrayList<>();

    @Override
    public Set<Tracepoint> interest() {
      return EnumSet.of(
          Tracepoint.EXT4_WRITEPAGES,
          Tracepoint.WORKQUEUE_EXECUTE_START,
          Tracepoint.MM_FILEMAP_ADD_TO_PAGE_CACHE);
    }

    @Override
    public void event(
        long timeNs,
        int cpu,
        Tracepoint type,
        long f0,
        long f1,
        long f2,
        long f3,
        long f4,
        long f5) {
      counts[type.ordinal()]++;
      if (type == Tracepoint.MM_FILEMAP_ADD_TO_PAGE_CACHE) {
        addedOrders.add((int) f3);
      }
    }

    long of(Tracepoint type) {
      return counts[type.ordinal()];
    }
  }

  BioLog bios() {
    return io.bios();
  }

  long write(long pos, long bytes) {
    return io.call(x -> io.cache().write(x, open, pos, bytes, RwFlags.NONE));
  }

  long dontcacheWrite(long pos, long bytes) {
    return io.call(x -> io.cache().write(x, open, pos, bytes, RwFlags.DONTCACHE));
  }

  long read(long pos, long bytes) {
    return io.call(x -> io.cache().read(x, open, pos, bytes, RwFlags.NONE));
  }

  long fsync() {
    return io.call(x -> io.cache().fsync(x, open));
  }

  long fdatasync() {
    return io.call(x -> io.cache().fdatasync(x, open));
  }

  long direct(BioOp op, long pos, long bytes) {
    DirectIo direct = new DirectIo(io.layer(), file.directMap(), (x, ended) -> {});
    return io.call(
        x -> {
          x.then(direct::await);
          direct.submit(x, op, pos, bytes, 0);
        });
  }

  /** Starts writeback of everything, as a flusher does, and lets it end. */
  void flush() {
    io.call(x -> io.cache().flushRange(x, mapping, 0, Long.MAX_VALUE / 2));
    settle();
  }

  /** Lets everything end that was submitted. */
  void settle() {
    io.runForNs(10_000_000);
  }

  boolean test(long index, FolioFlag flag) {
    return io.test(mapping, index, flag);
  }

  BlockState state(long block) {
    return file.status().state(block);
  }

  List<Long> writeKib() {
    return bios().writes().stream().map(bio -> bio.bytes() / KIB).toList();
  }

  List<Long> readKib() {
    return bios().reads().stream().map(bio -> bio.bytes() / KIB).toList();
  }

  /** Checks that nothing is under way, leaked or miscounted. */
  void verifyIdle() {
    io.verifyIdle();
    fs.verifyIdle();
  }
}
