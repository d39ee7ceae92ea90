package mm.core.writeback;

import mm.core.PageMark;
import mm.core.spi.mapping.SyncMode;
import mm.core.spi.mapping.WritebackControl;
import mm.core.spi.mapping.WritebackReason;
import mm.core.spi.writeback.DontcacheKick;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.trace.Tracepoint;
import sim.kernel.workqueue.DelayedWork;

/**
 * The flusher of one wb: a delayed work item, so that it runs once at a time. Models {@code
 * wb_workfn} and what it calls, down to {@code do_writepages}.
 */
final class Flusher {
  private static final int MILLIS_PER_CENTISECOND = 10;
  private static final int NS_PER_MS = 1_000_000;

  /** {@code DIRTY_SCOPE}. */
  private static final int DIRTY_SCOPE = 8;

  /** What a pass looks for, in the order of {@code wb_do_writeback}. */
  private enum Phase {
    WORKS,
    START_ALL,
    START_DONTCACHE,
    OLD_DATA,
    BACKGROUND,
    DONE;

    private static final Phase[] ALL = values();

    Phase next() {
      return ALL[ordinal() + 1];
    }
  }

  private final Writeback writeback;
  private final BdiWriteback wb;
  private final Machine machine;
  private final DelayedWork work;
  private final DelayedWork bandwidthWork;
  private final WritebackControl wbc = new WritebackControl();
  private final WritebackWork own = new WritebackWork();
  private final DirtyLimits limits = new DirtyLimits();

  private final Step pass = this::pass;
  private final Step workDone = this::workDone;
  private final Step round = this::round;
  private final Step roundDone = this::roundDone;
  private final Step nextInode = this::nextInode;
  private final Step inodeWritten = this::inodeWritten;
  private final Step inodeAfterWait = this::inodeAfterWait;
  private final Step plugFlushed = this::plugFlushed;

  // The pass and its current work.
  private Phase phase;
  private WritebackWork current;
  private long askedPages;
  private long dirtiedBefore;

  /** The kick being served can't be given again before it is done. */
  private boolean clearsDontcacheAfter;

  // writeback_sb_inodes.
  private long startTicks;
  private long wroteInRound;
  private boolean queuedInRound;
  private InodeWriteback inode;
  private long chunk;

  Flusher(Writeback writeback, BdiWriteback wb) {
    this.writeback = writeback;
    this.wb = wb;
    machine = writeback.cache().machine();
    work = new DelayedWork("wb_workfn", this::begin);
    bandwidthWork = new DelayedWork("wb_update_bandwidth_workfn", x -> bandwidthDue());
  }

  // --- waking -------------------------------------------------------------------------------

  /** {@code wb_wakeup}: as soon as a worker can run it. */
  void wake(Exec x) {
    writeback.workqueues().modDelayedOn(x, x.cpu(), writeback.workqueue(), work, 0);
  }

  /** {@code wb_wakeup_delayed}: when old data is next looked for, unless it is due earlier. */
  void wakeDelayed(Exec x) {
    long ticks = periodTicks();
    if (ticks > 0) {
      writeback.workqueues().queueDelayedOn(x, x.cpu(), writeback.workqueue(), work, ticks);
    }
  }

  void queue(Exec x, WritebackWork item) {
    wb.works.addLast(item);
    wake(x);
  }

  private long periodTicks() {
    return ticks(writeback.settings().dirtyWritebackCentisecs());
  }

  private long ticks(int centisecs) {
    return machine.timers().ticksOf((long) centisecs * MILLIS_PER_CENTISECOND * NS_PER_MS);
  }

  // --- bandwidth ------------------------------------------------------------------------------

  /** Looks at the bandwidth once the device has been idle for an interval. */
  void bandwidthLater(Exec x) {
    if (!bandwidthWork.isPending()) {
      long ticks = WriteBandwidth.intervalTicks(machine.build().hz());
      writeback
          .workqueues()
          .queueDelayedOn(x, x.cpu(), writeback.workqueue(), bandwidthWork, ticks);
    }
  }

  private void bandwidthDue() {
    updateBandwidth();
  }

  /** {@code wb_update_bandwidth}: measures, without steering the writers. */
  void updateBandwidth() {
    wb.bandwidth.update(
        writeback.timers().jiffies(), wb.statSum(WbStat.DIRTIED), wb.statSum(WbStat.WRITTEN), null);
  }

  // --- wb_workfn ------------------------------------------------------------------------------

  private void begin(Exec x) {
    phase = Phase.WORKS;
    wb.running = true;
    pass(x);
  }

  /** {@code wb_do_writeback}: takes what is to be done next. */
  private void pass(Exec x) {
    while (phase != Phase.DONE) {
      WritebackWork next = nextWork(x);
      if (next != null) {
        run(x, next);
        return;
      }
      phase = phase.next();
    }
    wb.running = false;
    if (!wb.works.isEmpty()) {
      begin(x);
      return;
    }
    if (wb.hasDirtyIo()) {
      wakeDelayed(x);
    }
  }

