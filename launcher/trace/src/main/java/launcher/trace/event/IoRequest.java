package launcher.trace.event;

import org.osgi.annotation.versioning.ProviderType;

/** What a program asked for: a line of an iolog or of a table. */
@ProviderType
public interface IoRequest {
  /** No time is told. */
  long UNTIMED = Long.MIN_VALUE;

  /** The line's number, from 1; the record's in a binary format. */
  long line();

  /** When it was asked for, in nanoseconds of the trace's clock; {@link #UNTIMED} if not told. */
  long timeNs();

  /** What is asked for. */
  IoAction action();

  /** The file of an iolog, or the volume of a table; empty if the format has neither. */
  String target();

  /** The number of that name. */
  int targetId();

  /** Bytes from the start of the file or volume. */
  long offsetBytes();

  /** How many bytes. */
  long lengthBytes();
}
