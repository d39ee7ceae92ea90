package mm.core.writeback;

/**
 * Inodes of one bdi_writeback, linked through the inodes themselves; the young end is added to and
 * the old end is served. Models {@code b_dirty}, {@code b_io} and {@code b_more_io}.
 */
final class InodeList {
  private InodeWriteback young;
  private InodeWriteback old;
  private int count;

  InodeWriteback oldest() {
    return old;
  }

  /** The one added last; null for none. */
  InodeWriteback youngest() {
    return young;
  }

  boolean isEmpty() {
    return old == null;
  }

  int count() {
    return count;
  }

  void addYoung(InodeWriteback inode) {
    inode.list = this;
    inode.older = young;
    inode.younger = null;
    if (young == null) {
      old = inode;
    } else {
      young.younger = inode;
    }
    young = inode;
    count++;
  }

  void remove(InodeWriteback inode) {
    if (inode.younger == null) {
      young = inode.older;
    } else {
      inode.younger.older = inode.older;
    }
    if (inode.older == null) {
      old = inode.younger;
    } else {
      inode.older.younger = inode.younger;
    }
    inode.list = null;
    inode.older = null;
    inode.younger = null;
    count--;
  }

  /** Moves all inodes of {@code from} here, to be served after those that are here already. */
  void spliceYoung(InodeList from) {
    // Ends when the other list is empty; each turn takes one off it.
    while (from.old != null) {
      InodeWriteback inode = from.old;
      from.remove(inode);
      addYoung(inode);
    }
  }
}