  /** Work of the current phase; null if it has none. Only the first phase can have several. */
  private WritebackWork nextWork(Exec x) {
    switch (phase) {
      case WORKS:
        return wb.works.pollFirst();
      case START_ALL:
        return startAll();
      case START_DONTCACHE:
        return startDontcache();
      case OLD_DATA:
        return oldData();
      case BACKGROUND:
        return background();
      default:
        return null;
    }
  }

  private WritebackWork startAll() {
    if (!wb.startAll) {
      return null;
    }
    long pages = shareOf(writeback.nrDirtyPages());
    if (pages == 0) {
      wb.startAll = false;
      return null;
    }
    own.begin(SyncMode.NONE, wb.startAllReason, pages);
    own.rangeCyclic = true;
    return own;
  }

  private WritebackWork startDontcache() {
    if (!wb.startDontcache) {
      return null;
    }
    long pages = dontcachePages();
    // If the bit goes first, a write from now on kicks again.
    clearsDontcacheAfter = pages > 0 && wb.dontcacheKick != DontcacheKick.COUNTED;
    wb.startDontcache = clearsDontcacheAfter;
    own.begin(SyncMode.NONE, WritebackReason.DONTCACHE, pages);
    own.rangeCyclic = true;
    return pages > 0 ? own : null;
  }

  private long dontcachePages() {
    switch (wb.dontcacheKick) {
      case NODE_WIDE:
        return shareOf(writeback.nodeDontcacheDirtyPages());
      case CLEARED_AFTER:
        return wb.stat(WbStat.DONTCACHE_DIRTY);
      default:
        return wb.statSum(WbStat.DONTCACHE_DIRTY);
    }
  }

  private WritebackWork oldData() {
    long interval = periodTicks();
    long now = writeback.timers().jiffies();
    if (interval == 0 || now < wb.lastOldFlush + interval) {
      return null;
    }
    wb.lastOldFlush = now;
    long pages = writeback.nrDirtyPages();
    own.begin(SyncMode.NONE, WritebackReason.PERIODIC, pages);
    own.forKupdate = true;
    own.rangeCyclic = true;
    return pages > 0 ? own : null;
  }

  private WritebackWork background() {
    if (!writeback.overBackgroundThreshold(wb)) {
      return null;
    }
    own.begin(SyncMode.NONE, WritebackReason.BACKGROUND, Long.MAX_VALUE);
    own.forBackground = true;
    own.rangeCyclic = true;
    return own;
  }

  /** A request for all pages is split among the groups' wbs by what each device part writes. */
  private long shareOf(long pages) {
    if (wb.device().wbs().size() == 1) {
      return pages;
    }
    long all = 0;
    for (BdiWriteback other : wb.device().wbs()) {
      all += other.hasDirtyIo() ? other.avgWriteBandwidthPages() : 0;
    }
    return all == 0 ? pages : (long) Math.ceil((double) pages * wb.avgWriteBandwidthPages() / all);
  }

  // --- wb_writeback ---------------------------------------------------------------------------

  private void run(Exec x, WritebackWork item) {
    current = item;
    askedPages = item.nrPages;
    emit(x, Tracepoint.WRITEBACK_START, askedPages);
    writeback.plug().start(x);
    dirtiedBefore = writeback.timers().jiffies();
    x.then(round);
  }

  private void round(Exec x) {
    if (isOver()) {
      x.then(workDone);
      writeback.plug().finish(x);
      return;
    }
    long now = writeback.timers().jiffies();
    if (current.forKupdate) {
      dirtiedBefore = now - ticks(writeback.settings().dirtyExpireCentisecs());
    } else if (current.forBackground) {
      dirtiedBefore = now;
    }
    queuedInRound = wb.io.isEmpty();
    if (queuedInRound) {
      queueIo();
    }
    startTicks = now;
    wroteInRound = 0;
    x.then(roundDone);
    x.then(nextInode);
  }

  private boolean isOver() {
    boolean yields = current.forBackground || current.forKupdate;
    return current.nrPages <= 0
        || yields && !wb.works.isEmpty()
        || current.forBackground && !writeback.overBackgroundThreshold(wb);
  }

  /** {@code queue_io}: what needs another round, then what was dirtied early enough. */
  private void queueIo() {
    wb.io.spliceYoung(wb.moreIo);
    // Ends because each turn takes an inode off the list.
    while (!wb.dirtyInodes.isEmpty()) {
      InodeWriteback oldest = wb.dirtyInodes.oldest();
      if (oldest.dirtiedWhen > dirtiedBefore) {
        return;
      }
      wb.dirtyInodes.remove(oldest);
      wb.io.addYoung(oldest);
    }
  }

  private void roundDone(Exec x) {
    if (wroteInRound > 0 || !queuedInRound) {
      x.then(round);
      return;
    }
    if (wb.moreIo.isEmpty()) {
      x.then(workDone);
      writeback.plug().finish(x);
      return;
    }
    // Nothing could be written because others are writing: wait for one of them.
    InodeWriteback busy = wb.moreIo.oldest();
    x.then(round);
    if (busy.sync) {
      busy.syncWaiters().sleep(x);
    }
  }

