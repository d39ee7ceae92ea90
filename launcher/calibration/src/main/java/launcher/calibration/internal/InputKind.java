package launcher.calibration.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import launcher.trace.TraceReader;
import launcher.trace.UnreadableTraceException;

/** What a file with measurements is, by its beginning. */
public enum InputKind {
  /** A table of latencies by operation, size and depth. */
  SWEEP("sweep of a device"),
  /** Output of fio. */
  FIO("output of fio"),
  /** Events of the kernel. */
  TRACE("recorded events"),
  /** None of these. */
  UNKNOWN("not known");

  /** Characters in which a file says what it is. */
  private static final int BEGINNING = 8192;

  private final String meaning;

  InputKind(String meaning) {
    this.meaning = meaning;
  }

  /** A few words for people. */
  public String meaning() {
    return meaning;
  }

  /** What a file is. */
  public static InputKind of(Path file) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.ISO_8859_1))) {
      lines.mark(BEGINNING);
      char[] beginning = new char[BEGINNING - 1];
      int length = Math.max(0, lines.read(beginning));
      if (FioInput.isFio(new String(beginning, 0, length))) {
        return FIO;
      }
      lines.reset();
      String first = lines.readLine();
      if (first != null && SweepFile.isHeader(first)) {
        return SWEEP;
      }
    }
    try {
      TraceReader.of(file).format();
      return TRACE;
    } catch (UnreadableTraceException e) {
      return UNKNOWN;
    }
  }
}
