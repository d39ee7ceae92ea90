package launcher.scenario.internal.workload;

import static mm.core.reclaim.MemorySettings.PAGE_BYTES;
import static mm.core.reclaim.MemorySettings.PAGE_SHIFT;

import block.bio.Bio;
import block.bio.BioOp;
import block.bio.direct.Extent;
import fs.buffer.BlockDeviceInode;
import fs.buffer.BufferSettings;
import fs.buffer.Ext2File;
import fs.buffer.Ext2FileSystem;
import fs.buffer.ext4.Ext4File;
import fs.buffer.ext4.Ext4FileSystem;
import fs.buffer.ext4.Ext4Layout;
import fs.iomap.FileLayout;
import fs.iomap.IomapFile;
import fs.iomap.IomapFileSystem;
import fs.iomap.IomapSettings;
import fs.iomap.erofs.ErofsFile;
import fs.iomap.erofs.ErofsFileSystem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import launcher.fio.job.FioJob;
import launcher.fio.job.IoEngine;
import launcher.fio.job.JobFiles;
import launcher.fio.sequence.ExistingFiles;
import launcher.fio.sequence.FileLayout.Part;
import launcher.scenario.FileSystemSpec;
import launcher.scenario.FileSystemSpec.Type;
import launcher.scenario.Replay;
import launcher.trace.replay.TapeTarget;
import mm.core.AddressSpace;
import mm.core.Errno;
import mm.core.reclaim.Swap;
import sim.kernel.Exec;

/**
 * The files of all jobs as fio leaves them when it has set up its jobs, one after the other: who
 * needs a larger file than is there makes it anew or extends it. Costs no virtual time, and nothing
 * of it is cached.
 */
final class WorkloadFiles implements ExistingFiles {
  private static final String DEVICES = "/dev/";

  /** What lies below it is shared memory: tmpfs. */
  private static final String SHARED_MEMORY = "/dev/shm/";

  /** What lies below it is no file but a process's own memory. */
  private static final String ANONYMOUS_MEMORY = "/anonymous/";

  /** Inodes of memory, beyond those of any file system here. */
  private static final long MEMORY_INODES = 1_000_000;

  private static final long REGION_ALIGN_BYTES = 1L << 20;
  private static final long GIB = 1L << 30;

  /** More than any file system here takes for itself: a 64th, and the log. */
  private static final long METADATA_SHARE = 64;

  private static final long METADATA_GIB = 4;

  /** What a file has before the run. */
  private enum Content {
    NOTHING,
    /** Its size, and no blocks. */
    HOLE,
    /** Blocks without data, of its size. */
    ALLOCATED,
    /** Blocks without data, and no size. */
    KEPT,
    WRITTEN,
    /** Written, and shared with a clone. */
    CLONED
  }

  private static final class Planned {
    Content content = Content.NOTHING;
    long neededBytes;
    boolean read;
    WorkFile made;

    long sizeBytes() {
      return content == Content.NOTHING || content == Content.KEPT ? 0 : laidOutBytes;
    }

    long laidOutBytes;

    WorkFile.Place at(String path, long baseBytes) {
      return new WorkFile.Place(path, baseBytes, neededBytes);
    }
  }

  private final RunParts parts;
  private final FileSystemSpec spec;
  private final IomapSettings iomapSettings;
  private final BufferSettings bufferSettings;
  private final Map<String, Planned> files = new LinkedHashMap<>();
  private BlockDeviceInode deviceInode;

  WorkloadFiles(RunParts parts, FileSystemSpec spec) {
    this.parts = parts;
    this.spec = spec;
    iomapSettings =
        IomapSettings.DEFAULT
            .withBlockSizeBytes(spec.blockBytes())
            .withFolioOrderMax(spec.folioOrderMax())
            .with(spec.iomapDontcache())
            .with(spec.integrityReads())
            .with(spec.errorReport())
            .withLogBytes(spec.logBytes());
    bufferSettings =
        BufferSettings.DEFAULT
            .withBlockSizeBytes(spec.blockBytes())
            .with(spec.bufferDontcache())
            .withFolioOrderMax(spec.deviceFolioOrderMax());
  }