  private void workDone(Exec x) {
    emit(x, Tracepoint.WRITEBACK_WRITTEN, askedPages - current.nrPages);
    current.done = true;
    if (current.doneWaiters != null) {
      current.doneWaiters.wakeAll(x);
    }
    if (phase == Phase.START_DONTCACHE && clearsDontcacheAfter) {
      wb.startDontcache = false;
    }
    if (phase == Phase.START_ALL) {
      // Only now: kicks that came in the meantime are lost, as in the kernel.
      wb.startAll = false;
    }
    if (phase != Phase.WORKS) {
      phase = phase.next();
    }
    current = null;
    x.then(pass);
  }

  private void emit(Exec x, Tracepoint type, long pages) {
    machine
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            type,
            pages,
            current.syncMode.ordinal(),
            current.reason.ordinal());
  }

  // --- writeback_sb_inodes --------------------------------------------------------------------

  private void nextInode(Exec x) {
    if (wb.io.isEmpty()) {
      return;
    }
    inode = wb.io.oldest();
    if (inode.sync) {
      if (current.syncMode == SyncMode.NONE) {
        wb.io.remove(inode);
        wb.moreIo.addYoung(inode);
        x.then(nextInode);
      } else {
        x.then(nextInode);
        inode.syncWaiters().sleep(x);
      }
      return;
    }
    inode.sync = true;
    chunk = chunkPages();
    wbc.begin(current.syncMode, current.reason)
        .withNrToWrite(chunk)
        .withForKupdate(current.forKupdate)
        .withForBackground(current.forBackground)
        .withForSync(current.forSync)
        .withRangeCyclic(current.rangeCyclic)
        .withTaggedWritepages(current.taggedWritepages);
    x.then(inodeWritten);
    writeback.doWritepages(x, inode.mapping(), wbc);
  }

  /** {@code writeback_chunk_size}. */
  private long chunkPages() {
    if (current.syncMode == SyncMode.ALL || current.taggedWritepages) {
      return Long.MAX_VALUE;
    }
    writeback.computeGlobal(limits);
    long limit = writeback.globalDomain().hardLimit(limits.thresh);
    long pages = Math.min(wb.avgWriteBandwidthPages() / 2, limit / DIRTY_SCOPE);
    pages = Math.min(pages, current.nrPages);
    long unit = wb.device().writebackPagesMin();
    return (pages + unit) / unit * unit;
  }

  private void inodeWritten(Exec x) {
    if (current.syncMode == SyncMode.ALL && !current.forSync) {
      x.then(inodeAfterWait);
      writeback.cache().fdatawait(x, inode.mapping(), 0, Long.MAX_VALUE);
      return;
    }
    inodeAfterWait(x);
  }

  private void inodeAfterWait(Exec x) {
    inode.dirty = inode.mapping().pages().marked(PageMark.DIRTY);
    long wrote = chunk - wbc.nrToWrite() - wbc.pagesSkipped();
    current.nrPages -= current.nrPages == Long.MAX_VALUE ? 0 : chunk - wbc.nrToWrite();
    wroteInRound += Math.max(wrote, 0) + (inode.dirty ? 0 : 1);
    requeue();
    endSync(x, inode);
    writeback.cache().traceLevel(x);
    inode = null;
    if (x.needResched()) {
      x.then(plugFlushed);
      writeback.plug().finish(x);
      return;
    }
    goOn(x);
  }

  private void plugFlushed(Exec x) {
    writeback.plug().start(x);
    x.condResched();
    goOn(x);
  }

  private void goOn(Exec x) {
    long limitTicks = machine.build().hz() / 10;
    boolean pause =
        wroteInRound > 0
            && (writeback.timers().jiffies() > startTicks + limitTicks || current.nrPages <= 0);
    if (!pause) {
      x.then(nextInode);
    }
  }

  static void endSync(Exec x, InodeWriteback written) {
    written.sync = false;
    if (written.hasSyncWaiters()) {
      written.syncWaiters().wakeAll(x);
    }
  }

  /** {@code requeue_inode}: puts the inode where what is left of it belongs. */
  private void requeue() {
    boolean stillDirty = inode.dirty;
    if (inode.list != null) {
      inode.list.remove(inode);
    }
    if (!stillDirty) {
      return;
    }
    long now = writeback.timers().jiffies();
    boolean integrity = wbc.syncMode() == SyncMode.ALL || wbc.taggedWritepages();
    if (integrity) {
      inode.dirtiedWhen = now;
    }
    if (wbc.pagesSkipped() == 0 && wbc.nrToWrite() <= 0) {
      // The slice is used up: the rest comes with the next round.
      wb.moreIo.addYoung(inode);
      return;
    }
    redirtyTail(now);
  }

  /** {@code redirty_tail}: keeps its age unless that would break the order of the list. */
  private void redirtyTail(long now) {
    InodeWriteback youngest = wb.dirtyInodes.youngest();
    if (youngest != null && inode.dirtiedWhen < youngest.dirtiedWhen) {
      inode.dirtiedWhen = now;
    }
    wb.dirtyInodes.addYoung(inode);
  }
}
