package fs.buffer.ext4;

import block.bio.direct.BlockMap;
import fs.buffer.internal.jbd2.JournalBuffer;
import fs.buffer.internal.jbd2.JournalHandle;
import java.util.ArrayList;
import java.util.List;
import mm.core.AddressSpace;
import sim.kernel.Exec;
import sim.kernel.lock.Mutex;
import sim.kernel.machine.Cost;

/**
 * A file: its mapping, its extents and what is pending for it ({@code struct ext4_inode_info}).
 * Made by {@link Ext4FileSystem#newFile}.
 */
public final class Ext4File {
  private static final int PAGE_SHIFT = 12;

  /** Extents that the inode has in itself; with more they are in blocks of a tree. */
  private static final int INLINE_EXTENTS = 4;

  /** Extents that one such block has. */
  private static final int LEAF_EXTENTS = 340;

  private final Ext4FileSystem fs;
  private final long inode;
  private final Mutex dataSem;
  private final ExtentStatus status = new ExtentStatus();
  private final Preallocations preallocations = new Preallocations();
  private final UnwrittenConversion conversion;
  private final AddressSpace mapping;
  private final Ext4Direct directMap;

  /** Whether its directory entry is not on the device yet ({@code EXT4_STATE_NEWENTRY}). */
  private boolean newEntry;

  /** What of the inode is not on the device: of no account to fdatasync, and all else. */
  private boolean timesDirty;

  private boolean inodeDirty;

  private final JournalBuffer inodeTable;
  private final MetadataBlock inodeBlock;
  private final List<JournalBuffer> leafBuffers = new ArrayList<>();

  /** The transaction that changed the inode last; and what is needed to read its data. */
  private long syncTid;

  private long dataSyncTid;

  /** When its times were changed last, in jiffies; the file system knows nothing finer. */
  private long timesTick = -1;

  Ext4File(
      Ext4FileSystem fs,
      long inode,
      boolean newEntry,
      JournalBuffer inodeTable,
      MetadataBlock inodeBlock) {
    this.fs = fs;
    this.inodeTable = inodeTable;
    this.inodeBlock = inodeBlock;
    this.inode = inode;
    this.newEntry = newEntry;
    dataSem = new Mutex(fs.dataSemClass());
    conversion = new UnwrittenConversion(fs, this);
    mapping = fs.cache().newMapping(inode, fs.backingDevice(), new Ext4Operations(fs, this));
    directMap = new Ext4Direct(fs, this);
    mapping.setOrderRange(0, fs.settings().folioOrderMax());
  }

  /** Number of the inode. */
  public long inode() {
    return inode;
  }

  /** Its page cache. */
  public AddressSpace mapping() {
    return mapping;
  }

  /** The file system it is on. */
  public Ext4FileSystem fileSystem() {
    return fs;
  }

  /** Where direct I/O on it goes. */
  public BlockMap directMap() {
    return directMap;
  }

  /** {@code i_data_sem}: guards the extents. Simplified: readers exclude each other too. */
  Mutex dataSem() {
    return dataSem;
  }

  ExtentStatus status() {
    return status;
  }

  Preallocations preallocations() {
    return preallocations;
  }

  UnwrittenConversion conversion() {
    return conversion;
  }

  void layOut(Ext4Layout layout, long sizeBytes, long firstBlock) {
    mapping.setSizeBytes(sizeBytes);
    if (layout != Ext4Layout.SPARSE && sizeBytes > 0) {
      status.set(0, blocksOf(sizeBytes), layout.state(), firstBlock);
      status.takeChangedLeaves(leaves());
    }
  }

  static long blocksOf(long bytes) {
    return bytes + (1 << PAGE_SHIFT) - 1 >> PAGE_SHIFT;
  }

  /** Its size if it ended with that block, or as it is if that is more. */
  long sizeWith(long endBlock) {
    return Math.max(mapping.sizeBytes(), endBlock << PAGE_SHIFT);
  }

  // Metadata.

  /** {@code ext4_mark_inode_dirty}. */
  void markInodeDirty() {
    inodeDirty = true;
  }

  /** Data was written: its times have changed, and perhaps its size. */
  void touched(boolean grown) {
    timesDirty = true;
    inodeDirty |= grown;
  }

  /**
   * Whether the inode is to be written; it is written after this.
   *
   * @param dataOnly whether only what is needed to read its data matters
   */
  boolean takeInodeDirty(boolean dataOnly) {
    boolean write = inodeDirty || timesDirty && !dataOnly;
    if (write) {
      inodeDirty = false;
      timesDirty = false;
    }
    return write;
  }

  /** Where it is written without a journal. */
  MetadataBlock inodeBlock() {
    return inodeBlock;
  }

