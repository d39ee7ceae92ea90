package fs.iomap;

import block.bio.Bio;
import block.bio.BioFlag;
import block.bio.BioPool;
import block.bio.BlockDevice;
import block.bio.ReqFlag;
import fs.iomap.internal.log.LogItem;
import fs.iomap.internal.log.MetadataBuffer;
import fs.iomap.internal.log.SectorRange;
import fs.iomap.internal.log.XfsLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import mm.core.FolioBlockStates;
import mm.core.PageCache;
import mm.core.writeback.BackingDevice;
import sim.kernel.Machine;
import sim.kernel.lock.LockClass;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.Workqueue;

/**
 * An XFS-like file system on one block device: extents, delayed allocation, ioends, a completion
 * workqueue and a journal. Files are reached through the page cache by {@link IomapFile#mapping},
 * and by direct I/O through {@link IomapFile#directMap}.
 *
 * <p>Left out: directories, deletion and truncation, free space that is fragmented.
 */
public final class IomapFileSystem {
  private static final int PAGE_BYTES = 4096;

  /** The journal that {@code mkfs.xfs} makes: 1/2048 of the device, 64 MiB to 2 GiB. */
  private static final long LOG_BYTES_USUAL = 64L << 20;

  private static final int LOG_RATIO = 2048;

  /** On a small device journal and metadata have no more than this part of it. */
  private static final int AREA_PARTS = 8;

  private static final long METADATA_BYTES = 64L << 20;

  /** {@code XFS_INODE_BIG_CLUSTER_SIZE}, scaled to inodes of 512 bytes. */
  private static final int INODES_PER_CLUSTER = 32;

  private static final int INODE_CLUSTER_BYTES = 16 << 10;

  /** An allocation in the log: a header and two leaves, of which little changes. */
  private static final int FREE_SPACE_CHANGE_BYTES = 1152;

  private static final int IOEND_ENDS = IoendEnd.values().length;

  private final PageCache cache;
  private final BackingDevice backingDevice;
  private final BlockDevice device;
  private final IomapSettings settings;
  private final int blockShift;
  private final FolioBlockStates states;
  private final BlockAllocator allocator;
  private final XfsLog log;

  /** Free space of the one allocation group. */
  private final LogItem freeSpace;

  private MetadataBuffer inodeCluster;
  private final Workqueue completionQueue;
  private final IoendErrors errors;
  private final LockClass ilockClass = new LockClass("i_lock (xfs)");
  private final LockClass ioendLockClass = new LockClass("i_ioend_lock");
  private final List<IomapFile> files = new ArrayList<>();
  private final long[] ioendEnds = new long[IOEND_ENDS];
  private final long pageZeroNs;
  private long reservedBlocks;

  private final Pool<Ioend> ioends = new Pool<>(() -> new Ioend(this));
  private final Pool<IomapWriteback> writebacks = new Pool<>(() -> new IomapWriteback(this));
  private final Pool<IomapReadahead> readaheads = new Pool<>(() -> new IomapReadahead(this));
  private final Pool<IomapReadahead.End> readEnds = new Pool<>(() -> new IomapReadahead.End(this));
  private final Pool<IomapWriteBegin> writeBegins = new Pool<>(() -> new IomapWriteBegin(this));
  private final Pool<XfsFsync> fsyncs = new Pool<>(() -> new XfsFsync(this));

