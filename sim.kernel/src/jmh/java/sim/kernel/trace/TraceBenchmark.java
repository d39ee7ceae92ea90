package sim.kernel.trace;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one event costs, by sink, in a mix of those that a DONTCACHE write emits. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TraceBenchmark {
  private static final int ROUNDS = 1 << 12;
  private static final int EVENTS_PER_ROUND = 8;

  /** Where events go. */
  public enum Sink {
    /** Nobody wants them. */
    NONE,
    /** The last 1024 of each CPU are kept. */
    RING,
    /** All are hashed. */
    DIGEST
  }

  /** Where events go. */
  @Param public Sink sink;

  private Trace trace;
  private long timeNs;
  private long page;

  /** Adds the sink. */
  @Setup
  public void addSink() {
    trace = new Trace();
    switch (sink) {
      case NONE -> {}
      case RING -> trace.addSink(new RingSink(1024));
      case DIGEST -> trace.addSink(new DigestSink());
    }
  }

  /** Four folios added, two dirtied, one bio queued and completed. */
  @Benchmark
  @OperationsPerInvocation(ROUNDS * EVENTS_PER_ROUND)
  public void emit() {
    for (int i = 0; i < ROUNDS; i++) {
      for (int folio = 0; folio < 4; folio++) {
        timeNs += 900;
        page++;
        trace.emit(
            timeNs, 1, Tracepoint.MM_FILEMAP_ADD_TO_PAGE_CACHE, page & 0xFFFFF, 131, page, 0);
      }
      trace.emit(timeNs += 300, 1, Tracepoint.WRITEBACK_DIRTY_FOLIO, 131, page);
      trace.emit(timeNs += 300, 1, Tracepoint.WRITEBACK_DIRTY_FOLIO, 131, page - 1);
      trace.emit(timeNs += 1_000, 1, Tracepoint.BLOCK_BIO_QUEUE, 8, page * 8, 32, 87, 41, i);
      trace.emit(timeNs += 80_000, 2, Tracepoint.BLOCK_BIO_COMPLETE, 8, page * 8, 32, 0, 87, i);
    }
  }
}
