package mm.core.writeback;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import mm.core.AddressSpace;
import mm.core.Errno;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.NodeStat;
import mm.core.PageCache;
import mm.core.reclaim.Memcg;
import mm.core.spi.mapping.IoPlug;
import mm.core.spi.mapping.WritebackControl;
import mm.core.spi.mapping.WritebackReason;
import mm.core.spi.writeback.DontcacheKick;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.check.Rule;
import sim.kernel.machine.Cost;
import sim.kernel.time.TimerWheel;
import sim.kernel.workqueue.Workqueue;
import sim.kernel.workqueue.Workqueues;

/**
 * Dirty state of a run beyond its folios: what is counted per device, who is throttled and when
 * flushers run. Models {@code mm/page-writeback.c} and {@code fs/fs-writeback.c}. Made by the page
 * cache, which calls the methods that say so.
 */
public final class Writeback {
  private static final long NS_PER_CENTISECOND = 10_000_000;

  private final PageCache cache;
  private final Machine machine;
  private final TimerWheel timers;
  private final VmSettings settings;
  private final List<BackingDevice> devices = new ArrayList<>();

  /** In use by the rest of the machine. */
  private long otherInodes;

  private final Workqueue workqueue;
  private final DirtyThrottle throttle;
  private final DirtyLimits limits = new DirtyLimits();
  private final DirtyDomains domains;
  private final ForeignDirty foreign;
  private final InodeSwitches switches;
  private IoPlug plug = IoPlug.NONE;

  /** Called by the page cache. */
  public Writeback(PageCache cache, VmSettings settings) {
    this.cache = cache;
    this.settings = settings;
    machine = cache.machine();
    timers = machine.timers();
    workqueue =
        machine
            .workqueues()
            .alloc(
                "writeback",
                Workqueue.ACTIVE_DEFAULT,
                EnumSet.of(Workqueue.Flag.UNBOUND, Workqueue.Flag.MEM_RECLAIM));
    domains = new DirtyDomains(this);
    foreign = new ForeignDirty(this);
    switches = new InodeSwitches(this);
    throttle = new DirtyThrottle(this);
  }

  PageCache cache() {
    return cache;
  }

  /** The sysctls of this run. */
  public VmSettings settings() {
    return settings;
  }

  /** Says how tasks plug; the block layer's owner calls it before the run. */
  public void setPlug(IoPlug ioPlug) {
    plug = ioPlug;
  }

  /** How tasks plug. */
  public IoPlug plug() {
    return plug;
  }

  /** Makes a device. */
  public BackingDevice newDevice(String name) {
    BackingDevice device = new BackingDevice(this, name);
    devices.add(device);
    return device;
  }

  /** All devices, in the order they were made. */
  public List<BackingDevice> devices() {
    return Collections.unmodifiableList(devices);
  }

  // What is counted. Called by the page cache in the step that changes the folio.

  /** A clean folio of a mapping became dirty in task context: {@code folio_account_dirtied}. */
  public void dirtied(Exec x, AddressSpace mapping, int folio) {
    InodeWriteback inode = mapping.inode();
    FolioStore folios = cache.folios();
    Memcg memcg = cache.memory().writebackGroup(cache.memory().memcg(folios.memcg(folio)));
    BdiWriteback wb = inode.attachedTo(memcg);
    if (wb.memcg() != memcg) {
      foreign.track(memcg, wb);
    }
    int cpu = x.cpu().id();
    long pages = folios.nrPages(folio);
    wb.add(WbStat.RECLAIMABLE, cpu, pages);
    wb.add(WbStat.DIRTIED, cpu, pages);
    if (folios.test(folio, FolioFlag.DROPBEHIND)) {
      wb.add(WbStat.DONTCACHE_DIRTY, cpu, pages);
    }
    throttle.dirtied(x, cpu, pages);
    if (!inode.dirty) {
      markInodeDirty(x, inode);
    }
  }

  /** A dirty folio became clean: it is about to be written, or is thrown away. */
  public void cleaned(Exec x, AddressSpace mapping, long pages, boolean dropbehind) {
    BdiWriteback wb = mapping.inode().wb;
    int cpu = x.cpu().id();
    wb.add(WbStat.RECLAIMABLE, cpu, -pages);
    if (dropbehind) {
      wb.add(WbStat.DONTCACHE_DIRTY, cpu, -pages);
    }
  }

  /** A dirty folio is no longer one to be dropped. */
  public void keptDirty(Exec x, AddressSpace mapping, long pages) {
    mapping.inode().wb.add(WbStat.DONTCACHE_DIRTY, x.cpu().id(), -pages);
  }

