package fs.buffer;

import block.bio.BioOp;
import block.bio.direct.BlockMap;
import block.bio.direct.Extent;
import mm.core.AddressSpace;
import mm.core.Errno;
import sim.kernel.Exec;
import sim.kernel.machine.Cost;

/** A file of an {@link Ext2FileSystem}: its mapping and its block pointers. */
public final class Ext2File {
  /** Reservation window of a file that grows: it doubles from 8 to 1024 blocks. */
  private static final int WINDOW_MIN = 8;

  private static final int WINDOW_MAX = 1024;

  private final Ext2FileSystem fs;
  private final BufferIo io;
  private final long inode;
  private final IndirectMap pointers;
  private final AddressSpace mapping;
  private int windowBlocks = WINDOW_MIN;
  private long windowNext;
  private long windowEnd;
  private boolean metadataDirty;

  Ext2File(Ext2FileSystem fs, long inode, long sizeBytes) {
    this.fs = fs;
    this.inode = inode;
    io = fs.io();
    pointers = new IndirectMap(io.settings().blockSizeBytes());
    mapping =
        fs.cache().newMapping(inode, fs.backingDevice(), new Operations(this, new Pointers()));
    mapping.setSizeBytes(sizeBytes);
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
  public Ext2FileSystem fileSystem() {
    return fs;
  }

  /**
   * Where direct I/O on it goes. Simplified: a direct write allocates holes when it is submitted,
   * where ext2 would fall back to the page cache; indirect blocks are taken to be in memory.
   */
  public BlockMap directMap() {
    return this::mapDirect;
  }

  /**
   * Gives the file blocks in the order of ext2: an indirect block lies before what it points to.
   */
  void layOut(long blocks) {
    for (int group = 0; blocks > firstBlock(group); group++) {
      long indirect = group == 0 ? -1 : fs.takeBlocks(1);
      long count = Math.min(pointers.size(group), blocks - firstBlock(group));
      pointers.layOut(group, fs.takeBlocks(count), count, indirect);
    }
  }

  private long firstBlock(int group) {
    return group == 0 ? 0 : IndirectMap.DIRECT_BLOCKS + (long) (group - 1) * pointers.size(1);
  }

  /** {@code ext2_get_block} without allocation. */
  private long map(Exec x, long block) {
    x.charge(Cost.BLOCK_MAP);
    int group = pointers.groupOf(block);
    x.charge(Cost.FOLIO_LOOKUP, pointers.levels(group));
    if (!pointers.isCached(group)) {
      return BlockMapper.NOT_CACHED;
    }
    return pointers.get(block);
  }

  /** {@code ext2_get_block} with allocation. */
  private long allocate(Exec x, long block) {
    long found = map(x, block);
    if (found != BlockMapper.HOLE) {
      return found;
    }
    int group = pointers.groupOf(block);
    x.charge(Cost.BLOCK_MAP);
    if (group > 0 && pointers.indirectBlock(group) < 0) {
      long indirect = nextBlock();
      if (indirect < 0) {
        return BlockMapper.HOLE;
      }
      pointers.setIndirectBlock(group, indirect);
    }
    long taken = nextBlock();
    if (taken < 0) {
      return BlockMapper.HOLE;
    }
    pointers.set(block, taken);
    metadataDirty = true;
    return taken;
  }

  private long nextBlock() {
    if (windowNext == windowEnd) {
      int count = windowBlocks;
      long first = fs.takeBlocks(count);
      // On a device that is nearly full a smaller window has to do.
      while (first < 0 && count > 1) {
        count /= 2;
        first = fs.takeBlocks(count);
      }
      if (first < 0) {
        return -1;
      }
      windowNext = first;
      windowEnd = first + count;
      windowBlocks = Math.min(windowBlocks * 2, WINDOW_MAX);
    }
    return windowNext++;
  }

  private void readIndirect(Exec x, long block) {
    int group = pointers.groupOf(block);
    // Whoever comes while the read is under way finds the buffer and waits a little less.
    pointers.setCached(group);
    io.takeSync().read(x, pointers.indirectBlock(group));
  }

  private void mapDirect(Exec x, BioOp op, long posBytes, long lengthBytes, Extent extent) {
    long block = posBytes >> io.blockShift();
    long last = posBytes + lengthBytes - 1 >> io.blockShift();
    boolean write = op == BioOp.WRITE;
    long first = place(x, block, write);
    if (first == BlockMapper.HOLE) {
      if (write) {
        x.setResult(-Errno.ENOSPC);
        return;
      }
      extent.setHole((block + 1 << io.blockShift()) - posBytes);
      x.setResult(0);
      return;
    }
    long next = block + 1;
    while (next <= last && place(x, next, write) == first + (next - block)) {
      next++;
    }
    long end = next << io.blockShift();
    long inBlock = posBytes - (block << io.blockShift());
    extent.setMapped(io.device(), io.sector(first) + (inBlock >> 9), end - posBytes);
    if (write) {
      mapping.extendTo(Math.min(posBytes + lengthBytes, end));
    }
    x.setResult(0);
  }

  private long place(Exec x, long block, boolean write) {
    int group = pointers.groupOf(block);
    if (!pointers.isCached(group)) {
      pointers.setCached(group);
    }
    return write ? allocate(x, block) : map(x, block);
  }

  /** The pointers as the buffer layer asks for them. */
  private final class Pointers implements BlockMapper {
    @Override
    public long map(Exec x, long block) {
      return Ext2File.this.map(x, block);
    }

    @Override
    public long allocate(Exec x, long block) {
      return Ext2File.this.allocate(x, block);
    }

    @Override
    public void readIndirect(Exec x, long block) {
      Ext2File.this.readIndirect(x, block);
    }
  }

  /** ext2's own operations: fsync has metadata to write. */
  private static final class Operations extends BufferOperations {
    private final Ext2File file;

    Operations(Ext2File file, BlockMapper mapper) {
      super(file.io, mapper);
      this.file = file;
    }

    @Override
    public void fsync(Exec x, AddressSpace mapping, boolean dataOnly) {
      if (!file.metadataDirty) {
        super.fsync(x, mapping, dataOnly);
        return;
      }
      file.metadataDirty = false;
      // Inode and indirect blocks: one write stands for all of them.
      file.io.takeSync().writeAndFlush(x, 1);
    }
  }

  @Override
  public String toString() {
    return "inode " + inode;
  }
}
