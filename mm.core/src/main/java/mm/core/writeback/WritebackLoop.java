package mm.core.writeback;

import mm.core.PageMark;
import mm.core.spi.mapping.SyncMode;
import mm.core.spi.mapping.WritebackControl;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.trace.Tracepoint;

/**
 * Carries out one work item of a flusher: rounds over its inodes until the item is done. Models
 * {@code wb_writeback}, {@code writeback_sb_inodes} and {@code requeue_inode}, down to {@code
 * do_writepages}.
 */
final class WritebackLoop {
  /** {@code DIRTY_SCOPE}. */
  private static final int DIRTY_SCOPE = 8;

  /** A round lasts a tenth of a second. */
  private static final int ROUNDS_PER_SECOND = 10;

  private final Writeback writeback;
  private final BdiWriteback wb;
  private final DirtyInodes inodes;
  private final Machine machine;
  private final WritebackControl wbc = new WritebackControl();

  private final Step round = this::round;
  private final Step roundDone = this::roundDone;
  private final Step unplug = this::unplug;
  private final Step nextInode = this::nextInode;
  private final Step inodeWritten = this::inodeWritten;
  private final Step inodeAfterWait = this::inodeAfterWait;
  private final Step plugFlushed = this::plugFlushed;
  private final Step requeue = this::requeue;

  private WritebackWork work;
  private long dirtiedBefore;

  /** What the item still had to write when the round began. */
  private long askedPages;

  /** Inodes were queued for this item at least once. */
  private boolean queued;

  // writeback_sb_inodes.
  private long roundBegin;
  private long wroteInRound;
  private InodeWriteback inode;
  private long chunk;

  WritebackLoop(Writeback writeback, BdiWriteback wb) {
    this.writeback = writeback;
    this.wb = wb;
    inodes = wb.inodes;
    machine = writeback.cache().machine();
  }

  private long jiffies() {
    return writeback.timers().jiffies();
  }

  /** Carries out an item. A step function; what it could not write is left in the item's budget. */
  void run(Exec x, WritebackWork item) {
    begin(x, item);
    x.then(round);
  }

  /** One round only: {@code writeback_inodes_wb}. A step function. */
  void runOnce(Exec x, WritebackWork item) {
    begin(x, item);
    if (inodes.next() == null) {
      inodes.queueIo(dirtiedBefore);
    }
    x.then(unplug);
    beginRound(x);
  }

  private void begin(Exec x, WritebackWork item) {
    work = item;
    queued = false;
    dirtiedBefore = jiffies();
    writeback.plug().start(x);
  }

  private void unplug(Exec x) {
    writeback.plug().finish(x);
  }

  private void round(Exec x) {
    if (isOver()) {
      unplug(x);
      return;
    }
    askedPages = work.nrPages;
    emit(x, Tracepoint.WRITEBACK_START, askedPages);
    if (inodes.next() == null) {
      long now = jiffies();
      if (work.forKupdate) {
        dirtiedBefore = now - writeback.expireTicks();
      } else if (work.forBackground) {
        dirtiedBefore = now;
      }
      inodes.queueIo(dirtiedBefore);
      queued = true;
    }
    x.then(roundDone);
    beginRound(x);
  }

  private void beginRound(Exec x) {
    roundBegin = jiffies();
    wroteInRound = 0;
    x.then(nextInode);
  }

  private boolean isOver() {
    boolean yields = work.forBackground || work.forKupdate;
    return work.nrPages <= 0
        || yields && !wb.works.isEmpty()
        || work.forBackground && !writeback.overBackgroundThreshold(wb);
  }

  private void roundDone(Exec x) {
    emit(x, Tracepoint.WRITEBACK_WRITTEN, askedPages - work.nrPages);
    if (wroteInRound > 0 || !queued) {
      x.then(round);
      return;
    }
    InodeWriteback busy = inodes.oldestOfMore();
    if (busy == null) {
      unplug(x);
      return;
    }
    // Nothing could be written because others are writing: wait for one of them.
    x.then(round);
    if (busy.sync) {
      busy.syncWaiters().sleep(x);
    }
  }

