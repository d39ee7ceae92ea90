package fs.iomap;

import block.bio.device.DeviceProfile;
import block.bio.testing.BioLog;
import block.bio.testing.FileFixture;
import java.util.Locale;
import java.util.StringJoiner;
import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import sim.kernel.machine.MachineProfile;

/** A file system with one file on a fixture, on two CPUs on which nothing costs time. */
final class IomapRig {
  static final MachineProfile FREE = MachineProfile.ofCpus(2).withoutCosts();
  static final int KIB = 1024;
  static final int MIB = 1024 * KIB;

  final FileFixture io;
  final IomapFileSystem fs;
  final IomapFile file;
  final AddressSpace mapping;
  final OpenFile open;

  IomapRig(IomapSettings settings, FileLayout layout, long sizeBytes) {
    this(FREE, FileFixture.FIXED, settings, layout, sizeBytes);
  }

  IomapRig(
      MachineProfile machine,
      DeviceProfile device,
      IomapSettings settings,
      FileLayout layout,
      long sizeBytes) {
    io = new FileFixture(machine, device).withInlineWriteback();
    fs = new IomapFileSystem(io.cache(), io.backingDevice(), io.device(), settings);
    file = fs.newFile(layout, sizeBytes);
    mapping = file.mapping();
    open = new OpenFile(mapping);
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

  /** Starts writeback of everything and lets it end. */
  void flush() {
    io.call(x -> io.cache().flushRange(x, mapping, 0, Long.MAX_VALUE / 2));
    io.runForNs(10_000_000);
  }

  /** Why ioends were submitted, as {@code file_gap 1 last 2}; those of no reason left out. */
  String ioendEnds() {
    StringJoiner text = new StringJoiner(" ");
    for (IoendEnd end : IoendEnd.values()) {
      if (fs.ioendsEndedBy(end) > 0) {
        text.add(end.name().toLowerCase(Locale.ROOT) + " " + fs.ioendsEndedBy(end));
      }
    }
    return text.toString();
  }

  boolean test(long index, FolioFlag flag) {
    return io.test(mapping, index, flag);
  }

  /** Checks that nothing is under way, leaked or miscounted. */
  void verifyIdle() {
    io.verifyIdle();
    file.data().verify();
    fs.verifyIdle();
  }
}
