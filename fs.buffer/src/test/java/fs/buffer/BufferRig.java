package fs.buffer;

import block.bio.BioOp;
import block.bio.device.DeviceProfile;
import block.bio.direct.BlockMap;
import block.bio.direct.DirectIo;
import block.bio.testing.BioLog;
import block.bio.testing.FileFixture;
import java.util.List;
import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import sim.kernel.machine.MachineProfile;

/** A block device, or a file of ext2, on a fixture with two CPUs on which nothing costs time. */
final class BufferRig {
  static final MachineProfile FREE = MachineProfile.ofCpus(2).withoutCosts();
  static final int KIB = 1024;

  final FileFixture io;
  final BufferIo buffers;
  final AddressSpace mapping;
  final OpenFile open;
  final Ext2File file;
  private final BlockMap directMap;

  private BufferRig(FileFixture io, BlockDeviceInode inode) {
    this.io = io;
    buffers = inode.io();
    mapping = inode.mapping();
    directMap = inode.directMap();
    open = new OpenFile(mapping);
    file = null;
  }

  private BufferRig(FileFixture io, Ext2FileSystem fs, Ext2File file) {
    this.io = io;
    buffers = fs.io();
    mapping = file.mapping();
    directMap = file.directMap();
    open = new OpenFile(mapping);
    this.file = file;
  }

  static BufferSettings blocksOf(int bytes) {
    return BufferSettings.DEFAULT.withBlockSizeBytes(bytes).withFolioOrderMax(0);
  }

  static BufferRig blockDevice(BufferSettings settings) {
    return blockDevice(FREE, FileFixture.FIXED, settings);
  }

  static BufferRig blockDevice(
      MachineProfile machine, DeviceProfile device, BufferSettings settings) {
    FileFixture io = new FileFixture(machine, device).withInlineWriteback();
    return new BufferRig(
        io, new BlockDeviceInode(io.cache(), io.backingDevice(), io.device(), settings));
  }

  static BufferRig ext2(BufferSettings settings, FileLayout layout, long sizeBytes) {
    return ext2(FileFixture.FIXED, settings, layout, sizeBytes);
  }

  static BufferRig ext2(
      DeviceProfile device, BufferSettings settings, FileLayout layout, long sizeBytes) {
    FileFixture io = new FileFixture(FREE, device).withInlineWriteback();
    Ext2FileSystem fs = new Ext2FileSystem(io.cache(), io.backingDevice(), io.device(), settings);
    return new BufferRig(io, fs, fs.newFile(layout, sizeBytes));
  }

  BioLog bios() {
    return io.bios();
  }

  BufferHeads heads() {
    return buffers.buffers();
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

  long direct(BioOp op, long pos, long bytes) {
    DirectIo direct = new DirectIo(io.layer(), directMap, (x, ended) -> {});
    return io.call(
        x -> {
          x.then(direct::await);
          direct.submit(x, op, pos, bytes, 0);
        });
  }

  /** Starts writeback of everything, as a flusher does, and lets it end. */
  void flush() {
    io.call(x -> io.cache().flushRange(x, mapping, 0, Long.MAX_VALUE / 2));
    io.runForNs(10_000_000);
  }

  /** First buffer of a page. */
  int buffer(long index) {
    return heads().firstOf(io.folioAt(mapping, index));
  }

  boolean test(long index, FolioFlag flag) {
    return io.test(mapping, index, flag);
  }

  List<Long> readBytes() {
    return bios().reads().stream().map(BioLog.Entry::bytes).toList();
  }

  List<Long> writeBytes() {
    return bios().writes().stream().map(BioLog.Entry::bytes).toList();
  }

  /** Checks that nothing is under way, leaked or miscounted. */
  void verifyIdle() {
    io.verifyIdle();
    buffers.verifyIdle();
  }
}
