package launcher.trace.internal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.ZipException;

/** Cuts a stream into lines. Holds one buffer, which grows to the longest line and no further. */
final class LineInput {
  /** A line that is longer is cut; what follows of it is skipped. */
  static final int LINE_BYTES_MAX = 1 << 20;

  private static final int BUFFER_BYTES = 1 << 18;

  private final InputStream in;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int start;
  private int filled;
  private boolean ended;
  private boolean tooLong;
  private String cutShort = "";

  LineInput(InputStream in) {
    this.in = in;
  }

  /** Why the stream ended before its end; empty if it did not. */
  String cutShort() {
    return cutShort;
  }

  /** Whether the last line was longer than allowed and was cut. */
  boolean tooLong() {
    return tooLong;
  }

  /** Puts the next line, without its end, into a cursor; false if there is none. */
  boolean next(Cursor line) throws IOException {
    tooLong = false;
    int scan = start;
    while (true) {
      for (; scan < filled; scan++) {
        if (buffer[scan] == '\n') {
          set(line, start, scan);
          start = scan + 1;
          return true;
        }
      }
      if (ended) {
        boolean left = filled > start;
        if (left) {
          set(line, start, filled);
          start = filled;
        }
        return left;
      }
      if (filled - start > LINE_BYTES_MAX) {
        set(line, start, start + LINE_BYTES_MAX);
        skipLine();
        tooLong = true;
        return true;
      }
      scan -= start;
      fill();
      scan += start;
    }
  }

  private void set(Cursor line, int from, int to) {
    int end = to > from && buffer[to - 1] == '\r' ? to - 1 : to;
    line.set(buffer, from, end);
  }

  /** Keeps the buffer for the caller, and throws away up to the line's end. */
  private void skipLine() throws IOException {
    byte[] rest = new byte[BUFFER_BYTES];
    int from = 0;
    int count = 0;
    boolean found = false;
    while (!found && !ended) {
      count = read(rest, 0, rest.length);
      for (from = 0; from < count && !found; from++) {
        found = rest[from] == '\n';
      }
    }
    byte[] fresh = new byte[Math.max(BUFFER_BYTES, count)];
    int left = found ? count - from : 0;
    System.arraycopy(rest, from, fresh, 0, left);
    buffer = fresh;
    start = 0;
    filled = left;
  }

  private void fill() throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, filled - start);
      filled -= start;
      start = 0;
    }
    if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    filled += read(buffer, filled, buffer.length - filled);
  }

  /** A compressed file that is cut or damaged ends there: what came before is good. */
  private int read(byte[] into, int from, int length) throws IOException {
    try {
      int count = in.read(into, from, length);
      ended = count < 0;
      return Math.max(count, 0);
    } catch (EOFException | ZipException e) {
      ended = true;
      cutShort =
          e instanceof EOFException
              ? "the compressed file is cut off"
              : "damaged: " + e.getMessage();
      return 0;
    }
  }
}
