package mm.core;

import java.util.SplittableRandom;
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
import org.openjdk.jmh.infra.Blackhole;

/** What a page of the page cache costs, in nanoseconds of wall time for one operation. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class PageTreeBenchmark {
  private static final int OPERATIONS = 1 << 14;

  /** Pages in the tree: 64 MiB, 4 GiB. */
  @Param({"16384", "1048576"})
  int pages;

  private final FolioStore folios = new FolioStore();
  private final PageTreeNodes nodes = new PageTreeNodes();
  private PageTree full;
  private PageTree window;
  private int[] handles;
  private long[] randomIndexes;
  private long head;
  private long readAt;

  @Setup
  public void fill() {
    full = new PageTree(folios, nodes);
    window = new PageTree(folios, nodes);
    for (long index = 0; index < pages; index++) {
      full.store(index, folios.alloc(0));
    }
    handles = new int[OPERATIONS];
    randomIndexes = new long[OPERATIONS];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < OPERATIONS; i++) {
      handles[i] = folios.alloc(0);
      randomIndexes[i] = random.nextLong(pages);
    }
    head = pages;
  }

  /** Appends 16384 pages and removes them, from the first on; one page is one operation. */
  @Benchmark
  @OperationsPerInvocation(OPERATIONS)
  public void appendAndErase() {
    for (int i = 0; i < OPERATIONS; i++) {
      full.store(head + i, handles[i]);
    }
    for (int i = 0; i < OPERATIONS; i++) {
      full.erase(head + i);
    }
    head += OPERATIONS;
  }

  /** Appends 31 pages, then removes 31 that are 1024 pages behind, and so on. */
  @Benchmark
  @OperationsPerInvocation(OPERATIONS)
  public void appendHereAndEraseBehind() {
    int folio = 0;
    for (int done = 0; done < OPERATIONS; done += 32) {
      for (int i = 0; i < 32; i++) {
        window.store(head++, handles[folio++]);
      }
      for (long index = head - 1056; index < head - 1024; index++) {
        window.erase(index);
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(OPERATIONS)
  public void lookupInOrder(Blackhole sink) {
    for (int i = 0; i < OPERATIONS; i++) {
      sink.consume(full.load(readAt));
      readAt = readAt + 1 < pages ? readAt + 1 : 0;
    }
  }

  /**
   * Two readers 512 pages apart take turns, so that no lookup finds the cursor where it needs it.
   */
  @Benchmark
  @OperationsPerInvocation(OPERATIONS)
  public void lookupOfTwoReaders(Blackhole sink) {
    for (int i = 0; i < OPERATIONS; i += 2) {
      sink.consume(full.load(readAt));
      sink.consume(full.load(readAt ^ 512));
      readAt = readAt + 1 < pages ? readAt + 1 : 0;
    }
  }

  @Benchmark
  @OperationsPerInvocation(OPERATIONS)
  public void lookupAtRandom(Blackhole sink) {
    for (int i = 0; i < OPERATIONS; i++) {
      sink.consume(full.load(randomIndexes[i]));
    }
  }

  /** Batches of 31 folios; one folio is one operation. */
  @Benchmark
  @OperationsPerInvocation(OPERATIONS)
  public void lookupInBatches(Blackhole sink) {
    FolioBatch batch = new FolioBatch();
    long index = 0;
    while (index < OPERATIONS) {
      index = full.lookup(batch, index, OPERATIONS - 1);
      sink.consume(batch.get(0));
      batch.reinit();
    }
  }

  /** Marks pages dirty, tags them, finds them by their tag and clears both marks again. */
  @Benchmark
  @OperationsPerInvocation(OPERATIONS)
  public void markTagFindAndClear(Blackhole sink) {
    for (long index = 0; index < OPERATIONS; index++) {
      full.setMark(index, PageMark.DIRTY);
    }
    full.tagForWriteback(0, OPERATIONS - 1);
    FolioBatch batch = new FolioBatch();
    long index = 0;
    while (index < OPERATIONS) {
      index = full.lookupMarked(batch, PageMark.TOWRITE, index, OPERATIONS - 1);
      sink.consume(batch.get(0));
      batch.reinit();
    }
    for (long clear = 0; clear < OPERATIONS; clear++) {
      full.clearMark(clear, PageMark.DIRTY);
      full.clearMark(clear, PageMark.TOWRITE);
    }
  }
}
