package fs.iomap;

import block.bio.direct.BlockMap;
import fs.iomap.internal.log.LogItem;
import fs.iomap.internal.log.LogTicket;
import fs.iomap.internal.log.MetadataBuffer;
import mm.core.AddressSpace;
import sim.kernel.Exec;
import sim.kernel.lock.Mutex;

/**
 * A file: its mapping, its extents and what is pending for it ({@code struct xfs_inode}). Made by
 * {@link IomapFileSystem#newFile}.
 */
public final class IomapFile {
  /** The inode in the log: its format, its core, and the extents that it has in itself. */
  private static final int INODE_CHANGE_BYTES = 512;

  /** Extents that an inode of 512 bytes has in itself; with more they are in blocks of a tree. */
  private static final int INLINE_EXTENTS = 21;

  private static final int TREE_BLOCK_BYTES = 4096;

  /** A record put into a block of the tree moves half of the others; and the block's format. */
  private static final int TREE_CHANGE_BYTES = 2048 + 128;

  private final IomapFileSystem fs;
  private final long inode;
  private final Mutex ilock;
  private final IoendCompletion completion;
  private final ExtentMap data = new ExtentMap();

  /** The copy-on-write fork; null until something is written to shared blocks. */
  private ExtentMap cow;

  /** Mapping that the last buffered write was given; stale when the extents have changed. */
  final Iomap writeMap = new Iomap();

  private final Iomap spanMap = new Iomap();
  private final Preallocation preallocation;

  /** Blocks of the buffered write that goes on, from its current position. */
  private long callBlock;

  private long callEndBlock;

  private final AddressSpace mapping;
  private final IomapDirect directMap;
  private long onDiskSizeBytes;

  private final LogItem inodeItem;

  /** Log sequence number of the last transaction that changed it; of its last write as well. */
  private long loggedLsn;

  private boolean timesChanged;

