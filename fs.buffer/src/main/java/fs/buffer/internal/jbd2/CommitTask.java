package fs.buffer.internal.jbd2;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BioOp;
import block.bio.BlkPlug;
import block.bio.BlkStatus;
import block.bio.ReqFlag;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/**
 * The journal's task ({@code kjournald2}), and what it does for a commit ({@code
 * jbd2_journal_commit_transaction}): waits until all handles are closed, writes the blocks with a
 * descriptor in front of each 254 of them, a bio for each, waits for them and for ordered data, and
 * writes the commit record with PREFLUSH and FUA.
 */
final class CommitTask implements BioEndIo {
  static final int BLOCK_BYTES = 4096;
  static final int SECTOR_SHIFT = 3;

  /** Tags of 16 bytes in a descriptor block, behind its header and before its checksum. */
  private static final int TAGS = 254;

  private final Journal journal;
  private final Task task;

  /** Whether it sleeps until it is woken, and whether it was. */
  private boolean resting;

  private boolean timedOut;

  // The commit that is under way.
  private Transaction transaction;
  private int next;
  private int pending;
  private boolean waiting;

  private final Step rest = this::rest;
  private final Step lockUpdates = this::lockUpdates;
  private final Step writeNext = this::writeNext;
  private final Step bodyPlugged = this::bodyPlugged;
  private final Step awaitData = this::awaitData;
  private final Step awaitBody = this::awaitBody;
  private final Step awaitRecord = this::awaitRecord;

  CommitTask(Journal journal) {
    this.journal = journal;
    task =
        journal
            .machine()
            .newTask("jbd2/" + journal.device().name() + "-8", true, journal.machine().allCpus());
    task.then(rest);
    resting = true;
  }

  /** Wakes it, for what {@link Journal#isCommitDue} says. */
  void wake(Exec x) {
    if (resting) {
      resting = false;
      x.charge(Cost.WAKE);
      task.wake();
    }
  }

  /** {@code commit_timeout}. */
  void timedOut() {
    timedOut = true;
    if (resting) {
      resting = false;
      task.wake();
    }
  }

  /** {@code kjournald2}. */
  private void rest(Exec x) {
    if (timedOut) {
      timedOut = false;
      journal.age();
    }
    x.then(rest);
    if (journal.isCommitDue()) {
      begin(x);
      return;
    }
    resting = true;
    x.block();
  }

  private void begin(Exec x) {
    transaction = journal.running();
    transaction.locked = true;
    trace(x, Tracepoint.JBD2_START_COMMIT);
    lockUpdates(x);
  }

  private void trace(Exec x, Tracepoint event) {
    x.machine()
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            event,
            journal.device().number(),
            transaction.tid,
            transaction.buffers.size());
  }

  private void lockUpdates(Exec x) {
    if (transaction.updates > 0) {
      x.then(lockUpdates);
      journal.updatesWaiters.sleep(x);
      return;
    }
    journal.beginCommit(x);
    for (JournalBuffer buffer : transaction.buffers) {
      buffer.shadow = true;
    }
    next = 0;
    pending = 0;
    BlkPlug.start(x);
    x.then(writeNext);
  }

  /** A block of the transaction, or a descriptor first. */
  private void writeNext(Exec x) {
    int descriptors = (transaction.buffers.size() + TAGS - 1) / TAGS;
    if (next == transaction.buffers.size() + descriptors) {
      x.then(bodyPlugged);
      BlkPlug.finish(x);
      return;
    }
    next++;
    x.then(writeNext);
    submit(x, 0);
  }

  private void submit(Exec x, int extraFlags) {
    Bio bio = journal.device().layer().bios().alloc(BioOp.WRITE, 1);
    bio.setSector(journal.takeLogBlock());
    bio.addFolio(0, 0, BLOCK_BYTES);
    bio.setReqFlags(ReqFlag.SYNC.mask() | ReqFlag.META.mask() | ReqFlag.IDLE.mask() | extraFlags);
    bio.setEndIo(this);
    pending++;
    x.charge(Cost.BUFFER_SUBMIT);
    journal.device().submitBio(x, bio);
  }

  @Override
  public void endIo(Exec x, Bio bio) {
    boolean failed = bio.status() != BlkStatus.OK;
    journal.device().layer().bios().free(bio);
    x.charge(Cost.BUFFER_END);
    pending--;
    if (failed && journal.errno() == 0) {
      journal.abort(x);
    }
    if (pending == 0 && waiting) {
      waiting = false;
      x.charge(Cost.WAKE);
      task.wake();
    }
  }

  private void bodyPlugged(Exec x) {
    x.then(awaitBody);
    x.then(awaitData);
  }

  /** {@code journal_finish_inode_data_buffers}. */
  private void awaitData(Exec x) {
    if (transaction.orderedBios > 0) {
      x.then(awaitData);
      journal.orderedWaiters.sleep(x);
    }
  }

  /** Whether I/O is under way, for which it sleeps then; the step that asks is to come again. */
  private boolean sleeps(Exec x, Step again) {
    if (pending == 0) {
      return false;
    }
    x.then(again);
    x.mightSleep();
    waiting = true;
    x.blockUninterruptible();
    return true;
  }

  private void awaitBody(Exec x) {
    if (sleeps(x, awaitBody)) {
      return;
    }
    for (JournalBuffer buffer : transaction.buffers) {
      buffer.shadow = false;
    }
    journal.shadowWaiters.wakeAll(x);
    x.then(awaitRecord);
    submit(x, ReqFlag.PREFLUSH.mask() | ReqFlag.FUA.mask());
  }

  private void awaitRecord(Exec x) {
    if (!sleeps(x, awaitRecord)) {
      trace(x, Tracepoint.JBD2_END_COMMIT);
      journal.endCommit(x);
      transaction = null;
    }
  }
}
