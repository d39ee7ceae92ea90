package launcher.trace;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Megabytes of plain text a second; each trace is made 16 MB long by repeating it. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@OperationsPerInvocation(TraceReaderBenchmark.MEGABYTES)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@State(Scope.Benchmark)
public class TraceReaderBenchmark {
  static final int MEGABYTES = 16;

  private byte[] ftrace;
  private byte[] iolog;
  private byte[] blkparse;

  /** Makes the texts. */
  @Setup
  public void make() throws IOException {
    try (InputStream in =
        new GZIPInputStream(TraceReaderBenchmark.class.getResourceAsStream("cut.trace.gz"))) {
      ftrace = repeated(new byte[0], in.readAllBytes());
    }
    iolog =
        repeated(
            "fio version 3 iolog\n30 data.0 add\n".getBytes(),
            "286 data.0 write 9318400 4096\n".getBytes());
    blkparse =
        repeated(
            new byte[0],
            "259,0    3        3     0.000000299  1867  Q  WS 763360912 + 8 [fio]\n".getBytes());
  }

  private static byte[] repeated(byte[] head, byte[] text) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head);
    while (all.size() < MEGABYTES * 1_000_000) {
      all.writeBytes(text);
    }
    return all.toByteArray();
  }

  private static TraceReading read(byte[] text) throws IOException {
    return TraceReader.of("t", () -> new ByteArrayInputStream(text)).read(new TraceSummary());
  }

  /** Lines of every event of the captures, counted. */
  @Benchmark
  public TraceReading ftrace() throws IOException {
    return read(ftrace);
  }

  /** Writes of one file, counted. */
  @Benchmark
  public TraceReading iolog() throws IOException {
    return read(iolog);
  }

  /** Bios, counted. */
  @Benchmark
  public TraceReading blkparse() throws IOException {
    return read(blkparse);
  }
}
