package fs.iomap;

import block.bio.BioOp;
import block.bio.direct.BlockMap;
import block.bio.direct.Extent;
import mm.core.Errno;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * Where direct I/O on a file goes ({@code xfs_direct_write_iomap_begin}, {@code
 * xfs_read_iomap_begin}).
 *
 * <p>Simplified: what a direct write has to change in the extents, it changes when it is submitted.
 * The kernel allocates unwritten blocks there and converts them, or moves the size, at the end of
 * the I/O.
 */
final class IomapDirect implements BlockMap {
  private final IomapFileSystem fs;
  private final IomapFile file;
  private final Pool<Call> calls = new Pool<>(Call::new);

  IomapDirect(IomapFileSystem fs, IomapFile file) {
    this.fs = fs;
    this.file = file;
  }

  @Override
  public void map(Exec x, BioOp op, long posBytes, long lengthBytes, Extent extent) {
    calls.take().begin(x, op, posBytes, lengthBytes, extent);
  }

  private final class Call {
    private final Iomap map = new Iomap();
    private BioOp op;
    private long pos;
    private long lengthBytes;
    private Extent extent;
    private final Step locked = this::locked;
    private final Step done = this::done;

    void begin(Exec x, BioOp newOp, long from, long length, Extent into) {
      op = newOp;
      pos = from;
      lengthBytes = length;
      extent = into;
      x.then(locked);
      file.ilock().lock(x);
    }

    private void locked(Exec x) {
      x.charge(Cost.BLOCK_MAP);
      long block = pos >> fs.blockShift();
      file.data().lookup(block, map);
      long result = 0;
      if (op == BioOp.WRITE) {
        result = mapWrite(x, block);
      }
      x.setResult(result);
      if (result == 0) {
        fill(block);
      }
      x.then(done);
    }

    private long mapWrite(Exec x, long block) {
      if (map.state == ExtentState.WRITTEN && !map.shared) {
        extendSize(x);
        return 0;
      }
      long end = Math.min(fs.blocksOf(pos + lengthBytes), map.endBlock);
      long disk;
      if (map.state == ExtentState.UNWRITTEN) {
        disk = map.diskBlock(block);
      } else {
        if (map.state != ExtentState.DELALLOC && !fs.reserve(end - block)) {
          return -Errno.ENOSPC;
        }
        x.charge(Cost.BLOCK_ALLOC);
        disk = fs.allocateReserved(end - block);
      }
      file.data().set(block, end, ExtentState.WRITTEN, disk, false);
      file.data().lookup(block, map);
      x.charge(Cost.FS_TRANSACTION);
      file.setOnDiskSize(Math.min(pos + lengthBytes, end << fs.blockShift()));
      file.logged();
      return 0;
    }

    private void extendSize(Exec x) {
      long end = Math.min(pos + lengthBytes, map.endBlock << fs.blockShift());
      if (end > file.onDiskSizeBytes()) {
        x.charge(Cost.FS_TRANSACTION);
        file.setOnDiskSize(end);
        file.logged();
      }
    }

    private void fill(long block) {
      long end = map.endBlock == Long.MAX_VALUE ? Long.MAX_VALUE : map.endBlock << fs.blockShift();
      if (map.state != ExtentState.WRITTEN) {
        extent.setHole(end - pos);
        return;
      }
      long blockPos = block << fs.blockShift();
      long sector = map.diskBlock(block) << fs.blockShift() - Iomap.SECTOR_SHIFT;
      sector += pos - blockPos >> Iomap.SECTOR_SHIFT;
      extent.setMapped(fs.device(), sector, end - pos);
      if (op == BioOp.WRITE) {
        file.mapping().extendTo(Math.min(pos + lengthBytes, end));
        file.touched();
      }
    }

    private void done(Exec x) {
      long result = x.result();
      file.ilock().unlock(x);
      x.setResult(result);
      calls.give(this);
    }
  }
}
