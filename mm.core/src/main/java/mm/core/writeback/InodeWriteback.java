package mm.core.writeback;

import mm.core.AddressSpace;
import mm.core.reclaim.Memcg;
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

  /** Whether it is on a list of its flusher, or being written by it. */
  public boolean isKnownToFlusher() {
    return dirty && (list != null || sync);
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

  boolean hasSyncWaiters() {
    return syncWaiters != null && syncWaiters.size() > 0;
  }
}
