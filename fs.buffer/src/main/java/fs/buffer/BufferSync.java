package fs.buffer;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.ReqFlag;
import mm.core.Errno;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.machine.Cost;

/**
 * A block of metadata that is read or written and waited for, and the device flush after it: {@code
 * sb_bread}, {@code sync_dirty_buffer}, {@code blkdev_issue_flush}. Pooled.
 */
final class BufferSync implements BioEndIo {
  private final BufferIo io;
  private boolean flush;
  private boolean ended;
  private BlkStatus status;
  private Task waiter;
  private final Step await = this::await;
  private final Step flushed = this::flushed;

  BufferSync(BufferIo io) {
    this.io = io;
  }

  /** Reads a block of the device. Step function; result 0 or a negative errno. */
  void read(Exec x, long deviceBlock) {
    flush = false;
    submit(x, BioOp.READ, deviceBlock);
  }

  /** Writes a block of the device and flushes its cache. Step function; result as {@link #read}. */
  void writeAndFlush(Exec x, long deviceBlock) {
    flush = true;
    submit(x, BioOp.WRITE, deviceBlock);
  }

  private void submit(Exec x, BioOp op, long deviceBlock) {
    ended = false;
    waiter = null;
    Bio bio = io.bios().alloc(op, 1);
    bio.setSector(io.sector(deviceBlock));
    bio.addFolio(0, 0, io.settings().blockSizeBytes());
    bio.set(ReqFlag.SYNC);
    bio.set(ReqFlag.META);
    bio.setEndIo(this);
    x.charge(Cost.BUFFER_SUBMIT);
    x.then(await);
    io.device().submitBio(x, bio);
  }

  @Override
  public void endIo(Exec x, Bio bio) {
    status = bio.status();
    ended = true;
    io.bios().free(bio);
    x.charge(Cost.BUFFER_END);
    if (waiter != null) {
      x.charge(Cost.WAKE);
      waiter.wake();
    }
  }

  private void await(Exec x) {
    if (!ended) {
      waiter = x.task();
      x.then(await);
      x.mightSleep();
      x.block();
      return;
    }
    if (status != BlkStatus.OK) {
      x.setResult(-Errno.EIO);
      io.free(this);
      return;
    }
    if (flush) {
      x.then(flushed);
      io.device().flush(x);
      return;
    }
    x.setResult(0);
    io.free(this);
  }

  private void flushed(Exec x) {
    io.free(this);
  }
}
