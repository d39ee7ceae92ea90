package fs.buffer.ext4;

import block.bio.Bio;
import block.bio.BioPool;
import block.bio.BlockDevice;
import fs.buffer.internal.Pool;
import fs.buffer.internal.jbd2.Journal;
import fs.buffer.internal.jbd2.JournalBuffer;
import fs.buffer.internal.jbd2.JournalHandle;
import fs.buffer.internal.jbd2.Transaction;
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
 * An ext4-like file system on one block device. Files are reached through the page cache by {@link
 * Ext4File#mapping}.
 *
 * <p>Left out: directories, deletion and truncation, block groups, the writeback of metadata by the
 * flusher, inline data, {@code data=journal} and fast commits.
 */
public final class Ext4FileSystem {
  static final int BLOCK_BYTES = 4096;
  static final int BLOCK_SHIFT = 12;

  /** A block is so many sectors, as a shift. */
  static final int SECTOR_SHIFT = 3;

  /** Superblock, group descriptors, bitmaps and inode tables, at the start of the device. */
  private static final long METADATA_BYTES = 16L << 20;

  /** On a small device they have no more than this part of it. */
  private static final int AREA_PARTS = 8;

  private static final int JOURNAL_BLOCKS_MIN = 1 << 10;
  private static final int JOURNAL_BLOCKS_MAX = 256 << 10;

  /** Inodes of 256 bytes in a block. */
  private static final int INODES_PER_BLOCK = 16;

  /** Blocks of a group, which has a bitmap: 128 MiB. */
  private static final int GROUP_SHIFT = 15;

  private final PageCache cache;
  private final BackingDevice backingDevice;
  private final BlockDevice device;
  private final Ext4Settings settings;
  private final FolioBlockStates states;
  private final List<Ext4File> files = new ArrayList<>();
  private final BlockAllocator allocator;

  /** Null without one. */
  private final Journal journal;

  private final long metadataBlocks;
  private long lastMetadataBlock;

  /** Where the inodes of files are that are made next: with a journal, and without. */
  private JournalBuffer inodeTable;

  /** By block group: its bitmap, and the descriptors of many groups in one block. */
  private final List<JournalBuffer> bitmaps = new ArrayList<>();

  private final JournalBuffer groupDescriptors;
  private final Workqueue conversionQueue;
  private final LockClass dataSemClass = new LockClass("i_data_sem");
  private final LockClass completedLockClass = new LockClass("i_completed_io_lock");
  private final MappedBlocks scratch = new MappedBlocks();
  private final long pageZeroNs;
  private final MetadataBlock directory = new MetadataBlock();
  private MetadataBlock inodeBlock;

  private final Pool<IoEnd> ioEnds = new Pool<>(() -> new IoEnd(this));
  private final Pool<WriteEnd> writeEnds = new Pool<>(() -> new WriteEnd(this));
  private final Pool<Ext4Writepages> writepages = new Pool<>(() -> new Ext4Writepages(this));
  private final Pool<Ext4WriteBegin> writeBegins = new Pool<>(() -> new Ext4WriteBegin(this));
  private final Pool<Ext4Readahead> readaheads = new Pool<>(() -> new Ext4Readahead(this));
  private final Pool<Ext4Readahead.End> readEnds = new Pool<>(() -> new Ext4Readahead.End(this));
  private final Pool<TimesUpdate> timesUpdates = new Pool<>(() -> new TimesUpdate(this));
  private final Pool<Ext4Fsync> fsyncs = new Pool<>(() -> new Ext4Fsync(this));

  /**
   * An empty file system.
   *
   * @param cache page cache of the run
   * @param backingDevice what the page cache knows of {@code device}
   * @param device where its blocks are
   */
  public Ext4FileSystem(
      PageCache cache, BackingDevice backingDevice, BlockDevice device, Ext4Settings settings) {
    this.cache = Objects.requireNonNull(cache, "cache");
    this.backingDevice = Objects.requireNonNull(backingDevice, "backingDevice");
    this.device = Objects.requireNonNull(device, "device");
    this.settings = Objects.requireNonNull(settings, "settings");
    states = new FolioBlockStates(cache.folios(), BLOCK_BYTES);
    long bytes = device.sectors() * Bio.SECTOR_BYTES;
    long metadata = Math.min(METADATA_BYTES, bytes / AREA_PARTS) >> BLOCK_SHIFT;
    long journalBlocks = journalBlocks(bytes >> BLOCK_SHIFT);
    allocator = new BlockAllocator(metadata + journalBlocks, bytes >> BLOCK_SHIFT, files);
    Machine machine = cache.machine();
    journal =
        settings.journal() ? new Journal(device, machine, sector(metadata), journalBlocks) : null;
    metadataBlocks = metadata;
    groupDescriptors = newMetadata();
    // Zeroing writes without reading: about half a copy.
    pageZeroNs = machine.costNs(Cost.PAGE_COPY) / 2;
    conversionQueue =
        machine
            .workqueues()
            .alloc(
                "ext4-rsv-conversion",
                1,
                EnumSet.of(Workqueue.Flag.MEM_RECLAIM, Workqueue.Flag.UNBOUND));
  }

  /** {@code ext2fs_default_journal_size}, unless a size was asked for. */
  private long journalBlocks(long blocks) {
    if (!settings.journal()) {
      return 0;
    }
    long wanted = settings.journalBytes() >> BLOCK_SHIFT;
    if (wanted > blocks / 2) {
      throw new IllegalArgumentException(
          "fs.buffer.ext4: journal size is "
              + settings.journalBytes()
              + " bytes; "
              + device
              + " has "
              + (blocks << BLOCK_SHIFT)
              + ": make the journal smaller or the device larger");
    }
    if (wanted > 0) {
      return wanted;
    }
    if (blocks < 32 << 10) {
      return JOURNAL_BLOCKS_MIN;
    }
    if (blocks < 256 << 10) {
      return 4 << 10;
    }
    if (blocks < 512 << 10) {
      return 8 << 10;
    }
    long usual = 16 << 10;
    // 16384 blocks below 4 Mi, and twice as much for each doubling, 262144 at most.
    for (long limit = 4 << 20; blocks >= limit && usual < JOURNAL_BLOCKS_MAX; limit *= 2) {
      usual *= 2;
    }
    return usual;
  }

  /**
   * Makes a file as it is before the run; costs no virtual time. A file of size 0 is one that a job
   * has just created: its first fsync writes the directory too.
   *
   * @param layout what its blocks are like, up to its size
   * @param sizeBytes {@code i_size}
   * @throws IllegalArgumentException if the device has not that much space left
   */
  public Ext4File newFile(Ext4Layout layout, long sizeBytes) {
    if (sizeBytes < 0) {
      throw new IllegalArgumentException(
          "fs.buffer.ext4: file size is " + sizeBytes + "; it must be 0 or above");
    }
    long first = 0;
    if (layout != Ext4Layout.SPARSE && sizeBytes > 0) {
      first = allocator.take(Ext4File.blocksOf(sizeBytes));
      if (first < 0) {
        throw new IllegalArgumentException(
            "fs.buffer.ext4: file size is "
                + sizeBytes
                + "; "
                + device
                + " has "
                + (allocator.freeBlocks() << BLOCK_SHIFT)
                + " bytes free: make the file smaller or the device larger");
      }
    }
    boolean created = sizeBytes == 0;
    directory.dirty |= created;
    if (files.size() % INODES_PER_BLOCK == 0) {
      inodeTable = newMetadata();
      inodeBlock = new MetadataBlock();
    }
    Ext4File file = new Ext4File(this, files.size() + 1L, created, inodeTable, inodeBlock);
    file.layOut(layout, sizeBytes, first);
    if (created) {
      file.markInodeDirty();
    }
    files.add(file);
    return file;
  }

  /** All files, in the order in which they were made. */
  public List<Ext4File> files() {
    return Collections.unmodifiableList(files);
  }

  /** What it was made from. */
  public Ext4Settings settings() {
    return settings;
  }

  /** Where its blocks are. */
  public BlockDevice device() {
    return device;
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

  FolioBlockStates states() {
    return states;
  }

  BlockAllocator allocator() {
    return allocator;
  }

  /** Null without one. */
  Journal journal() {
    return journal;
  }

  JournalHandle newHandle() {
    return new JournalHandle(journal);
  }

  /** How often a task had to wait so far before it could change metadata. */
  public long journalWaits() {
    return journal == null ? 0 : journal.handleWaits();
  }

  /** A block of metadata; places are given one behind the other. */
  JournalBuffer newMetadata() {
    lastMetadataBlock = lastMetadataBlock % (metadataBlocks - 1) + 1;
    return new JournalBuffer(sector(lastMetadataBlock));
  }

  /** What an allocation changes beside the file: a bitmap and the group's descriptor. */
  void addAllocation(JournalHandle handle, long diskBlock) {
    int group = (int) (diskBlock >> GROUP_SHIFT);
    while (bitmaps.size() <= group) {
      bitmaps.add(newMetadata());
    }
    handle.add(bitmaps.get(group));
    handle.add(groupDescriptors);
  }

  /** A run of blocks for a look-up that ends in the step that began it. */
  MappedBlocks scratch() {
    return scratch;
  }

  Workqueue conversionQueue() {
    return conversionQueue;
  }

  LockClass dataSemClass() {
    return dataSemClass;
  }

  LockClass completedLockClass() {
    return completedLockClass;
  }

  long zeroNs(long bytes) {
    return pageZeroNs * bytes / BLOCK_BYTES;
  }

  static long sector(long block) {
    return block << SECTOR_SHIFT;
  }

  /** The directory that all files are in. */
  MetadataBlock directory() {
    return directory;
  }

  // Calls and I/O under way.

  IoEnd takeIoEnd(Ext4File file) {
    IoEnd ioEnd = ioEnds.take();
    ioEnd.begin(file);
    return ioEnd;
  }

  /**
   * The end of a bio.
   *
   * @param transaction whose commit waits for it; null for none
   */
  WriteEnd takeWriteEnd(Transaction transaction) {
    WriteEnd end = writeEnds.take();
    end.begin(transaction);
    return end;
  }

  Ext4Writepages takeWritepages() {
    return writepages.take();
  }

  Ext4WriteBegin takeWriteBegin() {
    return writeBegins.take();
  }

  Ext4Readahead takeReadahead() {
    return readaheads.take();
  }

  Ext4Readahead.End takeReadEnd() {
    return readEnds.take();
  }

  TimesUpdate takeTimesUpdate() {
    return timesUpdates.take();
  }

  void free(TimesUpdate update) {
    timesUpdates.give(update);
  }

  Ext4Fsync takeFsync() {
    return fsyncs.take();
  }

  void free(IoEnd ioEnd) {
    ioEnds.give(ioEnd);
  }

  void free(WriteEnd end) {
    writeEnds.give(end);
  }

  void free(Ext4Writepages call) {
    writepages.give(call);
  }

  void free(Ext4WriteBegin call) {
    writeBegins.give(call);
  }

  void free(Ext4Readahead call) {
    readaheads.give(call);
  }

  void free(Ext4Readahead.End end) {
    readEnds.give(end);
  }

  void free(Ext4Fsync call) {
    fsyncs.give(call);
  }

  /** Checks that every object of a call or an I/O is back in its pool. */
  void verifyIdle() {
    require("io_ends", ioEnds.inUse());
    require("write bios", writeEnds.inUse());
    require("writepages calls", writepages.inUse());
    require("write_begin calls", writeBegins.inUse());
    require("readahead calls", readaheads.inUse());
    require("read bios", readEnds.inUse());
    require("changes of times", timesUpdates.inUse());
    require("fsyncs", fsyncs.inUse());
    if (journal != null) {
      journal.verifyIdle();
    }
  }

  private void require(String what, int inUse) {
    if (inUse != 0) {
      throw new IllegalStateException(this + ": " + what + " in use are " + inUse + " when idle");
    }
  }

  @Override
  public String toString() {
    return "ext4 on " + device;
  }
}