  /** The place of a job, to begin a message with. */
  static String where(FioJob job) {
    return job.identity().file() + ":" + job.identity().line() + ": [" + job.name() + "]: ";
  }

  private long capacityBytes() {
    return parts.device().sectors() * Bio.SECTOR_BYTES;
  }

  @Override
  public long sizeBytes(String path) {
    if (isBlockDevice(path)) {
      return capacityBytes();
    }
    Planned file = files.get(path);
    return file == null ? 0 : file.sizeBytes();
  }

  @Override
  public boolean isBlockDevice(String path) {
    return path.startsWith(DEVICES) && !path.startsWith(SHARED_MEMORY);
  }

  private static boolean isMemory(String path) {
    return path.startsWith(SHARED_MEMORY) || path.startsWith(ANONYMOUS_MEMORY);
  }

  private void requireMemory(FioJob job, String path) {
    if (job.engine() != IoEngine.MMAP) {
      throw new IllegalArgumentException(
          where(job) + path + " is memory, which is mapped: it needs ioengine=mmap");
    }
    if (parts.cache().swap() == null) {
      throw new IllegalArgumentException(
          where(job) + path + " is memory, which needs swap; set one: memory: {swap: 8 GiB}");
    }
  }

  /** What all files have at most, bytes. */
  long totalBytes() {
    return files.values().stream().mapToLong(file -> file.neededBytes).sum();
  }

  /** Whether a job has files at all. */
  static boolean hasFiles(FioJob job) {
    return job.engine() != IoEngine.NULL;
  }

  /** Sets up the files of a job, after those of all earlier ones. */
  void plan(FioJob job, launcher.fio.sequence.FileLayout layout) {
    for (Part part : layout.parts()) {
      Planned file = files.computeIfAbsent(part.path(), path -> new Planned());
      file.read |= job.rw().reads();
      if (isMemory(part.path())) {
        requireMemory(job, part.path());
      }
      if (!isBlockDevice(part.path()) && part.sizeBytes() > sizeBytes(part.path())) {
        file.content = content(job, file.content);
        file.laidOutBytes = part.sizeBytes();
      }
      file.neededBytes = Math.max(file.neededBytes, part.sizeBytes());
    }
    requireRoom(job);
  }

  /**
   * Sets up what a replay works on, after the files of all earlier jobs. What it reads is there;
   * what it only writes is not, unless the scenario says so, as a trace does not tell.
   */
  void plan(FioJob job, Replay replay) {
    List<TapeTarget> targets = replay.tape().targets();
    for (int i = 0; i < targets.size(); i++) {
      TapeTarget target = targets.get(i);
      String path = replay.paths().get(i);
      Planned file = files.computeIfAbsent(path, name -> new Planned());
      long bytes = Math.max(PAGE_BYTES, target.sizeBytes() + PAGE_BYTES - 1 & -PAGE_BYTES);
      file.read |= target.read();
      if (target.written() && spec.type() == Type.EROFS && !isBlockDevice(path)) {
        throw new IllegalArgumentException(
            where(job)
                + path
                + " is written in the trace; erofs can only be read: leave writes out"
                + " with skip: [write, sync]");
      }
      if (isBlockDevice(path)) {
        requireOnDevice(job, bytes);
      } else if (target.read() && bytes > sizeBytes(path)) {
        file.content = Content.WRITTEN;
        file.laidOutBytes = bytes;
      }
      file.neededBytes = Math.max(file.neededBytes, bytes);
    }
    requireRoom(job);
  }

  private void requireOnDevice(FioJob job, long bytes) {
    if (bytes > capacityBytes()) {
      throw new IllegalArgumentException(
          where(job)
              + "the trace reaches to byte "
              + bytes
              + "; "
              + parts.device()
              + " has "
              + capacityBytes()
              + ": make the device larger, as with --set device.capacity=4TiB");
    }
  }

