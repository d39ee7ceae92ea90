package fs.buffer.internal.jbd2;

import java.util.ArrayList;
import java.util.List;

/** A transaction: what many handles changed, written to the log as one ({@code transaction_t}). */
public final class Transaction {
  /** {@code tid_t}; from 1. */
  final long tid;

  /** Handles that are open ({@code t_updates}). */
  int updates;

  /** Blocks that it has, and that open handles may still add ({@code t_outstanding_credits}). */
  long credits;

  /** Whether it takes no more handles but reserved ones ({@code T_LOCKED}). */
  boolean locked;

  final List<JournalBuffer> buffers = new ArrayList<>();

  /** Bios with data that it waits for in its commit, and that have not ended. */
  int orderedBios;

  /** Where it begins in the log, blocks from the first that was ever written. */
  long logStart;

  /** Buffers that are still to be written in place for it. */
  int unwritten;

  Transaction(long tid) {
    this.tid = tid;
  }
}