  /**
   * A folio was put under writeback.
   *
   * @param first whether none of its mapping was
   */
  public void started(Exec x, AddressSpace mapping, long pages, boolean first) {
    InodeWriteback inode = mapping.inode();
    BdiWriteback wb = inode.attachedTo(cache.memory().root());
    wb.add(WbStat.WRITEBACK, x.cpu().id(), pages);
    if (first) {
      wb.inodesUnderWriteback++;
    }
  }

  /**
   * A folio's writeback ended, in any context.
   *
   * @param last whether no other of its mapping is under writeback
   */
  public void ended(Exec x, AddressSpace mapping, long pages, boolean last) {
    BdiWriteback wb = mapping.inode().wb;
    int cpu = x.cpu().id();
    wb.add(WbStat.WRITEBACK, cpu, -pages);
    wb.add(WbStat.WRITTEN, cpu, pages);
    long jiffies = timers.jiffies();
    wb.completions.add(jiffies, pages);
    domains.global().completions.add(jiffies, pages);
    if (!wb.memcg().isRoot()) {
      wb.memcgCompletions.add(jiffies, pages);
      domains.of(wb.memcg()).completions.add(jiffies, pages);
    }
    if (last) {
      wb.inodesUnderWriteback--;
      wb.flusher.bandwidthLater(x);
    }
  }

  /** Makes the inode known to the flusher: {@code __mark_inode_dirty(I_DIRTY_PAGES)}. */
  private void markInodeDirty(Exec x, InodeWriteback inode) {
    inode.dirty = true;
    if (inode.sync || inode.list != null) {
      // Whoever is writing it will put it where it belongs.
      return;
    }
    inode.dirtiedWhen = timers.jiffies();
    boolean first = !inode.wb.hasDirtyIo();
    inode.wb.inodes.addDirty(inode);
    if (first) {
      inode.wb.flusher.wakeDelayed(x);
    }
  }

  // Thresholds.

  /** Pages above which flushers write by themselves, as the machine stands now. */
  public long backgroundThresholdPages() {
    domains.computeGlobal(limits);
    return limits.bgThresh;
  }

  /** Pages above which writers are stopped, as the machine stands now. */
  public long thresholdPages() {
    domains.computeGlobal(limits);
    return limits.thresh;
  }

  /** Whether a flusher has reason to write without being told: {@code wb_over_bg_thresh}. */
  boolean overBackgroundThreshold(BdiWriteback wb) {
    return domains.overBackground(wb);
  }

  // Throttling.

  /**
   * Lets a task that dirties pages of {@code mapping} look whether it has to pause. Ends in the
   * current step in most cases. An inode that was never dirty is attached to the task's group.
   *
   * @return whether it has to look closer, with {@link #balanceDirtyPages}
   */
  public boolean mustBalance(Exec x, AddressSpace mapping) {
    return throttle.isDue(x, wbOfCurrent(x, mapping));
  }

  /**
   * Pauses the task as long as dirty pages ask for. A step function; its result is 0, or -EAGAIN if
   * {@code nowait} forbids a pause. Models {@code balance_dirty_pages}.
   */
  public void balanceDirtyPages(Exec x, AddressSpace mapping, boolean nowait) {
    throttle.balance(x, wbOfCurrent(x, mapping), nowait);
  }

  /**
   * {@code wb_get_create_current}: a task is throttled by what its own group has dirty, whosever wb
   * will write it.
   */
  private BdiWriteback wbOfCurrent(Exec x, AddressSpace mapping) {
    return mapping.device().wb(writebackGroup(x));
  }

  private Memcg writebackGroup(Exec x) {
    return cache.memory().writebackGroup(cache.memory().memcgOf(x.task()));
  }

  // Writing.

  /**
   * Has dirty folios of a mapping written: {@code do_writepages}. A step function; its result is
   * the file system's.
   */
  public void doWritepages(Exec x, AddressSpace mapping, WritebackControl wbc) {
    if (x.task().isMemalloc()) {
      // iomap_writepages warns and gives up; others overflow their stack.
      cache.machine().checker().report(Rule.RECLAIM_WRITEBACK, x, "writepages of " + mapping);
      x.setResult(-Errno.EIO);
      return;
    }
    x.charge(Cost.WRITEPAGES);
    BdiWriteback wb = mapping.inode().attachedTo(writebackGroup(x));
    long jiffies = timers.jiffies();
    if (wb.bandwidth.isDue(jiffies)) {
      if (wb.inodesUnderWriteback == 0) {
        // wb_bandwidth_estimate_start: the device had nothing to do, which is no slowness.
        wb.bandwidth.restart(jiffies, wb.statSum(WbStat.DIRTIED), wb.statSum(WbStat.WRITTEN));
      } else {
        wb.flusher.updateBandwidth();
      }
    }
    mapping.operations().writepages(x, mapping, wbc);
  }

