package mm.core;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Heap for one cached folio, all bookkeeping in: its record, its share of the tree, its place on an
 * LRU list. Fills a page cache in index order and asks the collector what is in use before and
 * after.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx6g")
@State(Scope.Thread)
public class FolioFillBenchmark {
  /** 16 million: 64 GiB of page cache in folios of one page. */
  @Param("16777216")
  int folioCount;

  @Param({"1", "32"})
  int mappings;

  /** What was measured beside the time. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Memory {
    /** Heap in use after minus before, by the folio. */
    public double bytesPerFolio;

    /** The arrays' own sizes, by the folio: what of it is not the collector's. */
    public double arrayBytesPerFolio;
  }

  @Benchmark
  public Object fill(Memory memory) {
    long before = heapUsedBytes();
    FolioStore folios = new FolioStore();
    LruLists lru = new LruLists(folios);
    AddressSpaces spaces = new AddressSpaces(folios);
    for (int i = 0; i < mappings; i++) {
      spaces.create(i);
    }
    for (int i = 0; i < folioCount; i++) {
      // Writes of 32 folios go to the files in turn, as in a run of that many writers.
      AddressSpace file = spaces.get(1 + i / 32 % mappings);
      int folio = folios.alloc(0);
      folios.setMapping(folio, file.id(), file.nrPages());
      file.pages().store(file.nrPages(), folio);
      lru.add(folio);
    }
    memory.bytesPerFolio = (heapUsedBytes() - before) / (double) folioCount;
    memory.arrayBytesPerFolio =
        (folios.footprintBytes() + spaces.footprintBytes()) / (double) folioCount;
    return new Object[] {folios, lru, spaces};
  }

  private static long heapUsedBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
