package launcher.trace.internal;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
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
import launcher.trace.internal.LineParser.Outcome;

/** One passage through a trace. */
public final class TraceStream {
  static final int HEAD_BYTES = 1 << 16;
  private static final int GZIP_BUFFER_BYTES = 1 << 16;
  private static final int PROBLEMS_MAX = 5;
  private static final int PROGRESS_RECORDS = 4096;
  private static final long PROGRESS_BYTES = 1 << 18;

  private final String name;
  private final LongSupplier doneBytes;
  private final boolean strict;
  private final InputStream in;
  private final byte[] head;
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
    byte[] first;
    try {
      plain = gzip ? new GZIPInputStream(whole, GZIP_BUFFER_BYTES) : whole;
      first = head(plain);
    } catch (EOFException | ZipException e) {
      throw new UnreadableTraceException(
          name + ": is compressed by gzip and damaged in its first bytes; compress it anew");
    }
    head = first;
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
    RecordSource source = Formats.open(name, format, head, in, names, visitor);
    visitor.begin(format, names);
    long number = 0;
    long records = 0;
    long others = 0;
    boolean whole = true;
    long nextProgress = PROGRESS_BYTES;
    for (Outcome next = source.next(1); next != null; next = source.next(number + 1)) {
      number++;
      switch (next) {
        case RECORD -> records++;
        case OTHER -> others++;
        case BROKEN -> {
          if (source.cutShort().isEmpty()) {
            problem(number, source.fault(), source.text());
          } else {
            // What is left of the line at which a compressed file was cut off.
            others++;
          }
        }
      }
      if (number % PROGRESS_RECORDS == 0 && doneBytes.getAsLong() >= nextProgress) {
        nextProgress = doneBytes.getAsLong() + PROGRESS_BYTES;
        if (!progress.goOn(doneBytes.getAsLong(), number)) {
          whole = false;
          break;
        }
      }
    }
    if (records == 0 && whole) {
      throw nothing(number, others);
    }
    TraceReading reading =
        new TraceReading(
            format,
            number,
            records,
            others,
            broken,
            source.lostEvents(),
            whole,
            problems,
            source.cutShort());
    if (strict && reading.missingEnd().isPresent()) {
      throw new UnreadableTraceException(
          name + ": " + reading.missingEnd().get() + "; without --strict what is there is read");
    }
    return reading;
  }

  private UnreadableTraceException nothing(long lines, long others) {
    String first = problems.isEmpty() ? "" : "; line " + problems.get(0);
    String what = lines == others ? "holds no record" : "no line of it is a record";
    return new UnreadableTraceException(
        name + ": taken for " + format.id() + ", " + what + first + "; --format says what it is");
  }

  private void problem(long number, String reason, String text) throws UnreadableTraceException {
    broken++;
    if (strict) {
      throw new UnreadableTraceException(
          name
              + ":"
              + new TraceProblem(number, reason, text)
              + "; without --strict such lines are counted and left out");
    }
    if (problems.size() < PROBLEMS_MAX) {
      problems.add(new TraceProblem(number, reason, text));
    }
  }
}