  private Content content(FioJob job, Content before) {
    JobFiles rules = job.files();
    if (rules.createOnOpen()) {
      return before;
    }
    boolean writesOver = job.rw().writes() && rules.overwrite() && !rules.append();
    if (job.rw().reads() || writesOver || job.engine() == IoEngine.MMAP) {
      return Content.WRITTEN;
    }
    if (rules.append() && before != Content.NOTHING) {
      return before;
    }
    boolean ext2 = spec.type() == Type.EXT2_LIKE;
    return switch (rules.fallocate()) {
      case NONE -> Content.NOTHING;
      case NATIVE -> ext2 ? Content.NOTHING : Content.ALLOCATED;
      case KEEP -> ext2 ? Content.NOTHING : Content.KEPT;
      // glibc writes a byte into each block where the file system can't allocate.
      case POSIX -> ext2 ? Content.WRITTEN : Content.ALLOCATED;
      case TRUNCATE -> Content.HOLE;
    };
  }

  private void requireRoom(FioJob job) {
    long needed = 0;
    for (Map.Entry<String, Planned> file : files.entrySet()) {
      if (!isBlockDevice(file.getKey()) && !isMemory(file.getKey())) {
        needed += aligned(file.getValue().neededBytes);
      }
    }
    if (needed > capacityBytes()) {
      throw new IllegalArgumentException(
          where(job)
              + "its files and those before them need "
              + needed
              + " bytes; "
              + parts.device()
              + " has "
              + capacityBytes()
              + ": make the files smaller or the device larger, as by device.capacity="
              + roomyGib(needed)
              + "GiB");
    }
  }

  /** A device on which files of that many bytes surely fit: its file system needs room as well. */
  private static long roomyGib(long neededBytes) {
    return (neededBytes + neededBytes / METADATA_SHARE) / GIB + METADATA_GIB;
  }

  private static long aligned(long bytes) {
    return (bytes + REGION_ALIGN_BYTES - 1) / REGION_ALIGN_BYTES * REGION_ALIGN_BYTES;
  }

  /** Makes all planned files, in the order of their planning. */
  void make() {
    files.values().forEach(this::settleContent);
    makeMemory();
    switch (spec.type()) {
      case IOMAP -> makeIomap();
      case EXT2_LIKE -> makeExt2();
      case EXT4 -> makeExt4();
      case BLOCK_DEVICE -> makeRegions();
      case EROFS -> makeErofs();
    }
  }

  private void makeMemory() {
    long inode = MEMORY_INODES;
    for (Map.Entry<String, Planned> entry : files.entrySet()) {
      String path = entry.getKey();
      if (isMemory(path)) {
        Planned planned = entry.getValue();
        Swap.Kind kind = path.startsWith(SHARED_MEMORY) ? Swap.Kind.SHMEM : Swap.Kind.ANON;
        int pages = (int) (planned.neededBytes + PAGE_BYTES - 1 >> PAGE_SHIFT);
        AddressSpace memory = parts.cache().swap().newMemory(kind, ++inode, pages);
        planned.made =
            new WorkFile(parts, memory, WorkloadFiles::refuseDirect, planned.at(path, 0));
      }
    }
  }

  /** The files that are not memory, in the order of their planning. */
  private void forEachFile(BiConsumer<String, Planned> make) {
    files.forEach(
        (path, planned) -> {
          if (!isMemory(path)) {
            make.accept(path, planned);
          }
        });
  }

  /** What the scenario says of writes holds for files that nobody reads, or at least has data. */
  private void settleContent(Planned file) {
    switch (spec.writes()) {
      case AS_THE_JOB_SAYS -> {}
      case OVERWRITE -> fill(file, Content.WRITTEN);
      case CLONED -> fill(file, Content.CLONED);
      case PREALLOCATED -> fill(file, file.read ? Content.WRITTEN : Content.ALLOCATED);
      case APPEND -> {
        if (!file.read) {
          file.content = Content.NOTHING;
        }
      }
    }
  }

  private static void fill(Planned file, Content content) {
    file.content = content;
    file.laidOutBytes = file.neededBytes;
  }

  private void makeIomap() {
    IomapFileSystem fs =
        new IomapFileSystem(parts.cache(), parts.backingDevice(), parts.device(), iomapSettings);
    forEachFile(
        (path, planned) -> {
          if (isBlockDevice(path)) {
            planned.made = region(path, 0, planned);
            return;
          }
          FileLayout layout =
              switch (planned.content) {
                case NOTHING, HOLE -> FileLayout.SPARSE;
                case ALLOCATED, KEPT -> FileLayout.PREALLOCATED;
                case WRITTEN -> FileLayout.WRITTEN;
                case CLONED -> FileLayout.SHARED;
              };
          long bytes = planned.content == Content.NOTHING ? 0 : planned.laidOutBytes;
          IomapFile file = fs.newFile(layout, bytes);
          if (planned.content == Content.KEPT) {
            file.mapping().setSizeBytes(0);
          }
          planned.made = new WorkFile(parts, file.mapping(), file.directMap(), planned.at(path, 0));
        });
  }

