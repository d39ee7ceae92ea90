package launcher.cli;

/** What the program's exit status means. */
public final class ExitStatus {
  /** Everything held. */
  public static final int GOOD = 0;

  /** An expectation or an invariant failed. */
  public static final int FAILED = 1;

  /** Bad usage or bad input. */
  public static final int BAD_INPUT = 2;

  /** Ended by Ctrl-C, after what was done was printed. */
  public static final int INTERRUPTED = 130;

  private ExitStatus() {}
}
