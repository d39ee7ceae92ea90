package block.bio;

/** What a bio asks of the device ({@code enum req_op}). */
public enum BioOp {
  /** {@code REQ_OP_READ}. */
  READ('R'),
  /** {@code REQ_OP_WRITE}. */
  WRITE('W'),
  /** {@code REQ_OP_FLUSH}: makes the device write its volatile cache out; carries no data. */
  FLUSH('F');

  private final char letter;

  BioOp(char letter) {
    this.letter = letter;
  }

  /** The letter that {@code blk_fill_rwbs} gives it. */
  public char letter() {
    return letter;
  }
}
