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
import sim.kernel.wait.WaitQueue;

/**
 * Makes space in the log ({@code jbd2_log_do_checkpoint}): the task that needs it writes the blocks
 * of the oldest transaction in place, waits, and moves the log's tail with a write of the
 * superblock behind a FLUSH. One task at a time ({@code j_checkpoint_mutex}).
 */
final class Checkpoint implements BioEndIo {
  private final Journal journal;
  private final WaitQueue waiters = new WaitQueue();
  private boolean busy;
  private Transaction oldest;
  private int next;
  private int pending;
  private Task task;
  private boolean waiting;
  private Bio superblock;

  private final Step writeNext = this::writeNext;
  private final Step awaitWrites = this::awaitWrites;
  private final Step flushed = this::flushed;
  private final Step tailWritten = this::tailWritten;

  Checkpoint(Journal journal) {
    this.journal = journal;
  }

  void wakeAll(Exec x) {
    waiters.wakeAll(x);
  }

  /** Step function; whoever asked looks again after it. */
  void makeSpace(Exec x) {
    if (busy) {
      waiters.sleep(x);
    } else if (journal.checkpoints.isEmpty()) {
      // All of it is in the transaction that is being written.
      journal.doneWaiters.sleep(x);
    } else {
      busy = true;
      task = x.task();
      oldest = journal.checkpoints.peekFirst();
      next = 0;
      BlkPlug.start(x);
      x.then(writeNext);
    }
  }

  private void writeNext(Exec x) {
    while (next < oldest.buffers.size() && journal.errno() == 0) {
      JournalBuffer buffer = oldest.buffers.get(next);
      if (buffer.checkpoint != oldest) {
        next++;
        continue;
      }
      x.then(writeNext);
      if (buffer.transaction != null) {
        // Changed again since: its new content has to be in the log before it is in place.
        journal.requestCommit(x, buffer.transaction.tid);
        journal.doneWaiters.sleep(x);
        return;
      }
      next++;
      buffer.checkpoint = null;
      write(x, buffer);
      return;
    }
    x.then(awaitWrites);
    BlkPlug.finish(x);
  }

  private void write(Exec x, JournalBuffer buffer) {
    Bio bio = journal.device().layer().bios().alloc(BioOp.WRITE, 1);
    bio.setSector(buffer.sector);
    bio.addFolio(0, 0, CommitTask.BLOCK_BYTES);
    bio.set(ReqFlag.SYNC);
    bio.set(ReqFlag.META);
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
    oldest.unwritten--;
    if (failed && journal.errno() == 0) {
      journal.abort(x);
    }
    if (pending == 0 && waiting) {
      waiting = false;
      x.charge(Cost.WAKE);
      task.wake();
    }
  }

  private void awaitWrites(Exec x) {
    if (pending > 0) {
      x.then(awaitWrites);
      x.mightSleep();
      waiting = true;
      x.blockUninterruptible();
      return;
    }
    if (journal.errno() != 0) {
      end(x);
      return;
    }
    x.then(flushed);
    journal.device().flush(x);
  }

  private void flushed(Exec x) {
    Bio bio = journal.device().layer().bios().alloc(BioOp.WRITE, 1);
    bio.setSector(0);
    bio.addFolio(0, 0, CommitTask.BLOCK_BYTES);
    bio.set(ReqFlag.META);
    bio.set(ReqFlag.FUA);
    superblock = bio;
    x.then(tailWritten);
    journal.device().submitBioWait(x, bio);
  }

  private void tailWritten(Exec x) {
    journal.device().layer().bios().free(superblock);
    superblock = null;
    journal.dropEmptyCheckpoints();
    end(x);
  }

  private void end(Exec x) {
    busy = false;
    oldest = null;
    task = null;
    waiters.wakeAll(x);
  }
}
