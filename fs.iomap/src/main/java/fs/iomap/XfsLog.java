package fs.iomap;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.BlockDevice;
import block.bio.ReqFlag;
import mm.core.Errno;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.wait.WaitQueue;

/**
 * The journal: transactions are numbered, and a force writes all up to now with one record ({@code
 * xfs_log_force_seq}). Who comes while a force is under way waits for it and, if need be, for the
 * next, so that many fsyncs share a record.
 *
 * <p>Left out: log space and its reservation, checkpoint sizes, the AIL.
 */
final class XfsLog implements BioEndIo {
  /** One iclog record with little in it. */
  private static final int RECORD_BYTES = 4096;

  private final IomapFileSystem fs;
  private final long firstSector;
  private final long sectors;
  private final WaitQueue waiters = new WaitQueue();
  private long lastLsn;
  private long stableLsn;
  private long writingLsn;
  private boolean writing;
  private int errno;
  private long writtenSectors;
  private long forces;

  /**
   * A log that is empty.
   *
   * @param firstSector where its area begins
   * @param sectors how large it is
   */
  XfsLog(IomapFileSystem fs, long firstSector, long sectors) {
    this.fs = fs;
    this.firstSector = firstSector;
    this.sectors = sectors;
  }

  /** A transaction commits; its number. */
  long append() {
    return ++lastLsn;
  }

  boolean isStable(long lsn) {
    return lsn <= stableLsn;
  }

  /** Records written so far. */
  long forces() {
    return forces;
  }

  /** Submits a record, unless one is under way, and sleeps until one has ended. */
  void writeOrWait(Exec x) {
    if (writing) {
      waiters.sleep(x);
      return;
    }
    writing = true;
    writingLsn = lastLsn;
    forces++;
    Bio bio = fs.bios().alloc(BioOp.WRITE, 1);
    bio.setSector(firstSector + writtenSectors % sectors);
    writtenSectors += RECORD_BYTES / Bio.SECTOR_BYTES;
    bio.addFolio(0, 0, RECORD_BYTES);
    bio.set(ReqFlag.SYNC);
    bio.set(ReqFlag.META);
    bio.set(ReqFlag.IDLE);
    bio.set(ReqFlag.PREFLUSH);
    bio.set(ReqFlag.FUA);
    bio.setEndIo(this);
    fs.device().submitBio(x, bio);
  }

  /** {@code xlog_ioend_work}, in the context of the record's end. */
  @Override
  public void endIo(Exec x, Bio bio) {
    if (bio.status() == BlkStatus.OK) {
      stableLsn = Math.max(stableLsn, writingLsn);
    } else {
      errno = Errno.EIO;
    }
    writing = false;
    fs.bios().free(bio);
    waiters.wakeAll(x);
  }

  /** Above 0 once a record could not be written: the file system is shut down then. */
  int errno() {
    return errno;
  }

  /** One fsync under way ({@code xfs_file_fsync}, after the data). Pooled by the file system. */
  static final class Fsync {
    private final IomapFileSystem fs;
    private final XfsLog log;
    private final BlockDevice device;
    private long lsn;
    private final Step force = this::force;
    private final Step flushed = this::flushed;

    Fsync(IomapFileSystem fs, XfsLog log) {
      this.fs = fs;
      this.log = log;
      device = fs.device();
    }

    /** Step function; result 0 or a negative errno. */
    void begin(Exec x, IomapFile file, boolean dataOnly) {
      lsn = file.lsnForFsync(dataOnly);
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
}
