package fs.buffer.internal.jbd2;

/** A block of metadata that transactions change ({@code struct journal_head}). */
public final class JournalBuffer {
  /** Where it is written in place. */
  final long sector;

  /**
   * The transaction that has it and is not on the device ({@code b_transaction}); null for none.
   */
  Transaction transaction;

  /** Whether it is on its way to the log, so that nobody may change it ({@code BH_Shadow}). */
  boolean shadow;

  /** The transaction in the log that needs it written in place ({@code b_cp_transaction}). */
  Transaction checkpoint;

  /** A block that no transaction has changed. */
  public JournalBuffer(long sector) {
    this.sector = sector;
  }
}
