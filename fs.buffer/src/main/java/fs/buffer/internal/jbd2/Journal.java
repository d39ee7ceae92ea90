package fs.buffer.internal.jbd2;

import block.bio.BlockDevice;
import java.util.ArrayDeque;
import mm.core.Errno;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.time.Timer;
import sim.kernel.wait.WaitQueue;

/**
 * The journal of a file system ({@code journal_t} of jbd2). One transaction gathers what handles
 * change; its commit is asked for by an fsync, by its age of 5 s, or by handles that find no room
 * in it, and done by the journal's task. What is in the log is written in place when the log is
 * short of space, by whoever needs the space.
 *
 * <p>Left out: the flusher's writing of metadata in place, after 30 s; revoke records, fast commits
 * and {@code data=journal}.
 */
public final class Journal {
  /** {@code JBD2_DEFAULT_MAX_COMMIT_AGE}, seconds. */
  private static final int COMMIT_AGE_S = 5;

  /** A transaction has at most this part of the log. */
  private static final int TRANSACTION_PARTS = 4;

  /** Kept free beside that, for control blocks. */
  private static final int SLACK_BLOCKS = 32;

  private final Machine machine;
  private final BlockDevice device;
  private final long firstSector;
  private final long blocks;
  private final CommitTask commitTask;
  private final Checkpoint checkpoint;
  private final Timer commitTimer;

  final WaitQueue lockedWaiters = new WaitQueue();
  final WaitQueue updatesWaiters = new WaitQueue();
  final WaitQueue doneWaiters = new WaitQueue();
  final WaitQueue reservedWaiters = new WaitQueue();
  final WaitQueue orderedWaiters = new WaitQueue();
  final WaitQueue shadowWaiters = new WaitQueue();

  /** Committed and not all in place, the oldest first ({@code j_checkpoint_transactions}). */
  final ArrayDeque<Transaction> checkpoints = new ArrayDeque<>();

  private Transaction running;
  private Transaction committing;
  private long lastTid;
  private long committedTid;
  private long requestedTid;
  private long reservedCredits;

  /** Blocks written to the log so far: where it goes on, if it had no end. */
  private long headBlocks;

  private int errno;
  private long handleWaits;

  /**
   * A journal without transactions.
   *
   * @param firstSector where its area begins on the device
   * @param blocks how many blocks of 4096 bytes it has
   */
  public Journal(BlockDevice device, Machine machine, long firstSector, long blocks) {
    this.device = device;
    this.machine = machine;
    this.firstSector = firstSector;
    this.blocks = blocks;
    commitTask = new CommitTask(this);
    checkpoint = new Checkpoint(this);
    commitTimer = new Timer(softirq -> commitTask.timedOut());
  }

  Machine machine() {
    return machine;
  }

  BlockDevice device() {
    return device;
  }

  // --- the running transaction --------------------------------------------------------------

  /** The transaction that takes handles, a new one if there is none. */
  Transaction running(Exec x) {
    if (running == null) {
      running = new Transaction(++lastTid);
      long ticks = machine.timers().ticksOf(COMMIT_AGE_S * 1_000_000_000L);
      machine.timers().disarm(commitTimer);
      machine.timers().arm(commitTimer, x.cpu(), ticks);
    }
    return running;
  }

  /** The running transaction; null if there is none. */
  Transaction running() {
    return running;
  }

  /** {@code j_max_transaction_buffers}. */
  long transactionBlocksMax() {
    return blocks / TRANSACTION_PARTS;
  }

  long reservedCredits() {
    return reservedCredits;
  }

  void addReserved(Exec x, long credits) {
    reservedCredits += credits;
    if (credits < 0 && reservedWaiters.size() > 0) {
      reservedWaiters.wakeAll(x);
    }
  }

  void countWait() {
    handleWaits++;
  }

  /** How often a handle had to wait so far: for a locked transaction, its room, or log space. */
  public long handleWaits() {
    return handleWaits;
  }

