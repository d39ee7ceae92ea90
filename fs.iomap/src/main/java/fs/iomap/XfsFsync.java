package fs.iomap;

import block.bio.BlockDevice;
import fs.iomap.internal.log.LogReservation;
import fs.iomap.internal.log.LogTicket;
import fs.iomap.internal.log.XfsLog;
import sim.kernel.Exec;
import sim.kernel.Step;

/** One fsync under way ({@code xfs_file_fsync}, after the data). Pooled by the file system. */
final class XfsFsync {
  private final IomapFileSystem fs;
  private final XfsLog log;
  private final BlockDevice device;
  private final LogTicket ticket;
  private IomapFile file;
  private long lsn;
  private final Step timesReserved = this::timesReserved;
  private final Step force = this::force;
  private final Step flushed = this::flushed;

  XfsFsync(IomapFileSystem fs) {
    this.fs = fs;
    log = fs.log();
    device = fs.device();
    ticket = new LogTicket(log);
  }

  /** Step function; result 0 or a negative errno. */
  void begin(Exec x, IomapFile target, boolean dataOnly) {
    file = target;
    if (!dataOnly && file.timesChanged()) {
      x.then(timesReserved);
      ticket.reserve(x, LogReservation.INODE);
      return;
    }
    commitOrFlush(x);
  }

  private void timesReserved(Exec x) {
    if (x.result() < 0) {
      fs.free(this);
      return;
    }
    if (file.timesChanged()) {
      file.logTimes(x, ticket);
    } else {
      ticket.cancel(x);
    }
    commitOrFlush(x);
  }

  private void commitOrFlush(Exec x) {
    lsn = file.loggedLsn();
    if (log.isStable(lsn)) {
      // The force would be a no-op, so the device's cache has to be flushed by itself.
      x.then(flushed);
      device.flush(x);
      return;
    }
    force(x);
  }

  private void force(Exec x) {
    if (log.errno() != 0 || log.isStable(lsn)) {
      x.setResult(-log.errno());
      fs.free(this);
      return;
    }
    x.then(force);
    log.writeOrWait(x);
  }

  private void flushed(Exec x) {
    fs.free(this);
  }
}
