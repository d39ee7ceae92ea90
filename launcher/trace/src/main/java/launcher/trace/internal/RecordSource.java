package launcher.trace.internal;

import java.io.IOException;
import launcher.trace.internal.LineParser.Outcome;

/** The lines or records of a file, one after the other. */
interface RecordSource {
  /** Reads the next and gives it to the visitor; null if there is none. */
  Outcome next(long number) throws IOException;

  /** Why the last one is broken. */
  String fault();

  /** The text of the last one, cut; empty in a binary format. */
  String text();

  /** Events that the recorder says it lost. */
  long lostEvents();

  /** Why the file ended before its end; empty if it did not. Asked after the last. */
  String cutShort();
}
