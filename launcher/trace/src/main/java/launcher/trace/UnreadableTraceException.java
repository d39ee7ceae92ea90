package launcher.trace;

import java.io.IOException;

/** A file is no trace that can be read, or has a broken line where that is not allowed. */
public final class UnreadableTraceException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * For one file.
   *
   * @param message file, line if there is one, what is wrong, and the remedy
   */
  public UnreadableTraceException(String message) {
    super(message);
  }
}
