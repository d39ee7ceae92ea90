package mm.core.writeback;

import mm.core.AddressSpace;
import mm.core.reclaim.Memcg;
import sim.kernel.Exec;
import sim.kernel.wait.WaitQueue;

/**
 * What writeback keeps about the inode of a mapping: the part of {@code struct inode} that {@code
 * fs/fs-writeback.c} works on. Made with its mapping.
 */
public final class InodeWriteback {
  private final AddressSpace mapping;
  private final BackingDevice device;

  /** Where its dirty pages are counted; null until it is first dirtied. */
  BdiWriteback wb;

  /** I_DIRTY_PAGES: the inode is dirty, or is to be looked at by the flusher. */
  boolean dirty;

  /** I_SYNC: a task is writing it. */
  boolean sync;

  /** When it was dirtied, in jiffies. */
  long dirtiedWhen;

  /** {@link #foreignWinner} before any writeback. */
  static final int NO_WINNER = -1;

  /** I_WB_SWITCH: it is on its way to another wb. */
  boolean switching;

  /** The group with most pages in its last writeback: {@code i_wb_frn_winner}. */
  int foreignWinner = NO_WINNER;

  /** I/O time of its writebacks, smoothed: {@code i_wb_frn_avg_time}. */
  long foreignAvgTime;

  /** A bit for each eighth of a second of I/O, set if another group's: {@code i_wb_frn_history}. */
  int foreignHistory;

  InodeList list;
  InodeWriteback younger;
  InodeWriteback older;

  private WaitQueue syncWaiters;

  /** Writeback state of a clean inode. Called when its mapping is made. */
  public InodeWriteback(AddressSpace mapping, BackingDevice device) {
    this.mapping = mapping;
    this.device = device;
  }

  /** The inode's content. */
  public AddressSpace mapping() {
    return mapping;
  }

  /** The device it is on. */
  public BackingDevice device() {
    return device;
  }

  /** Whether the flusher has it among its dirty inodes. */
  public boolean isDirty() {
    return dirty;
  }

  /** Whether it is on a list of its own flusher. */
  public boolean isKnownToFlusher() {
    return dirty && wb.inodes.owns(list);
  }

  /** The bdi_writeback its pages are counted in; null until it is first dirtied. */
  public BdiWriteback wb() {
    return wb;
  }

  /** Attaches the inode to the wb of the group that dirties it first: {@code inode_attach_wb}. */
  BdiWriteback attachedTo(Memcg memcg) {
    if (wb == null) {
      wb = device.wb(memcg);
    }
    return wb;
  }

  WaitQueue syncWaiters() {
    if (syncWaiters == null) {
      syncWaiters = new WaitQueue();
    }
    return syncWaiters;
  }

  /** {@code inode_sync_complete}: clears I_SYNC and wakes who waits for it. */
  void endSync(Exec x) {
    sync = false;
    if (syncWaiters != null) {
      syncWaiters.wakeAll(x);
    }
  }
}