  private void emit(Exec x, Tracepoint type, long pages) {
    machine
        .trace()
        .emit(x.nowNs(), x.cpu().id(), type, pages, work.syncMode.ordinal(), work.reason.ordinal());
  }

  // --- writeback_sb_inodes --------------------------------------------------------------------

  private void nextInode(Exec x) {
    inode = inodes.next();
    if (inode == null) {
      return;
    }
    if (inode.sync) {
      x.then(nextInode);
      if (work.syncMode == SyncMode.NONE) {
        inodes.requeueIo(inode);
      } else {
        inode.syncWaiters().sleep(x);
      }
      return;
    }
    inode.sync = true;
    chunk = chunkPages();
    wbc.begin(work.syncMode, work.reason)
        .withNrToWrite(chunk)
        .withForKupdate(work.forKupdate)
        .withForBackground(work.forBackground)
        .withForSync(work.forSync)
        .withRangeCyclic(work.rangeCyclic)
        .withTaggedWritepages(work.taggedWritepages);
    x.then(inodeWritten);
    writeback.doWritepages(x, inode.mapping(), wbc);
  }

  /** {@code writeback_chunk_size}: at least one unit, whatever the budget is. */
  private long chunkPages() {
    if (work.syncMode == SyncMode.ALL || work.taggedWritepages) {
      return Long.MAX_VALUE;
    }
    long limit = writeback.domains().global().dirtyLimit();
    long pages = Math.min(wb.avgWriteBandwidthPages() / 2, limit / DIRTY_SCOPE);
    pages = Math.min(pages, work.nrPages);
    long unit = wb.device().writebackPagesMin();
    return (pages + unit) / unit * unit;
  }

  private void inodeWritten(Exec x) {
    if (work.syncMode == SyncMode.ALL && !work.forSync) {
      x.then(inodeAfterWait);
      writeback.cache().fdatawait(x, inode.mapping(), 0, Long.MAX_VALUE);
      return;
    }
    inodeAfterWait(x);
  }

  private void inodeAfterWait(Exec x) {
    inode.dirty = inode.mapping().pages().marked(PageMark.DIRTY);
    long wrote = chunk - wbc.nrToWrite() - wbc.pagesSkipped();
    work.nrPages -= work.nrPages == Long.MAX_VALUE ? 0 : chunk - wbc.nrToWrite();
    wroteInRound += Math.max(wrote, 0);
    if (x.needResched()) {
      x.then(plugFlushed);
      unplug(x);
      return;
    }
    requeue(x);
  }

  /** What was plugged is on its way before the CPU is given up. */
  private void plugFlushed(Exec x) {
    writeback.plug().start(x);
    x.condResched();
    x.then(requeue);
  }

  private void requeue(Exec x) {
    wroteInRound += inode.dirty ? 0 : 1;
    requeueInode();
    inode.endSync(x);
    writeback.cache().traceLevel(x);
    inode = null;
    if (!endsRound()) {
      x.then(nextInode);
    }
  }

  private boolean endsRound() {
    long limitTicks = machine.build().hz() / ROUNDS_PER_SECOND;
    return wroteInRound > 0 && (jiffies() > roundBegin + limitTicks || work.nrPages <= 0);
  }

  /**
   * {@code requeue_inode}: puts the inode where what is left of it belongs, on the lists of the wb
   * that it belongs to by now.
   */
  private void requeueInode() {
    if (!inode.dirty) {
      DirtyInodes.leave(inode);
      return;
    }
    long now = jiffies();
    if (wbc.syncMode() == SyncMode.ALL || wbc.taggedWritepages()) {
      // What was dirtied since the tagging is not chased.
      inode.dirtiedWhen = now;
    }
    long oldBefore = roundBegin - (work.forKupdate ? writeback.expireTicks() : 0);
    boolean sliceUsedUp = wbc.pagesSkipped() == 0 && wbc.nrToWrite() <= 0;
    if (sliceUsedUp && inode.dirtiedWhen <= oldBefore) {
      inode.wb.inodes.requeueIo(inode);
    } else {
      inode.wb.inodes.redirtyTail(inode, now);
    }
  }
}
