package fs.iomap.internal.log;

import block.bio.Bio;
import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.BlockDevice;
import block.bio.ReqFlag;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import mm.core.Errno;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.wait.WaitQueue;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;

/**
 * The journal ({@code struct xlog}). Transactions reserve space, and what they change gathers in
 * memory until a checkpoint writes it: when an fsync forces the log, when an eighth of the log or
 * 32 MiB have gathered, or when the AIL needs it. Who comes while a checkpoint is written waits for
 * it and, if need be, for the next, so that many fsyncs share one.
 *
 * <p>A change of something that the checkpoint to come has already takes no more space in it. The
 * space of a checkpoint is free once all that it holds is written in place or in a later one.
 *
 * <p>A worker writes a checkpoint: its full iclogs, the first with PREFLUSH, and waits for them.
 * The last, which has the commit record, is written with PREFLUSH and FUA by the task that forces
 * the log, or by the worker if nobody does. Each ends in a work item of its own.
 *
 * <p>Simplified: one checkpoint is written at a time. Left out: the worker that forces the log
 * every 30 s, the throttling of commits when twice the limit has gathered, and rolls that need more
 * space than was reserved ({@code xfs_log_regrant}).
 */
public final class XfsLog {
  /** A record is written in units of it, and the reservation has as much room for rounding. */
  private static final int RECORD_ALIGN_BYTES = 4096;

  /** What a checkpoint takes when the first change comes: its headers, and what rounding adds. */
  private static final int CHECKPOINT_BYTES = RECORD_ALIGN_BYTES + 512;

  /** The last iclog of a checkpoint, which has the commit record. */
  private static final int ICLOG_BYTES = 32 << 10;

  private static final int ICLOGS = 8;
  private static final long CHECKPOINT_LIMIT_BYTES = 32L << 20;

  private final BlockDevice device;
  private final Machine machine;
  private final SectorRange place;
  private final SectorRange metadata;
  private final long sizeBytes;
  private final Ail ail;
  private final Workqueue workqueue;
  private final Workqueue endIoQueue;
  private final Work pushWork = new Work("xlog_cil_push_work", this::push);
  private final Iclog[] iclogs = new Iclog[ICLOGS];
  private final WaitQueue forceWaiters = new WaitQueue();
  private final ArrayDeque<LogTicket> spaceWaiters = new ArrayDeque<>();
  private final Step push = this::push;
  private final Step writeBody = this::writeBody;

  private long reservedBytes;
  private long lastLsn;
  private long stableLsn;
  private long metadataSectors;

  // What gathers for the checkpoint to come.
  private List<LogItem> gathered = new ArrayList<>();
  private long gatheredBytes;
  private long sequence;

  // The checkpoint that is being written.
  private List<LogItem> committing = new ArrayList<>();
  private boolean writing;
  private long writingLsn;
  private long checkpointStart;
  private long bodyLeftBytes;
  private boolean bodyBegun;
  private int commitBytes;
  private int nextIclog;

  /** Whether a task waits for the push, and will write the commit record itself. */
  private boolean forced;

  /** Whether the commit record is to be written by a task that forces the log. */
  private boolean commitIsTasks;

  /** Whether everything but the commit record is on the device. */
  private boolean commitReady;

  /** Bytes written to the log so far: where it goes on, if it had no end. */
  private long headBytes;

  private long submittedSectors;
  private int errno;
  private long checkpoints;
  private long spaceWaits;

  /**
   * A log that is empty.
   *
   * @param place where its area begins, and how large it is
   * @param metadata where what it holds is written in place
   */
  public XfsLog(BlockDevice device, Machine machine, SectorRange place, SectorRange metadata) {
    this.device = device;
    this.machine = machine;
    this.place = place;
    this.metadata = metadata;
    sizeBytes = place.sectors() * Bio.SECTOR_BYTES;
    workqueue =
        machine
            .workqueues()
            .alloc(
                "xfs-cil/" + device.name(),
                Workqueue.ACTIVE_DEFAULT,
                EnumSet.of(Workqueue.Flag.MEM_RECLAIM, Workqueue.Flag.UNBOUND));
    endIoQueue =
        machine
            .workqueues()
            .alloc(
                "xfs-log/" + device.name(),
                Workqueue.ACTIVE_DEFAULT,
                EnumSet.of(Workqueue.Flag.MEM_RECLAIM, Workqueue.Flag.HIGHPRI));
    for (int i = 0; i < ICLOGS; i++) {
      iclogs[i] = new Iclog(this);
    }
    ail = new Ail(this, machine, device);
  }

  BlockDevice device() {
    return device;
  }

  /** {@code l_ioend_workqueue}. */
  Workqueue endIoQueue() {
    return endIoQueue;
  }

  /** A place for metadata that is written at once; places are given one behind the other. */
  public MetadataBuffer newBuffer(int bufferBytes) {
    long sectors = bufferBytes / Bio.SECTOR_BYTES;
    if (metadataSectors % metadata.sectors() + sectors > metadata.sectors()) {
      metadataSectors = 0;
    }
    long sector = metadata.firstSector() + metadataSectors % metadata.sectors();
    metadataSectors += sectors;
    return new MetadataBuffer(sector, bufferBytes);
  }

