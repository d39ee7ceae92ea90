package fs.iomap.internal.log;

import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.trace.Tracepoint;

/**
 * The log space of one transaction at a time ({@code struct xlog_ticket}): reserved before the
 * inode is locked, given back when the transaction commits.
 */
public final class LogTicket {
  private final XfsLog log;
  private final Step woken = this::woken;

  /** What it holds or waits for; null when idle. */
  private LogReservation kind;

  private boolean granted;

  /** Who waits for it, and since when. */
  Task waiter;

  private long sinceNs;

  /** A ticket that holds nothing. */
  public LogTicket(XfsLog log) {
    this.log = log;
  }

  int sizeBytes() {
    return kind.sizeBytes();
  }

  void grant() {
    granted = true;
  }

  /** Whether a transaction of this kind can be made with it. */
  public boolean holds(LogReservation wanted) {
    return granted && kind == wanted;
  }

  /** Whether it holds space. */
  public boolean isHeld() {
    return granted;
  }

  /**
   * {@code xfs_trans_alloc}: reserves, and sleeps while the log has not that much space or others
   * wait for theirs. Step function of a task that holds no lock of an inode; result 0, or -EIO if
   * the file system is shut down.
   */
  public void reserve(Exec x, LogReservation wanted) {
    kind = wanted;
    if (log.errno() != 0) {
      end(x);
    } else if (log.grant(x, this)) {
      x.setResult(0);
    } else {
      waiter = x.task();
      sinceNs = x.nowNs();
      emit(x, Tracepoint.XFS_LOG_GRANT_SLEEP, log.freeBytes());
      x.then(woken);
      log.await(x, this);
    }
  }

  /** Reserves if that needs no wait. */
  public boolean tryReserve(Exec x, LogReservation wanted) {
    kind = wanted;
    return log.errno() == 0 && log.grant(x, this);
  }

  private void woken(Exec x) {
    if (granted) {
      waiter = null;
      emit(x, Tracepoint.XFS_LOG_GRANT_WAKE, x.nowNs() - sinceNs);
      x.setResult(0);
    } else if (log.errno() != 0) {
      waiter = null;
      end(x);
    } else {
      x.then(woken);
      x.blockUninterruptible();
    }
  }

  private void emit(Exec x, Tracepoint type, long last) {
    x.machine().trace().emit(x.nowNs(), x.cpu().id(), type, x.task().id(), kind.sizeBytes(), last);
  }

  private void end(Exec x) {
    kind = null;
    x.setResult(-log.errno());
  }

  /** {@code xfs_trans_log_inode}, {@code xfs_trans_log_buf}: the transaction changes this. */
  public void log(LogItem item) {
    log.insert(item);
  }

  /** {@code xfs_trans_commit}: gives back what was not used. The number of the transaction. */
  public long commit(Exec x) {
    long lsn = log.nextLsn();
    cancel(x);
    return lsn;
  }

  /** {@code xfs_trans_cancel} of a transaction that has changed nothing. */
  public void cancel(Exec x) {
    if (!granted) {
      throw new IllegalStateException(x + ": transaction without log reservation");
    }
    granted = false;
    int bytes = kind.sizeBytes();
    kind = null;
    log.ungrant(x, bytes);
  }
}
