package launcher.trace.internal;

/** Reads the lines of one format and gives their records to the visitor. */
interface LineParser {
  /** What a line was. */
  enum Outcome {
    /** A record, which the visitor has. */
    RECORD,
    /** A header, a summary, a comment, an empty line. */
    OTHER,
    /** A line that should be a record and is none: see {@link #fault}. */
    BROKEN
  }

  /**
   * Reads a line.
   *
   * @param line at the line's start; its bytes hold until the method returns
   * @param number the line's, from 1
   */
  Outcome line(Cursor line, long number);

  /** Why the last line is broken. */
  String fault();

  /** How many events the lines so far say are lost. */
  default long lostEvents() {
    return 0;
  }
}