  /**
   * An empty file system.
   *
   * @param cache page cache of the run
   * @param backingDevice what the page cache knows of {@code device}
   * @param device where its blocks are
   */
  public IomapFileSystem(
      PageCache cache, BackingDevice backingDevice, BlockDevice device, IomapSettings settings) {
    this.cache = Objects.requireNonNull(cache, "cache");
    this.backingDevice = Objects.requireNonNull(backingDevice, "backingDevice");
    this.device = Objects.requireNonNull(device, "device");
    this.settings = Objects.requireNonNull(settings, "settings");
    blockShift = Integer.numberOfTrailingZeros(settings.blockSizeBytes());
    states = new FolioBlockStates(cache.folios(), settings.blockSizeBytes());
    Machine machine = cache.machine();
    SectorRange logPlace = new SectorRange(0, logBytes(device, settings) / Bio.SECTOR_BYTES);
    SectorRange metadata =
        new SectorRange(
            logPlace.sectors(),
            pages(Math.min(METADATA_BYTES, sizeBytes(device) / AREA_PARTS)) / Bio.SECTOR_BYTES);
    long sectorsPerBlock = settings.blockSizeBytes() / Bio.SECTOR_BYTES;
    allocator =
        new BlockAllocator(
            (metadata.firstSector() + metadata.sectors()) / sectorsPerBlock,
            device.sectors() / sectorsPerBlock);
    log = new XfsLog(device, machine, logPlace, metadata);
    freeSpace = new LogItem(log.newBuffer(PAGE_BYTES), FREE_SPACE_CHANGE_BYTES);
    // Zeroing writes without reading: about half a copy.
    pageZeroNs = machine.costNs(Cost.PAGE_COPY) / 2;
    completionQueue =
        machine
            .workqueues()
            .alloc(
                "xfs-conv/" + device.name(),
                Workqueue.ACTIVE_DEFAULT,
                EnumSet.of(Workqueue.Flag.MEM_RECLAIM));
    errors =
        new IoendErrors(
            this,
            machine
                .workqueues()
                .alloc("events", Workqueue.ACTIVE_DEFAULT, EnumSet.noneOf(Workqueue.Flag.class)));
  }

  private static long sizeBytes(BlockDevice device) {
    return device.sectors() * Bio.SECTOR_BYTES;
  }

  private static long pages(long bytes) {
    return bytes & -PAGE_BYTES;
  }

  private static long logBytes(BlockDevice device, IomapSettings settings) {
    long size = sizeBytes(device);
    if (settings.logBytes() > size / 2) {
      throw new IllegalArgumentException(
          "fs.iomap: log size is "
              + settings.logBytes()
              + " bytes; "
              + device
              + " has "
              + size
              + ": make the log smaller or the device larger");
    }
    if (settings.logBytes() != 0) {
      return pages(settings.logBytes());
    }
    long usual = Math.max(LOG_BYTES_USUAL, size / LOG_RATIO);
    return pages(Math.min(Math.min(usual, IomapSettings.LOG_BYTES_MAX), size / AREA_PARTS));
  }

  /**
   * Makes a file as it is before the run; costs no virtual time.
   *
   * @param layout what its blocks are like, up to its size
   * @param sizeBytes {@code i_size}
   * @throws IllegalArgumentException if the device has not that much space left
   */
  public IomapFile newFile(FileLayout layout, long sizeBytes) {
    if (sizeBytes < 0) {
      throw new IllegalArgumentException(
          "fs.iomap: file size is " + sizeBytes + "; it must be 0 or above");
    }
    long first = 0;
    if (layout != FileLayout.SPARSE && sizeBytes > 0) {
      first = freeBlocks() < blocksOf(sizeBytes) ? -1 : allocator.allocate(blocksOf(sizeBytes));
      if (first < 0) {
        throw new IllegalArgumentException(
            "fs.iomap: file size is "
                + sizeBytes
                + "; "
                + device
                + " has "
                + (freeBlocks() << blockShift)
                + " bytes free: make the file smaller or the device larger");
      }
    }
    IomapFile file = new IomapFile(this, files.size() + 1L, inodeCluster());
    file.layOut(layout, sizeBytes, first);
    files.add(file);
    return file;
  }

  /** All files, in the order in which they were made. */
  public List<IomapFile> files() {
    return Collections.unmodifiableList(files);
  }

  /** What it was made from. */
  public IomapSettings settings() {
    return settings;
  }

  /** Where its blocks are. */
  public BlockDevice device() {
    return device;
  }

  /** Checkpoints that were written to the journal so far. */
  public long logForces() {
    return log.checkpoints();
  }

  /** How often a task had to sleep so far, until the journal had the space that it asked for. */
  public long logSpaceWaits() {
    return log.spaceWaits();
  }

  /** Ioends that were submitted so far. */
  public long ioendsSubmitted() {
    long sum = 0;
    for (long count : ioendEnds) {
      sum += count;
    }
    return sum;
  }

  PageCache cache() {
    return cache;
  }

  BackingDevice backingDevice() {
    return backingDevice;
  }

  BioPool bios() {
    return device.layer().bios();
  }

  int blockShift() {
    return blockShift;
  }

  /** What one mapping of a write reserves at most, but for preallocation: 1024 pages. */
  long mappedBlocksMax() {
    return 1024L * PAGE_BYTES >> blockShift;
  }

