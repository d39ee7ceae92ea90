package launcher.trace;

import java.util.List;

/**
 * What came of reading a file.
 *
 * @param format what it is, found or forced
 * @param lines lines that were seen, or records of a binary format
 * @param records records that were given to the visitor
 * @param otherLines lines that are no records and are not meant to be: headers, summaries, comments
 * @param broken lines that could not be read
 * @param lostEvents events that the recorder says it lost, where it says how many
 * @param whole false if a {@link ReadProgress} ended it
 * @param problems the first few broken lines
 */
public record TraceReading(
    TraceFormat format,
    long lines,
    long records,
    long otherLines,
    long broken,
    long lostEvents,
    boolean whole,
    List<TraceProblem> problems) {
  /** Copies the list. */
  public TraceReading {
    problems = List.copyOf(problems);
  }
}
