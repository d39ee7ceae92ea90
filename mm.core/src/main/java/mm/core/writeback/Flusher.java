package mm.core.writeback;

import mm.core.spi.mapping.SyncMode;
import mm.core.spi.mapping.WritebackReason;
import mm.core.spi.writeback.DontcacheKick;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.trace.Tracepoint;
import sim.kernel.workqueue.DelayedWork;

/**
 * The flusher of one wb: a delayed work item, so that it runs once at a time. Models {@code
 * wb_workfn} and {@code wb_do_writeback}; {@link WritebackLoop} does what they decide.
 */
final class Flusher {
  /** What the rescuer writes before it lets others go on. */
  private static final long RESCUER_PAGES = 1024;

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
  private final WritebackLoop loop;
  private final DelayedWork work;
  private final DelayedWork bandwidthWork;
  private final WritebackWork own = new WritebackWork();

  private final Step pass = this::pass;
  private final Step workDone = this::workDone;
  private final Step rescued = this::rescued;

  private Phase phase;
  private WritebackWork current;

  /** The kick being served can't be given again before it is done. */
  private boolean clearsDontcacheAfter;

  Flusher(Writeback writeback, BdiWriteback wb) {
    this.writeback = writeback;
    this.wb = wb;
    machine = writeback.cache().machine();
    loop = new WritebackLoop(writeback, wb);
    work = new DelayedWork("wb_workfn", this::begin);
    bandwidthWork = new DelayedWork("wb_update_bandwidth_workfn", x -> updateBandwidth());
  }

  // --- waking -------------------------------------------------------------------------------

  /** {@code wb_wakeup}: as soon as a worker can run it. */
  void wake(Exec x) {
    writeback.workqueues().modDelayedOn(x, x.cpu(), writeback.workqueue(), work, 0);
  }

  /** {@code wb_wakeup_delayed}: when old data is next looked for, unless it is due earlier. */
  void wakeDelayed(Exec x) {
    long ticks = writeback.periodTicks();
    if (ticks > 0) {
      writeback.workqueues().queueDelayedOn(x, x.cpu(), writeback.workqueue(), work, ticks);
    }
  }

  void queue(Exec x, WritebackWork item) {
    item.done = false;
    wb.works.addLast(item);
    wake(x);
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

  /** {@code wb_update_bandwidth}: measures, without steering the writers. */
  void updateBandwidth() {
    wb.bandwidth.update(
        writeback.timers().jiffies(), wb.statSum(WbStat.DIRTIED), wb.statSum(WbStat.WRITTEN));
  }

  // --- wb_workfn ------------------------------------------------------------------------------

  private void begin(Exec x) {
    if (writeback.workqueue().currentIsRescuer(x)) {
      // There are no workers to be had, and others wait for the rescuer too.
      own.begin(SyncMode.NONE, WritebackReason.FORKER_THREAD, RESCUER_PAGES).cyclic();
      x.then(rescued);
      current = own;
      emit(x, Tracepoint.WRITEBACK_START, RESCUER_PAGES);
      loop.runOnce(x, own);
      return;
    }
    phase = Phase.WORKS;
    wb.running = true;
    pass(x);
  }

  private void rescued(Exec x) {
    emit(x, Tracepoint.WRITEBACK_WRITTEN, RESCUER_PAGES - current.nrPages);
    if (wb.works.isEmpty()) {
      rest(x);
    } else {
      wake(x);
    }
  }

  private void rest(Exec x) {
    if (wb.hasDirtyIo()) {
      wakeDelayed(x);
    }
  }

  /** {@code wb_do_writeback}: takes what is to be done next. */
  private void pass(Exec x) {
    while (phase != Phase.DONE) {
      WritebackWork next = nextWork();
      if (next != null) {
        x.then(workDone);
        current = next;
        loop.run(x, next);
        return;
      }
      phase = phase.next();
    }
    wb.running = false;
    if (wb.works.isEmpty()) {
      rest(x);
    } else {
      begin(x);
    }
  }

  private void workDone(Exec x) {
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

  // --- what there is to do --------------------------------------------------------------------

  /** Work of the current phase; null if it has none. Only the first phase can have several. */
  private WritebackWork nextWork() {
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
    return own.begin(SyncMode.NONE, wb.startAllReason, pages).cyclic();
  }

  private WritebackWork startDontcache() {
    if (!wb.startDontcache) {
      return null;
    }
    // If the bit goes before the count is read, a write from now on kicks again.
    wb.startDontcache = false;
    long pages = dontcachePages();
    clearsDontcacheAfter = pages > 0 && wb.dontcacheKick != DontcacheKick.COUNTED;
    wb.startDontcache = clearsDontcacheAfter;
    own.begin(SyncMode.NONE, WritebackReason.DONTCACHE, pages).cyclic();
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
    long interval = writeback.periodTicks();
    long now = writeback.timers().jiffies();
    if (interval == 0 || now < wb.lastOldFlush + interval) {
      return null;
    }
    wb.lastOldFlush = now;
    long pages = writeback.nrDirtyPages();
    own.begin(SyncMode.NONE, WritebackReason.PERIODIC, pages).cyclic();
    own.forKupdate = true;
    return pages > 0 ? own : null;
  }

  private WritebackWork background() {
    if (!writeback.overBackgroundThreshold(wb)) {
      return null;
    }
    own.begin(SyncMode.NONE, WritebackReason.BACKGROUND, Long.MAX_VALUE).cyclic();
    own.forBackground = true;
    return own;
  }

  /** {@code wb_split_bdi_pages}: by what each wb that has something to write writes. */
  private long shareOf(long pages) {
    long mine = wb.avgWriteBandwidthPages();
    long all = 0;
    for (BdiWriteback other : wb.device().wbs()) {
      all += other.hasDirtyIo() ? other.avgWriteBandwidthPages() : 0;
    }
    return mine >= all ? pages : (long) Math.ceil((double) pages * mine / all);
  }
}
