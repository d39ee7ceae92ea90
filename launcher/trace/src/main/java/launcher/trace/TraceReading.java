package launcher.trace;

import java.util.List;
import java.util.Optional;

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
 * @param cutShort why the file ended before its end, as a compressed file that is cut off; empty if
 *     it did not
 */
public record TraceReading(
    TraceFormat format,
    long lines,
    long records,
    long otherLines,
    long broken,
    long lostEvents,
    boolean whole,
    List<TraceProblem> problems,
    String cutShort) {
  /** Copies the list. */
  public TraceReading {
    problems = List.copyOf(problems);
  }

  /** How many lines are broken and which was the first, for a sentence; empty if none is. */
  public Optional<String> brokenLines() {
    if (broken == 0) {
      return Optional.empty();
    }
    String are =
        broken == 1 ? " line could not be read and is" : " lines could not be read and are";
    return Optional.of(
        broken
            + are
            + " left out, "
            + (broken == 1 ? "line " : "the first of them line ")
            + problems.get(0));
  }

  /** Where the file ends before its end and why, for a sentence; empty if it does not. */
  public Optional<String> missingEnd() {
    return cutShort.isEmpty()
        ? Optional.empty()
        : Optional.of("the file ends at line " + lines + ": " + cutShort);
  }
}
