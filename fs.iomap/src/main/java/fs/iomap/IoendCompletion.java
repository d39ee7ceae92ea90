package fs.iomap;

import block.bio.BlkStatus;
import fs.iomap.internal.log.LogTicket;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.lock.LockClass;
import sim.kernel.lock.SpinLock;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.Work;

/**
 * What the file system does in a task at the end of an inode's writeback: the inode's list of
 * ioends and the work that empties it ({@code xfs_end_bio}, {@code xfs_end_io}).
 *
 * <p>One work item for each inode, so that its ioends are completed by one task at a time, sorted
 * and merged; an item is queued when the list was empty.
 */
final class IoendCompletion {
  /** Folios that are completed between two looks at the scheduler: 8 x IOEND_BATCH_SIZE. */
  private static final int FOLIOS_BEFORE_RESCHED = 8 * IomapSettings.IOEND_BATCH_SIZE;

  private final IomapFileSystem fs;
  private final IomapFile file;

  /** {@code i_ioend_lock}. */
  private final SpinLock lock;

  private final IoendList pending = new IoendList();

  /** What the running work took from {@link #pending}, sorted. */
  private final IoendList taken = new IoendList();

  /** Reads to verify; the last that came is the first. */
  private IomapReadahead.End reads;

  private final Step nextRead = this::nextRead;
  private IomapReadahead.End takenReads;
  private final Work work;

  // The merged chain that is being completed.
  private Ioend chain;
  private long chainEnd;
  private Conversion conversion;
  private long convertFrom;
  private int foliosSinceResched;
  private final Iomap extent = new Iomap();
  private final LogTicket ticket;

  private final Step nextChain = this::nextChain;
  private final Step chainEnded = this::chainEnded;
  private final Step convertNext = this::convertNext;
  private final Step spaceReserved = this::spaceReserved;
  private final Step ilocked = this::ilocked;
  private final Step transactionDone = this::transactionDone;
  private final Step finishNext = this::finishNext;

  IoendCompletion(IomapFileSystem fs, IomapFile file, LockClass lockClass) {
    this.fs = fs;
    this.file = file;
    lock = new SpinLock(lockClass);
    ticket = new LogTicket(fs.log());
    work = new Work("xfs_end_io", this::run);
  }

  /** {@code xfs_end_bio}: adds an ioend whose bio has ended; in any context. */
  void add(Exec x, Ioend ioend) {
    lock.sectionIrqSave(x, x.machine().costNs(Cost.SPINLOCK));
    boolean wasEmpty = pending.isEmpty() && reads == null;
    pending.add(ioend);
    queueIf(x, wasEmpty);
  }

  /** {@code xfs_end_bio} of a read whose protection information is to be verified. */
  void addRead(Exec x, IomapReadahead.End read) {
    lock.sectionIrqSave(x, x.machine().costNs(Cost.SPINLOCK));
    boolean wasEmpty = pending.isEmpty() && reads == null;
    read.next = reads;
    reads = read;
    queueIf(x, wasEmpty);
  }

  private void queueIf(Exec x, boolean wasEmpty) {
    if (wasEmpty) {
      x.machine().workqueues().queue(x, fs.completionQueue(), work);
    }
  }

  /** {@code xfs_end_io}. */
  private void run(Exec x) {
    lock.sectionIrqSave(x, x.machine().costNs(Cost.SPINLOCK));
    taken.takeAll(pending);
    taken.sort();
    x.then(nextChain);
    while (reads != null) {
      // Back in the order in which they came.
      IomapReadahead.End last = reads;
      reads = last.next;
      last.next = takenReads;
      takenReads = last;
    }
    x.then(nextRead);
  }

  private void nextRead(Exec x) {
    IomapReadahead.End read = takenReads;
    if (read != null) {
      takenReads = read.next;
      read.next = null;
      x.then(nextRead);
      x.condResched();
      read.verify(x);
    }
  }

  private void nextChain(Exec x) {
    chain = taken.pop();
    if (chain == null) {
      return;
    }
    x.then(chainEnded);
    mergeFollowers();
    foliosSinceResched = 0;
    x.then(finishNext);
    if (fs.log().errno() != 0) {
      failChain();
    }
    convertFrom = chain.pos;
    conversion = firstConversion();
    if (conversion != Conversion.NONE) {
      x.then(convertNext);
    }
  }

