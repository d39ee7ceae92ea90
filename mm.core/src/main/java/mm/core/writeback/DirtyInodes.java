package mm.core.writeback;

/**
 * The dirty inodes of one wb, and the rules by which they go from list to list. Models {@code
 * b_dirty}, {@code b_io} and {@code b_more_io} with {@code queue_io}, {@code requeue_io} and {@code
 * redirty_tail}.
 */
final class DirtyInodes {
  /** Waiting, by when they were dirtied. */
  private final InodeList dirty = new InodeList();

  /** Being served. */
  private final InodeList io = new InodeList();

  /** To be served again in the next round. */
  private final InodeList moreIo = new InodeList();

  boolean isEmpty() {
    return dirty.isEmpty() && io.isEmpty() && moreIo.isEmpty();
  }

  int count() {
    return dirty.count() + io.count() + moreIo.count();
  }

  /** Whether a list is one of these; null is none. */
  boolean owns(InodeList list) {
    return list == dirty || list == io || list == moreIo;
  }

  /** The inode to be served next; null if none is queued. */
  InodeWriteback next() {
    return io.oldest();
  }

  /** An inode that could not be served yet; null for none. */
  InodeWriteback oldestOfMore() {
    return moreIo.oldest();
  }

  /** An inode has become dirty, or came from another wb. */
  void addDirty(InodeWriteback inode) {
    leave(inode);
    dirty.addYoung(inode);
  }

  /** Takes an inode off whatever list it is on. */
  static void leave(InodeWriteback inode) {
    if (inode.list != null) {
      inode.list.remove(inode);
    }
  }

  /** {@code queue_io}: what needs another round, then what was dirtied early enough. */
  void queueIo(long dirtiedBefore) {
    io.spliceYoung(moreIo);
    // Ends because each turn takes an inode off the list.
    while (!dirty.isEmpty() && dirty.oldest().dirtiedWhen <= dirtiedBefore) {
      InodeWriteback oldest = dirty.oldest();
      dirty.remove(oldest);
      io.addYoung(oldest);
    }
  }

  /** {@code requeue_io}: another turn comes in the next round. */
  void requeueIo(InodeWriteback inode) {
    leave(inode);
    moreIo.addYoung(inode);
  }

  /** {@code redirty_tail}: keeps its age unless that would break the order of the list. */
  void redirtyTail(InodeWriteback inode, long now) {
    leave(inode);
    InodeWriteback youngest = dirty.youngest();
    if (youngest != null && inode.dirtiedWhen < youngest.dirtiedWhen) {
      inode.dirtiedWhen = now;
    }
    dirty.addYoung(inode);
  }
}
