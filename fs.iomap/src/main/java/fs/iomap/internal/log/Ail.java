package fs.iomap.internal.log;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BioOp;
import block.bio.BlkPlug;
import block.bio.BlkStatus;
import block.bio.BlockDevice;
import block.bio.ReqFlag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.machine.Cost;
import sim.kernel.time.Timer;

/**
 * What the log holds and has not been written in place, by the checkpoint that it is in ({@code
 * struct xfs_ail}), and the task that writes it ({@code xfsaild}).
 *
 * <p>An item that is changed again goes to the end when its new checkpoint is on the device. The
 * first one is the log's tail. A write that fails is tried again, as XFS does unless it is told
 * otherwise.
 */
final class Ail implements BioEndIo {
  private static final Comparator<MetadataBuffer> BY_SECTOR =
      Comparator.comparingLong(buffer -> buffer.sector);

  /** Pauses of {@code xfsaild_push}: with more to write, and when nearly all is pinned or going. */
  private static final int PAUSE_MS = 10;

  private static final int STUCK_PAUSE_MS = 20;
  private static final int STUCK_PERCENT = 90;

  private final XfsLog log;
  private final Machine machine;
  private final BlockDevice device;
  private final Task xfsaild;
  private final Timer timer;
  private final List<MetadataBuffer> delwri = new ArrayList<>();
  private final Step round = this::round;
  private final Step submitNext = this::submitNext;
  private final Step pause = this::pause;

  private LogItem first;
  private LogItem last;
  private long target;
  private boolean everything;
  private boolean asked;
  private boolean timed;
  private int delwriNext;

  // What the last round met.
  private int seen;
  private int stuck;
  private boolean pinned;

  Ail(XfsLog log, Machine machine, BlockDevice device) {
    this.log = log;
    this.machine = machine;
    this.device = device;
    timer = new Timer(softirq -> timedOut());
    xfsaild = machine.newTask("xfsaild/" + device.name(), true, machine.allCpus());
    xfsaild.then(round);
  }

  boolean isEmpty() {
    return first == null;
  }

  /** {@code xfs_ail_min_lsn}; not if it is empty. */
  long minLsn() {
    return first.lsn;
  }

  /** {@code xfs_trans_ail_update_bulk}, of one item: it belongs to a later checkpoint now. */
  void update(LogItem item, long lsn) {
    remove(item);
    item.lsn = lsn;
    item.previous = last;
    if (last == null) {
      first = item;
    } else {
      last.next = item;
    }
    last = item;
  }

  private void remove(LogItem item) {
    if (item.lsn == LogItem.NOT_IN_AIL) {
      return;
    }
    if (item.previous == null) {
      first = item.next;
    } else {
      item.previous.next = item.next;
    }
    if (item.next == null) {
      last = item.previous;
    } else {
      item.next.previous = item.previous;
    }
    item.previous = null;
    item.next = null;
    item.lsn = LogItem.NOT_IN_AIL;
  }

  // --- waking -------------------------------------------------------------------------------

  /** {@code xfs_ail_push_all}: somebody waits for log space. */
  void pushAll(Exec x) {
    everything = true;
    wake(x);
  }

  /** {@code xfs_ail_push}: once less than a quarter of the log is free. */
  void pushIfShort(Exec x) {
    if (isShort()) {
      wake(x);
    }
  }

  private boolean isShort() {
    return first != null && last.lsn - first.lsn > log.sizeBytes() - (log.sizeBytes() >> 2);
  }

  private void wake(Exec x) {
    if (!asked) {
      asked = true;
      x.charge(Cost.WAKE);
      xfsaild.wake();
    }
  }

  private void timedOut() {
    timed = false;
    asked = true;
    xfsaild.wake();
  }

  // --- xfsaild ------------------------------------------------------------------------------

  private void round(Exec x) {
    x.then(round);
    if (timed) {
      timed = false;
      machine.timers().disarm(timer);
    }
    if (!asked || first == null) {
      asked = false;
      x.block();
      return;
    }
    asked = false;
    if (everything) {
      target = last.lsn;
    } else if (isShort()) {
      target = Math.min(last.lsn, first.lsn + (log.sizeBytes() >> 2));
    }
    everything = false;
    collect();
    x.then(pause);
    delwriNext = 0;
    BlkPlug.start(x);
    submitNext(x);
  }

  /** {@code xfsaild_push}: takes up the buffers of all items up to the target. */
  private void collect() {
    seen = 0;
    stuck = 0;
    pinned = false;
    delwri.clear();
    for (LogItem item = first; item != null && item.lsn <= target; item = item.next) {
      seen++;
      if (log.isPinned(item)) {
        pinned = true;
        stuck++;
      } else if (item.flushing) {
        stuck++;
      } else if (!item.buffer.writing) {
        item.buffer.writing = true;
        delwri.add(item.buffer);
      }
    }
    delwri.sort(BY_SECTOR);
  }

  /** {@code xfs_buf_delwri_submit_nowait}. */
  private void submitNext(Exec x) {
    if (delwriNext == delwri.size()) {
      BlkPlug.finish(x);
      return;
    }
    MetadataBuffer buffer = delwri.get(delwriNext++);
    flush(buffer);
    x.charge(Cost.IOEND_BUILD);
    Bio bio = device.layer().bios().alloc(BioOp.WRITE, 1);
    bio.setSector(buffer.sector);
    bio.addFolio(0, 0, buffer.sizeBytes);
    bio.set(ReqFlag.META);
    bio.setPrivateData(buffer);
    bio.setEndIo(this);
    x.then(submitNext);
    device.submitBio(x, bio);
  }

  /** {@code xfs_iflush_cluster}: all that lies in the buffer and is not pinned goes with it. */
  private void flush(MetadataBuffer buffer) {
    for (LogItem item : buffer.items) {
      if (item.lsn != LogItem.NOT_IN_AIL && !log.isPinned(item)) {
        item.flushing = true;
        item.flushLsn = item.lsn;
      }
    }
  }

  private void pause(Exec x) {
    if (pinned) {
      log.pushLater(x);
    }
    if (asked || seen == 0) {
      return;
    }
    long ms = stuck * 100 > seen * STUCK_PERCENT ? STUCK_PAUSE_MS : PAUSE_MS;
    timed = true;
    machine.timers().arm(timer, x.cpu(), machine.timers().ticksOf(ms * 1_000_000));
    x.block();
  }

  /** {@code xfs_buf_inode_iodone}, {@code xfs_iflush_done}; in any context. */
  @Override
  public void endIo(Exec x, Bio bio) {
    MetadataBuffer buffer = (MetadataBuffer) bio.privateData();
    buffer.writing = false;
    for (LogItem item : buffer.items) {
      if (item.flushing) {
        item.flushing = false;
        if (bio.status() == BlkStatus.OK && item.lsn == item.flushLsn) {
          remove(item);
        }
      }
    }
    device.layer().bios().free(bio);
    log.wakeSpaceWaiters(x);
  }

  void verify() {
    long lsn = 0;
    for (LogItem item = first; item != null; item = item.next) {
      if (item.lsn < lsn) {
        throw new IllegalStateException("AIL: an item at " + item.lsn + " is behind one at " + lsn);
      }
      lsn = item.lsn;
    }
  }
}