  IomapFile(IomapFileSystem fs, long inode, MetadataBuffer cluster) {
    this.fs = fs;
    this.inode = inode;
    inodeItem = new LogItem(cluster, INODE_CHANGE_BYTES);
    preallocation = new Preallocation(fs);
    ilock = new Mutex(fs.ilockClass());
    completion = new IoendCompletion(fs, this, fs.ioendLockClass());
    mapping = fs.cache().newMapping(inode, fs.backingDevice(), new IomapOperations(fs, this));
    directMap = new IomapDirect(fs, this);
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
  public IomapFileSystem fileSystem() {
    return fs;
  }

  /** Where direct I/O on it goes. */
  public BlockMap directMap() {
    return directMap;
  }

  /** Size as far as it is on disk: writeback beyond it is an append ({@code i_disk_size}). */
  public long onDiskSizeBytes() {
    return onDiskSizeBytes;
  }

  /** Number of extents of its data fork. */
  public int extentCount() {
    return data.extentCount();
  }

  /** What the file has at a byte. */
  public ExtentState stateAt(long pos) {
    Iomap at = new Iomap();
    data.lookup(pos >> fs.blockShift(), at);
    return at.state;
  }

  Mutex ilock() {
    return ilock;
  }

  IoendCompletion completion() {
    return completion;
  }

  ExtentMap data() {
    return data;
  }

  void layOut(FileLayout layout, long sizeBytes, long firstBlock) {
    mapping.setSizeBytes(sizeBytes);
    onDiskSizeBytes = sizeBytes;
    if (layout != FileLayout.SPARSE && sizeBytes > 0) {
      data.set(0, fs.blocksOf(sizeBytes), layout.state(), firstBlock, layout.shared());
    }
  }

  /** Lets the size on disk follow; nothing if it is larger already. */
  void setOnDiskSize(long sizeBytes) {
    onDiskSizeBytes = Math.max(onDiskSizeBytes, sizeBytes);
  }

  // What fsync has to do.

  /** Data was written: its times have changed. */
  void touched() {
    timesChanged = true;
  }

  /** Whether the inode has times to log. */
  boolean timesChanged() {
    return timesChanged;
  }

  /** The number of the last transaction that changed it; 0 if nothing was logged. */
  long loggedLsn() {
    return loggedLsn;
  }

  // Transactions: each ends the one that the ticket is for.

  /** Logs the times ({@code xfs_vn_update_time}, done late). */
  void logTimes(Exec x, LogTicket ticket) {
    timesChanged = false;
    logInode(x, ticket);
  }

  /** Logs the inode: its size has changed. */
  void logInode(Exec x, LogTicket ticket) {
    ticket.log(inodeItem);
    loggedLsn = ticket.commit(x);
  }

  /** Logs the inode, and the block of the extent tree that has {@code block}, if there are any. */
  void logExtents(Exec x, LogTicket ticket, long block) {
    if (data.extentCount() > INLINE_EXTENTS) {
      LogItem tree = data.logItemAt(block);
      if (tree == null) {
        tree = new LogItem(fs.log().newBuffer(TREE_BLOCK_BYTES), TREE_CHANGE_BYTES);
        data.setLogItemAt(block, tree);
      }
      ticket.log(tree);
    }
    logInode(x, ticket);
  }

  /** Logs as well that blocks were taken. */
  void logAllocation(Exec x, LogTicket ticket, long block) {
    ticket.log(fs.freeSpace());
    logExtents(x, ticket, block);
  }

  // Extents. The caller holds the ilock.

  /**
   * {@code xfs_buffered_write_iomap_begin}: finds where a write at {@code block} goes, and reserves
   * space if it has none.
   *
   * @param endBlock block behind the last that is to be written
   * @return false if there is no space left
   */
  boolean mapForWrite(long block, long endBlock) {
    data.lookup(block, writeMap);
    if (writeMap.shared) {
      return mapForCow(block, endBlock);
    }
    if (writeMap.state != ExtentState.HOLE) {
      return true;
    }
    boolean isCallsOwn = block >= callBlock && block < callEndBlock;
    long wantedEnd = isCallsOwn ? Math.max(endBlock, callEndBlock) : endBlock;
    long end = Math.min(Math.min(wantedEnd, writeMap.endBlock), block + fs.mappedBlocksMax());
    if (!fs.reserve(end - block)) {
      return false;
    }
    if (writeMap.endBlock == Long.MAX_VALUE && end << fs.blockShift() > mapping.sizeBytes()) {
      long ahead = preallocation.endBlock(data, block, end, mapping.sizeBytes());
      if (ahead > end && fs.reserve(ahead - end)) {
        end = ahead;
      }
    }
    data.set(block, end, ExtentState.DELALLOC, 0, false);
    data.lookup(block, writeMap);
    return true;
  }

  /**
   * How much of a write one mapping covers: to the end of what is there, or of what would be
   * reserved. Remembers the range of the call, which decides how much is reserved. No lock is held;
   * the inode is the writer's.
   *
   * @return bytes from {@code pos}, at most {@code lengthBytes}
   */
  long writeSpan(long pos, long lengthBytes) {
    long block = pos >> fs.blockShift();
    callBlock = block;
    callEndBlock = fs.blocksOf(pos + lengthBytes);
    if (writeMap.version != data.version() || !writeMap.covers(block)) {
      data.lookup(block, spanMap);
    } else {
      spanMap.copyFrom(writeMap);
    }
    long end = spanMap.endBlock;
    if (spanMap.state == ExtentState.HOLE) {
      end = Math.min(Math.min(callEndBlock, end), block + fs.mappedBlocksMax());
    }
    return end >= callEndBlock || spanMap.shared
        ? lengthBytes
        : Math.min(lengthBytes, (end << fs.blockShift()) - pos);
  }

  private boolean mapForCow(long block, long endBlock) {
    if (cow == null) {
      cow = new ExtentMap();
    }
    long end = Math.min(endBlock, writeMap.endBlock);
    for (long at = block; at < end; ) {
      cow.lookup(at, writeMap);
      if (writeMap.state == ExtentState.HOLE) {
        long holeEnd = Math.min(end, writeMap.endBlock);
        if (!fs.reserve(holeEnd - at)) {
          return false;
        }
        cow.set(at, holeEnd, ExtentState.DELALLOC, 0, true);
      }
      at = Math.min(end, writeMap.endBlock);
    }
    // Where to read what the write leaves of a block is the data fork's to say.
    data.lookup(block, writeMap);
    writeMap.trim(block, end);
    return true;
  }

  /** Whether writeback of {@code block} would allocate; asked without the ilock. */
  boolean isDelalloc(long block, Iomap scratch) {
    if (cow != null) {
      cow.lookup(block, scratch);
      if (scratch.state != ExtentState.HOLE) {
        return scratch.state == ExtentState.DELALLOC;
      }
    }
    data.lookup(block, scratch);
    return scratch.state == ExtentState.DELALLOC;
  }

  /**
   * {@code xfs_map_blocks}: finds where writeback of {@code block} goes, and allocates what is only
   * reserved.
   *
   * @return whether blocks were allocated
   */
  boolean mapForWriteback(long block, Iomap into) {
    long cowStart = Long.MAX_VALUE;
    if (cow != null) {
      cow.lookup(block, into);
      if (into.state != ExtentState.HOLE) {
        boolean allocated = allocate(cow, into, block, ExtentState.WRITTEN, true);
        into.version = data.version();
        return allocated;
      }
      cowStart = into.endBlock;
    }
    data.lookup(block, into);
    boolean allocated = allocate(data, into, block, ExtentState.UNWRITTEN, false);
    into.trim(into.firstBlock, Math.min(into.endBlock, cowStart));
    return allocated;
  }

  /** Gives a reservation blocks: all in one piece, unwritten until their data is on the device. */
  private boolean allocate(
      ExtentMap fork, Iomap at, long block, ExtentState state, boolean shared) {
    if (at.state != ExtentState.DELALLOC) {
      return false;
    }
    long disk = fs.allocateReserved(at.endBlock - at.firstBlock);
    fork.set(at.firstBlock, at.endBlock, state, disk, shared);
    fork.lookup(block, at);
    return true;
  }

  /**
   * {@code xfs_iomap_write_unwritten}, one extent of it: makes the first unwritten extent of the
   * range written.
   *
   * @param from first byte of the range
   * @param end byte behind the range
   * @return the byte to go on from
   */
  long convertUnwritten(long from, long end, Iomap scratch) {
    long block = from >> fs.blockShift();
    long endBlock = fs.blocksOf(end);
    while (block < endBlock) {
      data.lookup(block, scratch);
      long stop = Math.min(endBlock, scratch.endBlock);
      if (scratch.state == ExtentState.UNWRITTEN) {
        data.set(block, stop, ExtentState.WRITTEN, scratch.diskBlock(block), false);
        block = stop;
        break;
      }
      block = stop;
    }
    return block >= endBlock ? end : block << fs.blockShift();
  }

  /** {@code xfs_reflink_end_cow}, one extent of it: moves what was written to the data fork. */
  long endCow(long from, long end, Iomap scratch) {
    long block = from >> fs.blockShift();
    long endBlock = fs.blocksOf(end);
    cow.lookup(block, scratch);
    long stop = Math.min(endBlock, scratch.endBlock);
    if (scratch.hasBlocks()) {
      long disk = scratch.diskBlock(block);
      data.set(block, stop, ExtentState.WRITTEN, disk, false);
      cow.set(block, stop, ExtentState.HOLE, 0, false);
    }
    return stop >= endBlock ? end : stop << fs.blockShift();
  }

  /** {@code xfs_reflink_cancel_cow_range}: a write to the copy-on-write fork has failed. */
  void cancelCow(long from, long end) {
    cow.set(from >> fs.blockShift(), fs.blocksOf(end), ExtentState.HOLE, 0, false);
    data.touch();
  }

  @Override
  public String toString() {
    return "inode " + inode;
  }
}
