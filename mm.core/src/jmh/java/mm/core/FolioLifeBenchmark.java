package mm.core;

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

/**
 * The state changes of a DONTCACHE write, from the birth of a folio to its end, without the
 * simulation around them: what the data structures leave of the time for one simulated folio.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class FolioLifeBenchmark {
  private static final int WRITE_FOLIOS = 32;
  private static final int WRITES = 128;

  @Param({"1", "32"})
  int mappings;

  private final FolioStore folios = new FolioStore();
  private final LruLists lru = new LruLists(folios);
  private final AddressSpaces spaces = new AddressSpaces(folios);
  private final FolioBatch batch = new FolioBatch();
  private AddressSpace[] files;
  private long[] position;
  private int turn;

  @Setup
  public void create() {
    files = new AddressSpace[mappings];
    position = new long[mappings];
    for (int i = 0; i < mappings; i++) {
      files[i] = spaces.create(i);
    }
  }

  /** Writes of 32 folios to the files in turn; 8 writes are under way in each. */
  @Benchmark
  @OperationsPerInvocation(WRITE_FOLIOS * WRITES)
  public void writeToDrop() {
    for (int i = 0; i < WRITES; i++) {
      turn = turn + 1 < mappings ? turn + 1 : 0;
      AddressSpace file = files[turn];
      long first = position[turn];
      position[turn] += WRITE_FOLIOS;
      write(file, first);
      submit(file, first);
      complete(file, Math.max(0, first - 8 * WRITE_FOLIOS), first - 7 * WRITE_FOLIOS - 1);
    }
  }

  private void write(AddressSpace file, long first) {
    for (long index = first; index < first + WRITE_FOLIOS; index++) {
      if (file.pages().load(index) != 0) {
        throw new IllegalStateException("page " + index + " is cached");
      }
      int folio = folios.alloc(0);
      folios.trylock(folio);
      folios.set(folio, FolioFlag.DROPBEHIND);
      folios.setMapping(folio, file.id(), index);
      folios.get(folio);
      file.pages().store(index, folio);
      lru.add(folio);
      folios.set(folio, FolioFlag.UPTODATE);
      folios.testSet(folio, FolioFlag.DIRTY);
      file.pages().setMark(index, PageMark.DIRTY);
      folios.unlock(folio);
      folios.put(folio);
    }
  }

  private void submit(AddressSpace file, long first) {
    long index = first;
    while (index < first + WRITE_FOLIOS) {
      batch.reinit();
      index = file.pages().lookupMarked(batch, PageMark.DIRTY, index, first + WRITE_FOLIOS - 1);
      for (int slot = 0; slot < batch.count(); slot++) {
        int folio = batch.get(slot);
        folios.trylock(folio);
        folios.testClear(folio, FolioFlag.DIRTY);
        folios.testSet(folio, FolioFlag.WRITEBACK);
        file.pages().setMark(folios.index(folio), PageMark.WRITEBACK);
        file.pages().clearMark(folios.index(folio), PageMark.DIRTY);
        folios.unlock(folio);
      }
    }
  }

  private void complete(AddressSpace file, long first, long last) {
    for (long index = first; index <= last; index++) {
      int folio = file.pages().load(index);
      folios.get(folio);
      folios.testClear(folio, FolioFlag.WRITEBACK);
      file.pages().clearMark(index, PageMark.WRITEBACK);
      folios.trylock(folio);
      if (!folios.test(folio, FolioFlag.DIRTY_OR_WRITEBACK)
          && folios.testClear(folio, FolioFlag.DROPBEHIND)) {
        file.pages().erase(index);
        folios.clearMapping(folio);
        folios.putTestzero(folio);
      }
      folios.unlock(folio);
      if (folios.putTestzero(folio)) {
        lru.del(folio);
        folios.free(folio);
      }
    }
  }
}
