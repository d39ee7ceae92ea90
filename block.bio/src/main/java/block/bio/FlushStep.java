package block.bio;

/** Where a request is in its sequence of FLUSHes ({@code REQ_FSEQ_*}). */
enum FlushStep {
  /** It has no such sequence, or has done with it. */
  NONE,
  /** Waits for the FLUSH before its data. */
  BEFORE,
  /** Its data is on the way, or it waits to be issued. */
  DATA,
  /** Waits for the FLUSH behind its data. */
  AFTER
}