  /**
   * A writeback of the inode is over; {@code memcgId} is whose it should be, below 0 for no other.
   */
  void foundOwner(Exec x, AddressSpace mapping, int memcgId) {
    if (memcgId >= 0) {
      switches.queue(
          x, mapping.inode(), cache.memory().writebackGroup(cache.memory().memcg(memcgId)));
    }
  }

  /**
   * Wakes the flushers of a device to write everything: {@code wb_start_writeback}. Ends in the
   * current step.
   *
   * @return whether one was woken; not if all have nothing to do, or have been asked already and
   *     are not done with it
   */
  public boolean startAll(Exec x, BackingDevice device, WritebackReason reason) {
    boolean woken = false;
    for (BdiWriteback wb : device.wbs()) {
      if (wb.hasDirtyIo() && !wb.startAll) {
        wb.startAll = true;
        wb.startAllReason = reason;
        wb.flusher.wake(x);
        woken = true;
      }
    }
    return woken;
  }

  /** Wakes the flushers of all devices: {@code wakeup_flusher_threads}. Ends in this step. */
  public void wakeFlushers(Exec x, WritebackReason reason) {
    for (BackingDevice device : devices) {
      startAll(x, device, reason);
    }
  }

  /**
   * Wakes the flusher of a mapping to write as many pages as there are dirty dropbehind ones. Ends
   * in the current step.
   *
   * @param kick which ones are counted, and how
   * @return whether it was woken
   */
  public boolean startDontcache(Exec x, AddressSpace mapping, DontcacheKick kick) {
    BdiWriteback wb = mapping.inode().wb;
    if (wb == null || !wb.hasDirtyIo() || wb.startDontcache) {
      return false;
    }
    wb.startDontcache = true;
    wb.dontcacheKick = kick;
    wb.flusher.wake(x);
    return true;
  }

  /** Writes everything that is dirty now and waits for it: {@code sync}. A step function. */
  public void sync(Exec x) {
    new SyncCall(this).begin(x);
  }

  /** Dirty dropbehind pages of all devices: NR_DONTCACHE_DIRTY of the third version. */
  long nodeDontcacheDirtyPages() {
    long sum = 0;
    for (BackingDevice device : devices) {
      for (BdiWriteback wb : device.wbs()) {
        sum += wb.statSum(WbStat.DONTCACHE_DIRTY);
      }
    }
    return sum;
  }

  DirtyDomains domains() {
    return domains;
  }

  ForeignDirty foreign() {
    return foreign;
  }

  InodeSwitches switches() {
    return switches;
  }

  /** Inodes that have moved to the wb of the group that writes most of them. */
  public long inodesSwitched() {
    return switches.count();
  }

  /** {@code dirty_writeback_interval}, in ticks; 0 for never. */
  long periodTicks() {
    return ticks(settings.dirtyWritebackCentisecs());
  }

  /** {@code dirty_expire_interval}, in ticks. */
  long expireTicks() {
    return ticks(settings.dirtyExpireCentisecs());
  }

  private long ticks(int centisecs) {
    return timers.ticksOf((long) centisecs * NS_PER_CENTISECOND);
  }

  Workqueue workqueue() {
    return workqueue;
  }

  Workqueues workqueues() {
    return machine.workqueues();
  }

  TimerWheel timers() {
    return timers;
  }

  /**
   * Sets how many inodes the rest of the machine has in use, dirty or not; 0 at first. {@code
   * get_nr_dirty_inodes} counts them all.
   */
  public void setOtherInodes(long count) {
    if (count < 0) {
      throw new IllegalArgumentException(
          "writeback: other inodes are " + count + "; there must be none below 0");
    }
    otherInodes = count;
  }

  /**
   * {@code get_nr_dirty_pages}: the pages, and one for each inode that may be dirty, so that an
   * inode whose pages others have written still gets off the lists.
   */
  long nrDirtyPages() {
    long pages = cache.stats().get(NodeStat.FILE_DIRTY) + otherInodes;
    for (int i = 0; i < devices.size(); i++) {
      List<BdiWriteback> wbs = devices.get(i).wbs();
      for (int wb = 0; wb < wbs.size(); wb++) {
        pages += wbs.get(wb).dirtyInodeCount();
      }
    }
    return pages;
  }
}