  // --- space --------------------------------------------------------------------------------

  /** {@code xlog_grant_space_left}: bytes that nobody has reserved and no change needs. */
  public long freeBytes() {
    return sizeBytes - (headBytes - tailBytes()) - gatheredBytes - reservedBytes;
  }

  /** {@code l_tail_lsn}: the first byte that is still needed. */
  private long tailBytes() {
    if (!ail.isEmpty()) {
      return ail.minLsn();
    }
    return writing ? checkpointStart : headBytes;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** Bytes reserved by transactions that have not committed. */
  public long reservedBytes() {
    return reservedBytes;
  }

  /** How often a task had to wait for log space so far. */
  public long spaceWaits() {
    return spaceWaits;
  }

  /** {@code xlog_grant_head_check}: first come, first served, however little is asked for. */
  boolean grant(Exec x, LogTicket ticket) {
    if (!spaceWaiters.isEmpty() || freeBytes() < ticket.sizeBytes()) {
      return false;
    }
    reservedBytes += ticket.sizeBytes();
    ticket.grant();
    return true;
  }

  /** {@code xlog_grant_head_wait}. */
  void await(Exec x, LogTicket ticket) {
    spaceWaits++;
    x.mightSleep();
    spaceWaiters.addLast(ticket);
    ail.pushAll(x);
    x.blockUninterruptible();
  }

  void ungrant(Exec x, int bytes) {
    reservedBytes -= bytes;
    if (gatheredBytes > Math.min(sizeBytes >> 3, CHECKPOINT_LIMIT_BYTES)) {
      pushLater(x);
    }
    wakeSpaceWaiters(x);
  }

  /**
   * {@code xlog_grant_head_wake}: in their order, while the space suffices. The space is theirs
   * from here on; the kernel has each look again when it runs, and others wait behind it meanwhile.
   */
  void wakeSpaceWaiters(Exec x) {
    LogTicket first = spaceWaiters.peekFirst();
    while (first != null && (errno != 0 || freeBytes() >= first.sizeBytes())) {
      spaceWaiters.removeFirst();
      if (errno == 0) {
        reservedBytes += first.sizeBytes();
        first.grant();
      }
      x.charge(Cost.WAKE);
      first.waiter.wake();
      first = spaceWaiters.peekFirst();
    }
  }

  // --- transactions -------------------------------------------------------------------------

  /** {@code xlog_cil_insert_items}, of one item. */
  void insert(LogItem item) {
    if (item.sequence == sequence) {
      return;
    }
    if (gathered.isEmpty()) {
      gatheredBytes = CHECKPOINT_BYTES;
    }
    item.sequence = sequence;
    gathered.add(item);
    gatheredBytes += item.loggedBytes;
  }

  /** A transaction commits; its number. */
  long nextLsn() {
    return ++lastLsn;
  }

  /** Whether a transaction is on the device. */
  public boolean isStable(long lsn) {
    return lsn <= stableLsn;
  }

  /** Whether an item's last change is in no checkpoint that has been written. */
  boolean isPinned(LogItem item) {
    return item.sequence == sequence || item.committing;
  }

  // --- checkpoints --------------------------------------------------------------------------

  /** Checkpoints written so far. */
  public long checkpoints() {
    return checkpoints;
  }

  /** Above 0 once a record could not be written: the file system is shut down then. */
  public int errno() {
    return errno;
  }

  /** {@code xlog_cil_push_background}, {@code xlog_cil_flush}: a worker writes a checkpoint. */
  void pushLater(Exec x) {
    machine.workqueues().queue(x, workqueue, pushWork);
  }

  private void push(Exec x) {
    if (gathered.isEmpty() || errno != 0) {
      forced = false;
      forceWaiters.wakeAll(x);
      return;
    }
    if (writing) {
      x.then(push);
      forceWaiters.sleep(x);
      return;
    }
    begin(x);
  }

  /**
   * {@code xfs_log_force_seq}: has a worker write a checkpoint and sleeps meanwhile, writes its
   * commit record, or sleeps until that has ended. The next step has to look again whether what it
   * needs is stable.
   */
  public void writeOrWait(Exec x) {
    if (commitReady) {
      writeCommit(x);
      return;
    }
    if (!writing) {
      forced = true;
      pushLater(x);
    }
    forceWaiters.sleep(x);
  }

  /** {@code xlog_cil_push_work}. */
  private void begin(Exec x) {
    writing = true;
    commitIsTasks = forced;
    forced = false;
    writingLsn = lastLsn;
    checkpointStart = headBytes;
    checkpoints++;
    long bytes = Math.max(gatheredBytes - RECORD_ALIGN_BYTES, 1);
    bytes = (bytes + RECORD_ALIGN_BYTES - 1) / RECORD_ALIGN_BYTES * RECORD_ALIGN_BYTES;
    headBytes += bytes;
    List<LogItem> items = gathered;
    gathered = committing;
    committing = items;
    for (LogItem item : items) {
      item.committing = true;
    }
    gatheredBytes = 0;
    sequence++;
    bodyLeftBytes = (bytes - 1) / ICLOG_BYTES * ICLOG_BYTES;
    commitBytes = (int) (bytes - bodyLeftBytes);
    long toEnd = bytesFromEnd(submittedSectors + bodyLeftBytes / Bio.SECTOR_BYTES);
    if (toEnd < commitBytes) {
      // The log wraps: the rest of this iclog's bytes go before the others.
      bodyLeftBytes += toEnd;
      commitBytes -= (int) toEnd;
    }
    bodyBegun = false;
    // What was kept for rounding up, and not needed, is free.
    wakeSpaceWaiters(x);
    writeBody(x);
  }

  /** {@code xlog_write}: iclogs that are full. */
  private void writeBody(Exec x) {
    Iclog iclog = iclogs[nextIclog];
    if (iclog.isInFlight() || bodyLeftBytes == 0 && isAnyInFlight()) {
      x.then(writeBody);
      forceWaiters.sleep(x);
      return;
    }
    if (bodyLeftBytes == 0) {
      bodyWritten(x);
      return;
    }
    long toEnd = bytesFromEnd(submittedSectors);
    int bytes = (int) Math.min(Math.min(bodyLeftBytes, ICLOG_BYTES), toEnd);
    bodyLeftBytes -= bytes;
    Bio bio = newBio(bytes);
    if (!bodyBegun) {
      bodyBegun = true;
      bio.set(ReqFlag.PREFLUSH);
    }
    x.then(writeBody);
    submit(x, bio, false);
  }

  private boolean isAnyInFlight() {
    for (Iclog iclog : iclogs) {
      if (iclog.isInFlight()) {
        return true;
      }
    }
    return false;
  }

  /** {@code xlog_cil_push_work}, its end: the commit record is left to whoever waits for it. */
  private void bodyWritten(Exec x) {
    if (commitIsTasks && errno == 0) {
      commitReady = true;
      forceWaiters.wakeAll(x);
    } else {
      writeCommit(x);
    }
  }

  private void writeCommit(Exec x) {
    commitReady = false;
    Bio bio = newBio(commitBytes);
    bio.set(ReqFlag.PREFLUSH);
    bio.set(ReqFlag.FUA);
    submit(x, bio, true);
  }

  private void submit(Exec x, Bio bio, boolean commit) {
    Iclog iclog = iclogs[nextIclog];
    nextIclog = (nextIclog + 1) % ICLOGS;
    iclog.submit(x, bio, commit);
  }

  /** Bytes from a sector, counted without end, to the end of the log's area. */
  private long bytesFromEnd(long sector) {
    return (place.sectors() - sector % place.sectors()) * Bio.SECTOR_BYTES;
  }

  private Bio newBio(int bytes) {
    Bio bio = device.layer().bios().alloc(BioOp.WRITE, bytes / RECORD_ALIGN_BYTES);
    bio.setSector(place.firstSector() + submittedSectors % place.sectors());
    submittedSectors += bytes / Bio.SECTOR_BYTES;
    for (int left = bytes; left > 0; left -= RECORD_ALIGN_BYTES) {
      bio.addFolio(0, 0, RECORD_ALIGN_BYTES);
    }
    bio.set(ReqFlag.SYNC);
    bio.set(ReqFlag.META);
    bio.set(ReqFlag.IDLE);
    return bio;
  }

  /** {@code xlog_ioend_work}, {@code xlog_cil_committed}. */
  void iclogEnded(Exec x, BlkStatus status, boolean commit) {
    if (status != BlkStatus.OK) {
      errno = Errno.EIO;
    }
    if (!commit) {
      forceWaiters.wakeAll(x);
      return;
    }
    for (int i = 0; i < committing.size(); i++) {
      LogItem item = committing.get(i);
      item.committing = false;
      if (errno == 0) {
        ail.update(item, checkpointStart);
      }
    }
    committing.clear();
    if (errno == 0) {
      stableLsn = Math.max(stableLsn, writingLsn);
    }
    writing = false;
    forceWaiters.wakeAll(x);
    wakeSpaceWaiters(x);
    if (spaceWaiters.isEmpty()) {
      ail.pushIfShort(x);
    } else {
      ail.pushAll(x);
    }
  }

  /**
   * Checks the space against its own rules.
   *
   * @throws IllegalStateException that names the first rule broken
   */
  public void verify() {
    ail.verify();
    if (freeBytes() < 0) {
      throw new IllegalStateException("log: " + -freeBytes() + " bytes more are used than it has");
    }
    LogTicket first = spaceWaiters.peekFirst();
    if (first != null && freeBytes() >= first.sizeBytes()) {
      throw new IllegalStateException("log: a task waits for space that is free");
    }
  }

  /**
   * Checks that no transaction is under way.
   *
   * @throws IllegalStateException if one is
   */
  public void verifyIdle() {
    verify();
    if (reservedBytes != 0 || !spaceWaiters.isEmpty()) {
      throw new IllegalStateException(
          "log: " + reservedBytes + " bytes are reserved and " + spaceWaiters.size() + " wait");
    }
  }
}