  private void makeExt2() {
    Ext2FileSystem ext2 =
        new Ext2FileSystem(parts.cache(), parts.backingDevice(), parts.device(), bufferSettings);
    forEachFile(
        (path, planned) -> {
          if (isBlockDevice(path)) {
            planned.made = region(path, 0, planned);
            return;
          }
          boolean written = planned.content == Content.WRITTEN;
          Ext2File file =
              ext2.newFile(
                  written ? fs.buffer.FileLayout.WRITTEN : fs.buffer.FileLayout.SPARSE,
                  planned.sizeBytes());
          planned.made = new WorkFile(parts, file.mapping(), file.directMap(), planned.at(path, 0));
        });
  }

  private void makeExt4() {
    Ext4FileSystem ext4 =
        new Ext4FileSystem(parts.cache(), parts.backingDevice(), parts.device(), spec.ext4());
    forEachFile(
        (path, planned) -> {
          if (isBlockDevice(path)) {
            planned.made = region(path, 0, planned);
            return;
          }
          Ext4Layout layout =
              switch (planned.content) {
                case NOTHING, HOLE, CLONED -> Ext4Layout.SPARSE;
                case ALLOCATED, KEPT -> Ext4Layout.PREALLOCATED;
                case WRITTEN -> Ext4Layout.WRITTEN;
              };
          long bytes = planned.content == Content.NOTHING ? 0 : planned.laidOutBytes;
          Ext4File file = ext4.newFile(layout, bytes);
          if (planned.content == Content.KEPT) {
            file.mapping().setSizeBytes(0);
          }
          planned.made = new WorkFile(parts, file.mapping(), file.directMap(), planned.at(path, 0));
        });
  }

  private void makeErofs() {
    ErofsFileSystem erofs =
        new ErofsFileSystem(parts.cache(), parts.backingDevice(), parts.device(), spec.erofs());
    forEachFile(
        (path, planned) -> {
          if (isBlockDevice(path)) {
            planned.made = region(path, 0, planned);
            return;
          }
          ErofsFile file = erofs.newFile(planned.neededBytes);
          planned.made =
              new WorkFile(parts, file.mapping(), WorkloadFiles::refuseDirect, planned.at(path, 0));
        });
  }

  private static void refuseDirect(
      Exec x, BioOp op, long posBytes, long lengthBytes, Extent extent) {
    x.setResult(-Errno.EINVAL);
  }

  private void makeRegions() {
    long base = 0;
    for (Map.Entry<String, Planned> entry : files.entrySet()) {
      if (isMemory(entry.getKey())) {
        continue;
      }
      if (isBlockDevice(entry.getKey())) {
        entry.getValue().made = region(entry.getKey(), 0, entry.getValue());
      } else {
        entry.getValue().made = region(entry.getKey(), base, entry.getValue());
        base += aligned(entry.getValue().neededBytes);
      }
    }
  }

  private WorkFile region(String path, long base, Planned planned) {
    if (deviceInode == null) {
      deviceInode =
          new BlockDeviceInode(
              parts.cache(), parts.backingDevice(), parts.device(), bufferSettings);
      deviceInode.mapping().setSharedWrites(true);
    }
    return new WorkFile(
        parts, deviceInode.mapping(), deviceInode.directMap(), planned.at(path, base));
  }

  /** A file that was made. */
  WorkFile file(String path) {
    return files.get(path).made;
  }

  /** Shared memory that was made, in the order of its planning. */
  List<WorkFile> sharedMemory() {
    return all().stream().filter(file -> file.path.startsWith(SHARED_MEMORY)).toList();
  }

  /** All files that were made, in the order of their planning. */
  List<WorkFile> all() {
    return files.values().stream().map(planned -> planned.made).toList();
  }
}
