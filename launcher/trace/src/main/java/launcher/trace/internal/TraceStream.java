package launcher.trace.internal;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import launcher.trace.NameTable;
import launcher.trace.ReadProgress;
import launcher.trace.TraceFormat;
import launcher.trace.TraceProblem;
import launcher.trace.TraceReading;
import launcher.trace.TraceVisitor;
import launcher.trace.UnreadableTraceException;

/** One passage through a trace. */
public final class TraceStream {
  private static final int HEAD_BYTES = 1 << 16;
  private static final int GZIP_BUFFER_BYTES = 1 << 16;
  private static final int PROBLEMS_MAX = 5;
  private static final int PROBLEM_CHARACTERS_MAX = 120;
  private static final int PROGRESS_LINES = 4096;
  private static final long PROGRESS_BYTES = 1 << 18;

  private final String name;
  private final LongSupplier doneBytes;
  private final boolean strict;
  private final InputStream in;
  private final TraceFormat format;
  private final List<TraceProblem> problems = new ArrayList<>();
  private long broken;

  /**
   * Reads the file's first bytes.
   *
   * @param name of the file, for messages
   * @param file its bytes, compressed or not
   * @param doneBytes how many of them are read
   * @param forced the format, if it is not to be found out
   * @param strict whether a broken line ends it
   */
  public TraceStream(
      String name,
      InputStream file,
      LongSupplier doneBytes,
      Optional<TraceFormat> forced,
      boolean strict)
      throws IOException {
    this.name = name;
    this.doneBytes = doneBytes;
    this.strict = strict;
    byte[] magic = file.readNBytes(2);
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(magic), file);
    boolean gzip = magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
    InputStream plain;
    byte[] head;
    try {
      plain = gzip ? new GZIPInputStream(whole, GZIP_BUFFER_BYTES) : whole;
      head = head(plain);
    } catch (EOFException | ZipException e) {
      throw new UnreadableTraceException(
          name + ": is compressed by gzip and damaged in its first bytes; compress it anew");
    }
    in = new SequenceInputStream(new ByteArrayInputStream(head), plain);
    format = forced.isPresent() ? forced.get() : new FormatGuess(name, head).format();
  }

  /** The first bytes, as many as there are; a compressed file may be cut within them. */
  private static byte[] head(InputStream plain) throws IOException {
    byte[] head = new byte[HEAD_BYTES];
    int filled = 0;
    try {
      for (int read = 0; read >= 0 && filled < head.length; ) {
        read = plain.read(head, filled, head.length - filled);
        filled += Math.max(read, 0);
      }
    } catch (EOFException | ZipException e) {
      if (filled == 0) {
        throw e;
      }
    }
    return Arrays.copyOf(head, filled);
  }

  /** What it is, forced or found. */
  public TraceFormat format() {
    return format;
  }

  /** Reads to the end. */
  public TraceReading read(TraceVisitor visitor, ReadProgress progress) throws IOException {
    NameTable names = new NameTable();
    visitor.begin(format, names);
    LineParser parser = Formats.lines(format, names, visitor);
    LineInput lines = new LineInput(in);
    Cursor cursor = new Cursor();
    long number = 0;
    long records = 0;
    long others = 0;
    boolean whole = true;
    long nextProgress = PROGRESS_BYTES;
    while (lines.next(cursor)) {
      number++;
      int start = cursor.at;
      if (lines.tooLong()) {
        problem(number, "is longer than " + LineInput.LINE_BYTES_MAX + " bytes", cursor, start);
      } else {
        switch (parser.line(cursor, number)) {
          case RECORD -> records++;
          case OTHER -> others++;
          case BROKEN -> problem(number, parser.fault(), cursor, start);
        }
      }
      if (number % PROGRESS_LINES == 0 && doneBytes.getAsLong() >= nextProgress) {
        nextProgress = doneBytes.getAsLong() + PROGRESS_BYTES;
        if (!progress.goOn(doneBytes.getAsLong(), number)) {
          whole = false;
          break;
        }
      }
    }
    if (!lines.cutShort().isEmpty()) {
      cursor.set(new byte[0], 0, 0);
      problem(number, "the file ends after this line: " + lines.cutShort(), cursor, 0);
    }
    if (records == 0 && whole) {
      throw nothing(number, others);
    }
    long lost = parser.lostEvents();
    return new TraceReading(
        format, number, records, others, broken, lost, whole, List.copyOf(problems));
  }

  private UnreadableTraceException nothing(long lines, long others) {
    String first = problems.isEmpty() ? "" : "; line " + problems.get(0);
    String what = lines == others ? "holds no record" : "no line of it is a record";
    return new UnreadableTraceException(
        name + ": taken for " + format.id() + ", " + what + first + "; --format says what it is");
  }

  private void problem(long number, String reason, Cursor cursor, int start)
      throws UnreadableTraceException {
    broken++;
    if (!strict && problems.size() == PROBLEMS_MAX) {
      return;
    }
    int end = Math.min(cursor.end, start + PROBLEM_CHARACTERS_MAX);
    String text = new String(cursor.bytes, start, end - start, StandardCharsets.UTF_8);
    TraceProblem problem = new TraceProblem(number, reason, printable(text));
    if (strict) {
      throw new UnreadableTraceException(
          name + ":" + problem + "; without --strict such lines are counted and left out");
    }
    problems.add(problem);
  }

  private static String printable(String text) {
    return text.chars()
        .collect(
            StringBuilder::new,
            (to, c) -> to.append(Character.isISOControl(c) && c != '\t' ? '?' : (char) c),
            StringBuilder::append)
        .toString();
  }
}
