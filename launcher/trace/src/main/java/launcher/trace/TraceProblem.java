package launcher.trace;

/**
 * A line that could not be read.
 *
 * @param line its number, from 1; of a record in a binary format
 * @param reason what was expected and what stands there
 * @param text the line, cut at 120 characters; empty in a binary format
 */
public record TraceProblem(long line, String reason, String text) {
  @Override
  public String toString() {
    return text.isEmpty() ? line + ": " + reason : line + ": " + reason + ": " + text;
  }
}
