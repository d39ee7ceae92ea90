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
  /** Events of the kernel. */
  TRACE("recorded events"),
  /** None of these. */
  UNKNOWN("not known");

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