  boolean takeNewEntry() {
    boolean was = newEntry;
    newEntry = false;
    return was;
  }

  // Transactions.

  /** {@code file_update_time}: whether its times are to be changed, and so logged, now. */
  boolean timesAreOld(long jiffies) {
    return fs.journal() != null && timesTick != jiffies;
  }

  /** Has a handle that is open change the inode alone. Step function. */
  void logTimes(Exec x, JournalHandle handle) {
    timesTick = x.machine().timers().jiffies();
    handle.add(inodeTable);
    syncTid = handle.tid();
    handle.modify(x);
  }

  /**
   * Has a handle that is open change the inode and the extents of a range of blocks. Step function.
   */
  void logExtents(Exec x, JournalHandle handle, long block) {
    handle.add(inodeTable);
    if (handle.isOpen()) {
      long leaves = leaves();
      if (leaves > 0) {
        long leaf = Math.min(leaves - 1, block * leaves / Math.max(1, blocksOf(sizeWith(block))));
        while (leafBuffers.size() <= leaf) {
          leafBuffers.add(fs.newMetadata());
        }
        handle.add(leafBuffers.get((int) leaf));
      }
      syncTid = handle.tid();
      dataSyncTid = syncTid;
    }
    handle.modify(x);
  }

  /** The transaction that an fsync needs on the device; 0 for none. */
  long syncTid(boolean dataOnly) {
    return dataOnly ? dataSyncTid : syncTid;
  }

  /** Blocks of the extent tree below the inode. */
  long leaves() {
    long extents = status.extents();
    return extents <= INLINE_EXTENTS ? 0 : (extents + LEAF_EXTENTS - 1) / LEAF_EXTENTS;
  }

  // Extents. The caller holds i_data_sem.

  /**
   * {@code ext4_da_map_blocks}: reserves space for the holes of a range.
   *
   * @return false if there is not so much
   */
  boolean reserve(long block, long endBlock) {
    MappedBlocks run = fs.scratch();
    for (long at = block; at < endBlock; at = run.endBlock) {
      status.lookup(at, endBlock, run);
      if (run.state == BlockState.HOLE) {
        if (!fs.allocator().reserve(run.count())) {
          return false;
        }
        status.set(at, run.endBlock, BlockState.DELAYED, 0);
      }
    }
    return true;
  }

  /** Whether a range has a block without a place or a promise of one. */
  boolean hasHole(long block, long endBlock) {
    return has(BlockState.HOLE, block, endBlock);
  }

  /** Whether a range has blocks that are to be converted. */
  boolean hasUnwritten(long block, long endBlock) {
    return has(BlockState.UNWRITTEN, block, endBlock);
  }

  private boolean has(BlockState state, long block, long endBlock) {
    MappedBlocks run = fs.scratch();
    for (long at = block; at < endBlock; at = run.endBlock) {
      status.lookup(at, endBlock, run);
      if (run.state == state) {
        return true;
      }
    }
    return false;
  }

  /**
   * {@code mpage_map_one_extent}: gives blocks that are only promised their places, unwritten or
   * written as the file system is mounted.
   *
   * @param block first; DELAYED, as all before {@code limit}
   * @return the block to go on from; {@code block} if no space is left
   */
  long allocate(Exec x, long block, long limit) {
    boolean nolock = fs.settings().dioread() == Dioread.NOLOCK;
    return allocate(x, block, limit, nolock ? BlockState.UNWRITTEN : BlockState.WRITTEN);
  }

  /** As {@link #allocate(Exec, long, long)}, with the state that the blocks are given. */
  long allocate(Exec x, long block, long limit, BlockState state) {
    MappedBlocks run = fs.scratch();
    run.block = block;
    if (!fs.allocator().allocate(this, limit, run)) {
      return block;
    }
    x.charge(Cost.EXTENT_ALLOC);
    fs.allocator().release(run.count());
    status.set(block, run.endBlock, state, run.diskBlock);
    markInodeDirty();
    return run.endBlock;
  }

  /**
   * {@code ext4_convert_unwritten_extents}: makes the unwritten blocks of a range written, an
   * extent at a time.
   */
  void convert(Exec x, long block, long endBlock) {
    MappedBlocks run = fs.scratch();
    for (long at = block; at < endBlock; at = run.endBlock) {
      status.lookup(at, endBlock, run);
      if (run.state == BlockState.UNWRITTEN) {
        x.charge(Cost.EXTENT_CONVERT);
        status.set(at, run.endBlock, BlockState.WRITTEN, run.diskBlock);
        markInodeDirty();
      }
    }
  }

  @Override
  public String toString() {
    return "inode " + inode;
  }
}