  private void chainEnded(Exec x) {
    x.condResched();
    x.then(nextChain);
  }

  /** {@code iomap_ioend_try_merge}. */
  private void mergeFollowers() {
    chainEnd = chain.pos + chain.sizeBytes;
    Ioend last = chain;
    long endSector = chain.firstSector + (chain.sizeBytes >> Iomap.SECTOR_SHIFT);
    for (Ioend next = taken.peek();
        next != null && chain.mergesWith(next, chainEnd, endSector);
        next = taken.peek()) {
      taken.pop();
      last.merged = next;
      last = next;
      chainEnd += next.sizeBytes;
      endSector += next.sizeBytes >> Iomap.SECTOR_SHIFT;
    }
  }

  /** The file system is shut down: data may be on the device, but nothing says so. */
  private void failChain() {
    for (Ioend ioend = chain; ioend != null; ioend = ioend.merged) {
      ioend.status = BlkStatus.IOERR;
    }
  }

  /** {@code xfs_end_ioend_write}: what has to be changed before the folios may end. */
  private Conversion firstConversion() {
    boolean shared = (chain.flags & IoendFlag.SHARED) != 0;
    if (chain.status != BlkStatus.OK) {
      return shared && fs.log().errno() == 0 ? Conversion.CANCEL_COW : Conversion.NONE;
    }
    if (shared) {
      return Conversion.END_COW;
    }
    return (chain.flags & IoendFlag.UNWRITTEN) != 0 ? Conversion.UNWRITTEN : sizeIfAppend();
  }

  private Conversion sizeIfAppend() {
    return chainEnd > file.onDiskSizeBytes() ? Conversion.SIZE : Conversion.NONE;
  }

  /** One transaction for each extent of the chain: log space first, and then the ilock. */
  private void convertNext(Exec x) {
    x.then(spaceReserved);
    ticket.reserve(x, conversion.reservation());
  }

  private void spaceReserved(Exec x) {
    if (x.result() < 0) {
      failChain();
      return;
    }
    x.then(ilocked);
    file.ilock().lock(x);
  }

  private void ilocked(Exec x) {
    x.charge(Cost.FS_TRANSACTION);
    x.then(transactionDone);
    long block = convertFrom >> fs.blockShift();
    switch (conversion) {
      case END_COW -> {
        convertFrom = file.endCow(convertFrom, chainEnd, extent);
        file.logAllocation(x, ticket, block);
      }
      case CANCEL_COW -> {
        file.cancelCow(convertFrom, chainEnd);
        convertFrom = chainEnd;
        file.logAllocation(x, ticket, block);
      }
      case UNWRITTEN -> {
        convertFrom = file.convertUnwritten(convertFrom, chainEnd, extent);
        file.setOnDiskSize(convertFrom);
        file.logExtents(x, ticket, block);
      }
      case SIZE -> {
        file.setOnDiskSize(chainEnd);
        file.logInode(x, ticket);
      }
      case NONE -> throw new IllegalStateException(file + ": transaction without a change");
    }
  }

  private void transactionDone(Exec x) {
    file.ilock().unlock(x);
    if (conversion == Conversion.SIZE) {
      return;
    }
    if (convertFrom >= chainEnd) {
      conversion = chain.status == BlkStatus.OK ? sizeIfAppend() : Conversion.NONE;
    }
    if (conversion != Conversion.NONE) {
      x.then(convertNext);
    }
  }

  /** {@code iomap_finish_ioends}: ends writeback of the chain's folios. */
  private void finishNext(Exec x) {
    Ioend ioend = chain;
    if (ioend == null) {
      return;
    }
    x.then(finishNext);
    if (foliosSinceResched > FOLIOS_BEFORE_RESCHED) {
      foliosSinceResched = 0;
      x.condResched();
      return;
    }
    chain = ioend.merged;
    ioend.merged = null;
    foliosSinceResched += ioend.folioCount;
    ioend.finish(x);
  }
}
