package block.bio;

/** State of a bio ({@code bi_flags}). */
public enum BioFlag {
  /** {@code BIO_CLONED}: made from another bio; owns no vectors. */
  CLONED,
  /** {@code BIO_QUIET}: an error of it is not logged. */
  QUIET,
  /** {@code BIO_CHAIN}: other bios end into this one; it ends with the last of them. */
  CHAIN,
  /** {@code BIO_TRACE_COMPLETION}: its submission was traced, so its completion is. */
  TRACE_COMPLETION,
  /** {@code BIO_COMPLETE_IN_TASK}: its end wants a task, if it completes in atomic context. */
  COMPLETE_IN_TASK,
  /**
   * Its end wants a task that runs ahead of all fair ones; set beside {@link #COMPLETE_IN_TASK}.
   * {@code completion.rt-thread-per-bio} obeys it, other policies have one kind of task for all.
   */
  COMPLETE_IN_RT_THREAD;

  private final int mask = 1 << ordinal();

  /** This flag's bit. */
  int mask() {
    return mask;
  }
}
