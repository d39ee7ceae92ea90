package launcher.trace.internal;

import java.nio.charset.StandardCharsets;
import launcher.trace.TraceFormat;
import launcher.trace.UnreadableTraceException;

/** Finds out what a file is from its first bytes. */
final class FormatGuess {
  private final String name;
  private final byte[] head;

  FormatGuess(String name, byte[] head) {
    this.name = name;
    this.head = head;
  }

  TraceFormat format() throws UnreadableTraceException {
    String text = new String(head, StandardCharsets.UTF_8);
    if (text.isBlank()) {
      throw new UnreadableTraceException(name + ": is empty");
    }
    return TraceFormat.FTRACE;
  }
}
