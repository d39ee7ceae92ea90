package fs.buffer.ext4;

import block.bio.BioOp;
import block.bio.direct.BlockMap;
import block.bio.direct.Extent;
import fs.buffer.internal.Pool;
import fs.buffer.internal.jbd2.JournalHandle;
import mm.core.Errno;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * Where direct I/O on a file goes ({@code ext4_iomap_begin}), and what the end of a write changes
 * ({@code ext4_dio_write_end_io}): a write into a hole allocates unwritten blocks, which are
 * converted when it has ended; one behind the end of the file allocates written ones.
 *
 * <p>Simplified: the size follows when the write is submitted.
 */
final class Ext4Direct implements BlockMap {
  private static final int PAGE_SHIFT = 12;
  private static final int SECTOR_BYTES_SHIFT = 9;

  /** {@code ext4_chunk_trans_blocks}, for an allocation and for a conversion. */
  private static final int ALLOCATION_BLOCKS = 20;

  private static final int CONVERSION_BLOCKS = 8;

  private final Ext4FileSystem fs;
  private final Ext4File file;
  private final Pool<Call> calls = new Pool<>(Call::new);

  Ext4Direct(Ext4FileSystem fs, Ext4File file) {
    this.fs = fs;
    this.file = file;
  }

  @Override
  public void map(Exec x, BioOp op, long posBytes, long lengthBytes, Extent extent) {
    calls.take().map(x, op, posBytes, lengthBytes, extent);
  }

  @Override
  public boolean needsTaskAtEnd(long posBytes, long lengthBytes) {
    return file.hasUnwritten(posBytes >> PAGE_SHIFT, Ext4File.blocksOf(posBytes + lengthBytes));
  }

  @Override
  public void writeEnded(Exec x, long posBytes, long lengthBytes) {
    if (needsTaskAtEnd(posBytes, lengthBytes)) {
      calls.take().convert(x, posBytes, lengthBytes);
    } else {
      x.setResult(0);
    }
  }

  private final class Call {
    private final MappedBlocks blocks = new MappedBlocks();
    private final JournalHandle handle = fs.newHandle();

    /** Null if extents are converted at the end of a write. */
    private BioOp op;

    private long pos;
    private long endPos;
    private Extent extent;
    private final Step log = this::log;
    private final Step lockToAllocate = this::lockToAllocate;
    private final Step lockToConvert = this::lockToConvert;
    private final Step allocate = this::allocate;
    private final Step allocated = this::allocated;
    private final Step convertLocked = this::convertLocked;
    private final Step converted = this::converted;

    void map(Exec x, BioOp newOp, long from, long length, Extent into) {
      op = newOp;
      pos = from;
      endPos = from + length;
      extent = into;
      x.charge(Cost.BLOCK_MAP);
      look();
      if (op == BioOp.WRITE && !blocks.state.isOnDisk()) {
        x.then(log);
        handle.start(x, ALLOCATION_BLOCKS, 0);
        return;
      }
      answer(x);
    }

    private void log(Exec x) {
      if (x.result() < 0) {
        calls.give(this);
        return;
      }
      x.then(op == null ? lockToConvert : lockToAllocate);
      if (op != null) {
        fs.addAllocation(handle, fs.allocator().goal());
      }
      file.logExtents(x, handle, pos >> PAGE_SHIFT);
    }

    private void lockToAllocate(Exec x) {
      x.then(allocate);
      file.dataSem().lock(x);
    }

    private void look() {
      file.status().lookup(pos >> PAGE_SHIFT, Ext4File.blocksOf(endPos), blocks);
    }

    /** {@code ext4_iomap_alloc}. */
    private void allocate(Exec x) {
      look();
      x.then(allocated);
      x.setResult(0);
      if (blocks.state.isOnDisk()) {
        return;
      }
      boolean behindEnd = blocks.block << PAGE_SHIFT >= file.mapping().sizeBytes();
      BlockState state = behindEnd ? BlockState.WRITTEN : BlockState.UNWRITTEN;
      boolean promised = blocks.state == BlockState.DELAYED;
      if (!promised && !fs.allocator().reserve(blocks.count())
          || file.allocate(x, blocks.block, blocks.endBlock, state) == blocks.block) {
        x.setResult(-Errno.ENOSPC);
      }
      look();
    }

    private void allocated(Exec x) {
      long result = x.result();
      file.dataSem().unlock(x);
      handle.stop(x);
      if (result < 0) {
        x.setResult(result);
        calls.give(this);
        return;
      }
      answer(x);
    }

    private void answer(Exec x) {
      long runEnd = blocks.endBlock << PAGE_SHIFT;
      boolean write = op == BioOp.WRITE;
      if (write || blocks.state == BlockState.WRITTEN) {
        long inBlock = pos - (blocks.block << PAGE_SHIFT);
        long sector = Ext4FileSystem.sector(blocks.diskBlock) + (inBlock >> SECTOR_BYTES_SHIFT);
        extent.setMapped(fs.device(), sector, runEnd - pos);
      } else {
        extent.setHole(runEnd - pos);
      }
      if (write) {
        long end = Math.min(endPos, runEnd);
        file.touched(end > file.mapping().sizeBytes());
        file.mapping().extendTo(end);
      }
      x.setResult(0);
      calls.give(this);
    }

    void convert(Exec x, long from, long length) {
      op = null;
      pos = from;
      endPos = from + length;
      x.then(log);
      handle.start(x, CONVERSION_BLOCKS, 0);
    }

    private void lockToConvert(Exec x) {
      x.then(convertLocked);
      file.dataSem().lock(x);
    }

    private void convertLocked(Exec x) {
      file.convert(x, pos >> PAGE_SHIFT, Ext4File.blocksOf(endPos));
      x.then(converted);
    }

    private void converted(Exec x) {
      file.dataSem().unlock(x);
      handle.stop(x);
      x.setResult(0);
      calls.give(this);
    }
  }
}