  /** Blocks that {@code bytes} fill, the last perhaps in part. */
  long blocksOf(long bytes) {
    return bytes + settings.blockSizeBytes() - 1 >> blockShift;
  }

  long zeroNs(int bytes) {
    return pageZeroNs * bytes / PAGE_BYTES;
  }

  FolioBlockStates states() {
    return states;
  }

  XfsLog log() {
    return log;
  }

  /** What an allocation changes beside the file. */
  LogItem freeSpace() {
    return freeSpace;
  }

  /** Where the inode of the file that is made next is written in place. */
  private MetadataBuffer inodeCluster() {
    if (files.size() % INODES_PER_CLUSTER == 0) {
      inodeCluster = log.newBuffer(INODE_CLUSTER_BYTES);
    }
    return inodeCluster;
  }

  Workqueue completionQueue() {
    return completionQueue;
  }

  IoendErrors errors() {
    return errors;
  }

  /** Ioends that failed and were left to a work item. */
  long ioendsFailed() {
    return errors.count();
  }

  LockClass ilockClass() {
    return ilockClass;
  }

  LockClass ioendLockClass() {
    return ioendLockClass;
  }

  // Space.

  /** Sets blocks aside for a delayed allocation; false if there are not so many. */
  boolean reserve(long blocks) {
    if (freeBlocks() < blocks) {
      return false;
    }
    reservedBlocks += blocks;
    return true;
  }

  /** Gives blocks that were reserved, in one piece. */
  long allocateReserved(long blocks) {
    reservedBlocks -= blocks;
    return allocator.allocate(blocks);
  }

  /** Blocks that nobody has or has reserved. */
  long freeBlocks() {
    return allocator.freeBlocks() - reservedBlocks;
  }

  // Writeback and completion.

  Ioend newIoend(IomapFile file, long pos, long sector, int kind) {
    Ioend ioend = ioends.take();
    ioend.begin(file, pos, sector, kind);
    return ioend;
  }

  void countIoend(IoendEnd why) {
    ioendEnds[why.ordinal()]++;
  }

  /** Ioends that were submitted for this reason. */
  long ioendsEndedBy(IoendEnd why) {
    return ioendEnds[why.ordinal()];
  }

  /** Ioends that are not back in the pool. */
  int ioendsInUse() {
    return ioends.inUse();
  }

  /** Checks that every object of a call or an I/O is back in its pool. */
  void verifyIdle() {
    require("ioends", ioends.inUse());
    require("writepages calls", writebacks.inUse());
    require("readahead calls", readaheads.inUse());
    require("read bios", readEnds.inUse());
    require("write_begin calls", writeBegins.inUse());
    require("fsyncs", fsyncs.inUse());
    log.verifyIdle();
  }

  private void require(String what, int inUse) {
    if (inUse != 0) {
      throw new IllegalStateException(this + ": " + what + " in use are " + inUse + " when idle");
    }
  }

  Bio newReadBio(IomapFile file, long sector) {
    Bio bio = IomapReadahead.newBio(this, readEnds.take(), sector);
    bio.setPrivateData(file);
    if (device.hasIntegrity() && settings.integrityReads() != IntegrityReads.BLOCK_LAYER) {
      bio.set(ReqFlag.INTEGRITY);
      if (settings.integrityReads() == IntegrityReads.COMPLETE_IN_TASK) {
        bio.set(BioFlag.COMPLETE_IN_TASK);
      }
    }
    return bio;
  }

  IomapWriteback takeWriteback() {
    return writebacks.take();
  }

  IomapReadahead takeReadahead() {
    return readaheads.take();
  }

  IomapWriteBegin takeWriteBegin() {
    return writeBegins.take();
  }

  XfsFsync takeFsync() {
    return fsyncs.take();
  }

  void free(Ioend ioend) {
    ioends.give(ioend);
  }

  void free(IomapWriteback writeback) {
    writebacks.give(writeback);
  }

  void free(IomapReadahead readahead) {
    readaheads.give(readahead);
  }

  void free(IomapReadahead.End end) {
    readEnds.give(end);
  }

  void free(IomapWriteBegin writeBegin) {
    writeBegins.give(writeBegin);
  }

  void free(XfsFsync fsync) {
    fsyncs.give(fsync);
  }

  @Override
  public String toString() {
    return "iomap file system on " + device;
  }
}
