package mm.core.writeback;

import java.util.EnumSet;
import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageMark;
import mm.core.reclaim.Memcg;
import sim.kernel.Exec;
import sim.kernel.wait.WaitQueue;
import sim.kernel.workqueue.Workqueue;

/**
 * Moves inodes that another group has been writing for some time to that group's wb, by a work item
 * of the new wb. Models {@code inode_switch_wbs} and {@code inode_switch_wbs_work_fn}, without the
 * RCU grace period before it.
 */
final class InodeSwitches {
  /** {@code WB_FRN_MAX_IN_FLIGHT}. */
  private static final int IN_FLIGHT_MAX = 1024;

  private final Writeback writeback;
  private final FolioStore folios;
  private final Workqueue workqueue;
  private final WaitQueue syncsOver = new WaitQueue();
  private int inFlight;

  /** Who holds {@code wb_switch_rwsem} for writing. */
  private int syncs;

  private long switched;

  InodeSwitches(Writeback writeback) {
    this.writeback = writeback;
    folios = writeback.cache().folios();
    workqueue =
        writeback
            .workqueues()
            .alloc(
                "inode_switch_wbs", Workqueue.ACTIVE_DEFAULT, EnumSet.noneOf(Workqueue.Flag.class));
  }

  /** Inodes moved so far. */
  long count() {
    return switched;
  }

  /** Has an inode moved to the wb of a group, if it isn't on its way already. */
  void queue(Exec x, InodeWriteback inode, Memcg memcg) {
    BdiWriteback to = inode.device().wb(memcg);
    if (inode.switching || inFlight > IN_FLIGHT_MAX || inode.wb == to) {
      return;
    }
    inode.switching = true;
    inFlight++;
    to.switching.addLast(inode);
    writeback.workqueues().queue(x, workqueue, to.switchWork);
  }

  /** The work item of a wb: takes over every inode that is to come to it. */
  void run(Exec x, BdiWriteback to) {
    if (to.switching.isEmpty()) {
      return;
    }
    x.then(y -> run(y, to));
    if (syncs > 0) {
      syncsOver.sleep(x);
      return;
    }
    InodeWriteback inode = to.switching.pollFirst();
    inFlight--;
    move(x, inode, to);
    to.flusher.wake(x);
  }

  /** {@code inode_do_switch_wbs}. */
  private void move(Exec x, InodeWriteback inode, BdiWriteback to) {
    BdiWriteback from = inode.wb;
    int cpu = x.cpu().id();
    AddressSpace mapping = inode.mapping();
    // The mark of a folio that is being submitted may still stand when its flag is gone.
    transfer(mapping, PageMark.DIRTY, FolioFlag.DIRTY, from, to, cpu);
    transfer(mapping, PageMark.WRITEBACK, FolioFlag.WRITEBACK, from, to, cpu);
    if (mapping.pages().marked(PageMark.WRITEBACK)) {
      from.inodesUnderWriteback--;
      to.inodesUnderWriteback++;
    }
    inode.wb = to;
    if (inode.list != null) {
      to.inodes.addDirty(inode);
    }
    inode.foreignWinner = InodeWriteback.NO_WINNER;
    inode.foreignAvgTime = 0;
    inode.foreignHistory = 0;
    inode.switching = false;
    switched++;
  }

  private void transfer(
      AddressSpace mapping,
      PageMark mark,
      FolioFlag flag,
      BdiWriteback from,
      BdiWriteback to,
      int cpu) {
    WbStat stat = mark == PageMark.DIRTY ? WbStat.RECLAIMABLE : WbStat.WRITEBACK;
    long index = 0;
    while (true) {
      int folio = mapping.pages().nextMarked(mark, index, Long.MAX_VALUE);
      if (folio == 0) {
        return;
      }
      int pages = folios.nrPages(folio);
      index = folios.index(folio) + pages;
      if (folios.test(folio, flag)) {
        move(stat, from, to, cpu, pages);
        if (mark == PageMark.DIRTY && folios.test(folio, FolioFlag.DROPBEHIND)) {
          move(WbStat.DONTCACHE_DIRTY, from, to, cpu, pages);
        }
      }
    }
  }

  private static void move(WbStat stat, BdiWriteback from, BdiWriteback to, int cpu, int pages) {
    from.add(stat, cpu, -pages);
    to.add(stat, cpu, pages);
  }

  /** No inode moves while {@code sync} asks wb after wb, so that it misses none. */
  void syncBegins() {
    syncs++;
  }

  /** The works of {@code sync} are done. */
  void syncEnds(Exec x) {
    syncs--;
    if (syncs == 0) {
      syncsOver.wakeAll(x);
    }
  }
}
