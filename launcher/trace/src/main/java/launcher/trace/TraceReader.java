package launcher.trace;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import launcher.trace.internal.TraceStream;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Reads one trace, as often as asked, from its beginning. Memory does not grow with the file.
 *
 * <p>Whether it is compressed and what it holds is found in its first bytes, never in its name.
 */
public final class TraceReader {
  private final String name;
  private final Source source;
  private final Optional<TraceFormat> format;
  private final boolean strict;
  private final ReadProgress progress;

  /** Opens the trace; called each time it is read. */
  @ConsumerType
  @FunctionalInterface
  public interface Source {
    /** A stream that begins at the file's first byte; the reader closes it. */
    InputStream open() throws IOException;
  }

  private TraceReader(
      String name,
      Source source,
      Optional<TraceFormat> format,
      boolean strict,
      ReadProgress progress) {
    this.name = name;
    this.source = source;
    this.format = format;
    this.strict = strict;
    this.progress = progress;
  }

  /** A reader that finds out the format, counts broken lines and goes on. */
  public static TraceReader of(Path file) {
    return of(
        file.toString(),
        () -> {
          if (Files.isDirectory(file)) {
            throw new UnreadableTraceException(file + ": is a folder; name a file in it");
          }
          return Files.newInputStream(file);
        });
  }

  /**
   * The same of what is no file.
   *
   * @param name for messages
   */
  public static TraceReader of(String name, Source source) {
    return new TraceReader(name, source, Optional.empty(), false, ReadProgress.NONE);
  }

  /** The same, but the file is taken for what is said here. */
  public TraceReader as(TraceFormat forced) {
    return new TraceReader(name, source, Optional.of(forced), strict, progress);
  }

  /** The same, but the first broken line ends it with {@link UnreadableTraceException}. */
  public TraceReader strictly() {
    return new TraceReader(name, source, format, true, progress);
  }

  /** The same, but somebody is told how far it is. */
  public TraceReader telling(ReadProgress listener) {
    return new TraceReader(name, source, format, strict, listener);
  }

  /** The file's name. */
  public String name() {
    return name;
  }

  /**
   * What the file is.
   *
   * @throws UnreadableTraceException if it is nothing that is known; says what is like it
   * @throws IOException if the file cannot be read
   */
  public TraceFormat format() throws IOException {
    try (CountedStream counted = new CountedStream(source.open())) {
      return new TraceStream(name, counted, () -> counted.count, format, false).format();
    }
  }

  /**
   * Reads the file from its beginning to its end.
   *
   * @param visitor gets each record, on this thread
   * @throws UnreadableTraceException if it is nothing that is known, if no line of it is a record,
   *     or at a broken line if this reader is strict
   * @throws IOException if the file cannot be read
   */
  public TraceReading read(TraceVisitor visitor) throws IOException {
    try (CountedStream counted = new CountedStream(source.open())) {
      return new TraceStream(name, counted, () -> counted.count, format, strict)
          .read(visitor, progress);
    }
  }

  /** Counts the bytes of the file as it is stored. */
  private static final class CountedStream extends FilterInputStream {
    private long count;

    CountedStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int next = in.read();
      count += next < 0 ? 0 : 1;
      return next;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int read = in.read(into, from, length);
      count += Math.max(read, 0);
      return read;
    }
  }
}
