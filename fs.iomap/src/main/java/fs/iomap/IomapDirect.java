package fs.iomap;

import block.bio.BioOp;
import block.bio.direct.BlockMap;
import block.bio.direct.Extent;
import fs.iomap.internal.log.LogReservation;
import fs.iomap.internal.log.LogTicket;
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

  /** As {@link #map} with {@code IOMAP_NOWAIT}: what would wait gives -EAGAIN. */
  @Override
  public void mapNowait(Exec x, BioOp op, long posBytes, long lengthBytes, Extent extent) {
    calls.take().beginNowait(x, op, posBytes, lengthBytes, extent);
  }

  private final class Call {
    private final Iomap map = new Iomap();
    private final LogTicket ticket = new LogTicket(fs.log());
    private BioOp op;
    private long pos;
    private long lengthBytes;
    private Extent extent;
    private final Step begin = this::lookFirst;
    private final Step spaceReserved = this::spaceReserved;
    private final Step locked = this::locked;
    private final Step done = this::done;

    void begin(Exec x, BioOp newOp, long from, long length, Extent into) {
      set(newOp, from, length, into);
      lookFirst(x);
    }

    private void set(BioOp newOp, long from, long length, Extent into) {
      op = newOp;
      pos = from;
      lengthBytes = length;
      extent = into;
    }

    void beginNowait(Exec x, BioOp newOp, long from, long length, Extent into) {
      set(newOp, from, length, into);
      if (!file.ilock().tryLock(x)) {
        x.setResult(-Errno.EAGAIN);
        calls.give(this);
        return;
      }
      x.charge(Cost.BLOCK_MAP);
      x.then(done);
      LogReservation needed = look();
      if (op == BioOp.WRITE && wouldWait(x, needed)) {
        x.setResult(-Errno.EAGAIN);
      } else {
        answer(x);
      }
    }

    /** What {@code xfs_direct_write_iomap_begin} refuses; and that the log is short of space. */
    private boolean wouldWait(Exec x, LogReservation needed) {
      boolean allocates = map.shared || !map.hasBlocks();
      // A write in two parts could fail between them.
      boolean spans = fs.blocksOf(pos + lengthBytes) <= map.endBlock;
      return allocates || !spans || needed != null && !ticket.tryReserve(x, needed);
    }

    private void lookFirst(Exec x) {
      LogReservation needed = look();
      if (needed == null) {
        x.then(locked);
        file.ilock().lock(x);
      } else {
        x.then(spaceReserved);
        ticket.reserve(x, needed);
      }
    }

    /** Looks where the bytes are, and which transaction that takes; null for none. */
    private LogReservation look() {
      file.data().lookup(pos >> fs.blockShift(), map);
      if (op != BioOp.WRITE) {
        return null;
      }
      if (map.state != ExtentState.WRITTEN || map.shared) {
        return LogReservation.WRITE;
      }
      return writtenEnd() > file.onDiskSizeBytes() ? LogReservation.INODE : null;
    }

    private long writtenEnd() {
      return Math.min(pos + lengthBytes, map.endBlock << fs.blockShift());
    }

    private void spaceReserved(Exec x) {
      if (x.result() < 0) {
        calls.give(this);
        return;
      }
      x.then(locked);
      file.ilock().lock(x);
    }

    private void locked(Exec x) {
      x.charge(Cost.BLOCK_MAP);
      LogReservation needed = look();
      boolean reserved = needed == null || ticket.holds(needed);
      if (ticket.isHeld() && (!reserved || needed == null)) {
        ticket.cancel(x);
      }
      if (!reserved) {
        // The extents have changed while this task waited for the ilock: once more.
        x.then(begin);
        file.ilock().unlock(x);
        return;
      }
      x.then(done);
      answer(x);
    }

    private void answer(Exec x) {
      long block = pos >> fs.blockShift();
      long result = op == BioOp.WRITE ? mapWrite(x, block) : 0;
      x.setResult(result);
      if (result == 0) {
        fill(block);
      }
    }

    private long mapWrite(Exec x, long block) {
      if (map.state == ExtentState.WRITTEN && !map.shared) {
        extendSize(x);
        return 0;
      }
      long end = Math.min(fs.blocksOf(pos + lengthBytes), map.endBlock);
      boolean allocates = map.state != ExtentState.UNWRITTEN;
      long disk;
      if (!allocates) {
        disk = map.diskBlock(block);
      } else {
        if (map.state != ExtentState.DELALLOC && !fs.reserve(end - block)) {
          ticket.cancel(x);
          return -Errno.ENOSPC;
        }
        x.charge(Cost.BLOCK_ALLOC);
        disk = fs.allocateReserved(end - block);
      }
      file.data().set(block, end, ExtentState.WRITTEN, disk, false);
      file.data().lookup(block, map);
      x.charge(Cost.FS_TRANSACTION);
      file.setOnDiskSize(Math.min(pos + lengthBytes, end << fs.blockShift()));
      if (allocates) {
        file.logAllocation(x, ticket, block);
      } else {
        file.logExtents(x, ticket, block);
      }
      return 0;
    }

    private void extendSize(Exec x) {
      if (writtenEnd() > file.onDiskSizeBytes()) {
        x.charge(Cost.FS_TRANSACTION);
        file.setOnDiskSize(writtenEnd());
        file.logInode(x, ticket);
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
