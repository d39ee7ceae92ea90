package fs.buffer.internal.jbd2;

import java.util.Arrays;
import mm.core.Errno;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * A part of a transaction, of one task ({@code handle_t}): {@link #start}, then {@link #modify}
 * with what was named by {@link #add}, then {@link #stop}. Used again and again. Of a file system
 * without a journal it has none, and every call ends at once.
 */
public final class JournalHandle {
  private final Journal journal;
  private Transaction transaction;
  private long credits;
  private long used;

  /** Credits set aside for a handle that comes later; not yet given to it. */
  private long reserve;

  private JournalBuffer[] wanted = new JournalBuffer[4];
  private int wantedCount;
  private final Step tryStart = this::tryStart;
  private final Step tryModify = this::tryModify;

  /** A handle that is not open; of no journal if that is null. */
  public JournalHandle(Journal journal) {
    this.journal = journal;
  }

  /**
   * {@code jbd2__journal_start}: joins the running transaction, when it takes handles and the log
   * has space for it. Step function; may sleep; result 0 or a negative errno.
   *
   * @param blocks metadata blocks that it may change
   * @param reservedBlocks blocks set aside for a handle that is started by {@link #startReserved}
   */
  public void start(Exec x, int blocks, int reservedBlocks) {
    if (journal == null) {
      x.setResult(0);
      return;
    }
    credits = blocks;
    reserve = reservedBlocks;
    used = 0;
    wantedCount = 0;
    tryStart(x);
  }

  /** {@code start_this_handle}, {@code add_transaction_credits}. */
  private void tryStart(Exec x) {
    if (journal.errno() != 0) {
      x.setResult(-Errno.EIO);
      return;
    }
    Transaction running = journal.running(x);
    long needed = running.credits + journal.reservedCredits() + credits + reserve;
    if (running.locked) {
      await(x);
      journal.lockedWaiters.sleep(x);
    } else if (needed > journal.transactionBlocksMax()) {
      await(x);
      journal.requestCommit(x, running.tid);
      journal.lockedWaiters.sleep(x);
    } else if (journal.spaceLeft() < journal.transactionBlocksMax()) {
      await(x);
      journal.makeSpace(x);
    } else if (reserve > 0
        && journal.reservedCredits() + reserve > journal.transactionBlocksMax() / 2) {
      await(x);
      journal.reservedWaiters.sleep(x);
    } else {
      journal.addReserved(x, reserve);
      join(x, running);
    }
  }

  private void await(Exec x) {
    journal.countWait();
    x.then(tryStart);
  }

  private void join(Exec x, Transaction running) {
    transaction = running;
    running.updates++;
    running.credits += credits;
    x.charge(Cost.JOURNAL_HANDLE);
    x.setResult(0);
  }

  /** {@code h_rsv_handle}: what was set aside, to be handed to {@link #startReserved}. */
  public long takeReserved() {
    long taken = reserve;
    reserve = 0;
    return taken;
  }

  /**
   * {@code jbd2_journal_start_reserved}: joins the running transaction even if that is locked: its
   * credits were set aside. Ends in this step; result 0 or a negative errno.
   *
   * @param reservedBlocks of {@link #takeReserved}
   */
  public void startReserved(Exec x, long reservedBlocks) {
    if (journal == null) {
      x.setResult(0);
      return;
    }
    credits = reservedBlocks;
    reserve = 0;
    used = 0;
    wantedCount = 0;
    journal.addReserved(x, -reservedBlocks);
    if (journal.errno() != 0) {
      x.setResult(-Errno.EIO);
      return;
    }
    join(x, journal.running(x));
  }

  /** {@code jbd2_journal_free_reserved}: gives back what was set aside and is not needed. */
  public void freeReserved(Exec x, long reservedBlocks) {
    if (journal != null) {
      journal.addReserved(x, -reservedBlocks);
    }
  }

  /** Names a block that {@link #modify} is to change; once or more. */
  public void add(JournalBuffer buffer) {
    if (!isOpen()) {
      return;
    }
    if (wantedCount == wanted.length) {
      wanted = Arrays.copyOf(wanted, wantedCount * 2);
    }
    wanted[wantedCount++] = buffer;
  }

  /**
   * {@code jbd2_journal_get_write_access}, {@code jbd2_journal_dirty_metadata}: makes the blocks
   * that were named part of the transaction. Waits while one of them is on its way to the log for
   * the transaction before. Step function.
   */
  public void modify(Exec x) {
    if (isOpen()) {
      tryModify(x);
    }
  }

  private void tryModify(Exec x) {
    for (int i = 0; i < wantedCount; i++) {
      if (wanted[i].shadow) {
        x.then(tryModify);
        journal.shadowWaiters.sleep(x);
        return;
      }
    }
    for (int i = 0; i < wantedCount; i++) {
      JournalBuffer buffer = wanted[i];
      if (buffer.transaction != transaction) {
        buffer.transaction = transaction;
        transaction.buffers.add(buffer);
        used++;
      }
    }
    wantedCount = 0;
  }

  /**
   * {@code jbd2_journal_inode_ranged_wait}: a bio of data will be submitted that the commit waits
   * for; to be told to {@link Journal#endOrderedBio} when it has ended.
   *
   * @return the transaction; null without a journal
   */
  public Transaction beginOrderedBio() {
    if (isOpen()) {
      transaction.orderedBios++;
    }
    return transaction;
  }

  /** Whether it is part of a transaction. */
  public boolean isOpen() {
    return transaction != null;
  }

  /** Number of its transaction; 0 without a journal. */
  public long tid() {
    return isOpen() ? transaction.tid : 0;
  }

  /** {@code jbd2_journal_stop}: what was not used of its credits goes back. */
  public void stop(Exec x) {
    if (!isOpen()) {
      return;
    }
    Transaction left = transaction;
    transaction = null;
    left.credits -= Math.max(0, credits - used);
    left.updates--;
    if (reserve > 0) {
      journal.addReserved(x, -takeReserved());
    }
    if (left.updates == 0 && left.locked) {
      journal.updatesWaiters.wakeAll(x);
    }
  }
}