  /** Blocks of the log that nothing needs ({@code jbd2_log_space_left}). */
  public long spaceLeft() {
    long tail = headBlocks;
    if (!checkpoints.isEmpty()) {
      tail = checkpoints.peekFirst().logStart;
    } else if (committing != null) {
      tail = committing.logStart;
    }
    long promised = committing == null ? 0 : committing.credits;
    return blocks - (headBlocks - tail) - promised - SLACK_BLOCKS;
  }

  /** {@code __jbd2_log_wait_for_space}: makes some; the next step looks again. */
  void makeSpace(Exec x) {
    checkpoint.makeSpace(x);
  }

  // --- commits ------------------------------------------------------------------------------

  /** A bio has ended that {@link JournalHandle#beginOrderedBio} told of; in any context. */
  public void endOrderedBio(Exec x, Transaction transaction) {
    transaction.orderedBios--;
    if (transaction.orderedBios == 0) {
      orderedWaiters.wakeAll(x);
    }
  }

  /** Whether a transaction is on the device; 0 is none. */
  public boolean isCommitted(long tid) {
    return tid <= committedTid;
  }

  /** {@code jbd2_log_start_commit}. */
  void requestCommit(Exec x, long tid) {
    if (tid > requestedTid) {
      requestedTid = tid;
      commitTask.wake(x);
    }
  }

  /** Whether the running transaction is to be committed now. */
  boolean isCommitDue() {
    return running != null && errno == 0 && running.tid <= requestedTid;
  }

  /** The running transaction has become too old. */
  void age() {
    if (running != null) {
      requestedTid = Math.max(requestedTid, running.tid);
    }
  }

  /** {@code jbd2_complete_transaction}. Step function; result 0 or a negative errno. */
  public void commitAndWait(Exec x, long tid) {
    if (isCommitted(tid) || errno != 0) {
      x.setResult(-errno);
      return;
    }
    requestCommit(x, tid);
    x.then(again -> commitAndWait(again, tid));
    doneWaiters.sleep(x);
  }

  /**
   * The running transaction takes no more handles and is written; it becomes the committing one.
   */
  Transaction beginCommit(Exec x) {
    committing = running;
    committing.logStart = headBlocks;
    running = null;
    lockedWaiters.wakeAll(x);
    return committing;
  }

  /** The sector of the next block of the log. */
  long takeLogBlock() {
    return firstSector + (headBlocks++ % blocks << CommitTask.SECTOR_SHIFT);
  }

  void endCommit(Exec x) {
    Transaction done = committing;
    committing = null;
    committedTid = done.tid;
    for (JournalBuffer buffer : done.buffers) {
      if (buffer.checkpoint != null) {
        buffer.checkpoint.unwritten--;
      }
      buffer.checkpoint = done;
      if (buffer.transaction == done) {
        buffer.transaction = null;
      }
      done.unwritten++;
    }
    checkpoints.addLast(done);
    dropEmptyCheckpoints();
    doneWaiters.wakeAll(x);
  }

  /** {@code __jbd2_update_log_tail}: whether the log's tail has moved. */
  boolean dropEmptyCheckpoints() {
    boolean moved = false;
    while (!checkpoints.isEmpty() && checkpoints.peekFirst().unwritten == 0) {
      checkpoints.removeFirst();
      moved = true;
    }
    return moved;
  }

  boolean isCommitting() {
    return committing != null;
  }

  // --- the end ------------------------------------------------------------------------------

  /** Above 0 once the log could not be written: no transaction begins or ends then. */
  public int errno() {
    return errno;
  }

  /** {@code jbd2_journal_abort}. */
  void abort(Exec x) {
    errno = Errno.EIO;
    lockedWaiters.wakeAll(x);
    doneWaiters.wakeAll(x);
    reservedWaiters.wakeAll(x);
    checkpoint.wakeAll(x);
  }

  /**
   * Checks that no handle is open.
   *
   * @throws IllegalStateException if one is, or if more space is used than there is
   */
  public void verifyIdle() {
    int open = running == null ? 0 : running.updates;
    if (open != 0 || reservedCredits != 0 || errno == 0 && spaceLeft() < -SLACK_BLOCKS) {
      throw new IllegalStateException(
          "journal: handles open are "
              + open
              + ", credits reserved "
              + reservedCredits
              + ", blocks left "
              + spaceLeft()
              + "; the first two must be 0");
    }
  }
}
