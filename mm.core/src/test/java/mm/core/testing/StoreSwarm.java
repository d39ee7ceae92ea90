package mm.core.testing;

import java.util.List;
import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.PageCache;
import mm.core.file.OpenFile;
import mm.core.file.PageFaults;
import mm.core.mmap.Mm;
import mm.core.mmap.Vma;
import mm.core.reclaim.FixedLatencySwap;
import mm.core.reclaim.MemorySettings;
import mm.core.reclaim.Swap;
import mm.core.reclaim.TaskEviction;
import mm.core.spi.eviction.EvictionPolicy;
import mm.core.writeback.VmSettings;
import sim.kernel.Exec;
import sim.kernel.check.Complaint;
import sim.kernel.check.Rule;
import sim.kernel.machine.MachineProfile;
import sim.kernel.random.RandomStream;

/**
 * Threads of a process that store to more pages of mapped files than there is memory for, while
 * others sync them: a random run from a seed that shows whether an eviction policy loses a store.
 */
public final class StoreSwarm {
  private static final int MEMORY_PAGES = 400;
  private static final int FILE_PAGES = 420;
  private static final int THREADS = 6;
  private static final long SPAN_NS = 15_000_000;
  private static final int ACCESSES = 4_000;

  private final RandomStream random;
  private final PageCacheFixture fixture;
  private final PageFaults faults;
  private final OpenFile file;

  /** Where the pages go that don't fit, if they are shared memory; null for those of a file. */
  private final Swap swap;

  private boolean driver;
  private final Mm mm = new Mm("process", 4);
  private Vma vma;
  private int done;

  /** A machine of four CPUs and a file that is larger than its memory. */
  public StoreSwarm(long seed) {
    this(seed, false);
  }

  private StoreSwarm(long seed, boolean shmem) {
    random = new RandomStream(seed);
    fixture =
        new PageCacheFixture(
            MachineProfile.ofCpus(4),
            new MemorySettings(MEMORY_PAGES, 0),
            VmSettings.DEFAULT.withRatios(60, 80));
    long latencyNs = 2_000 + random.nextLong(20_000);
    fixture.fileSystem().withLatencyNs(latencyNs);
    fixture.withoutWriteback();
    PageCache cache = fixture.cache();
    faults = new PageFaults(cache);
    if (shmem) {
      swap = cache.newSwap(2 * FILE_PAGES, new FixedLatencySwap(cache, latencyNs));
      file = new OpenFile(swap.newMemory(Swap.Kind.SHMEM, 1, FILE_PAGES));
    } else {
      swap = null;
      file = fixture.newFile((long) FILE_PAGES << 12);
    }
  }

  /** The same with shared memory, which reclaim writes to swap all the time. */
  public static StoreSwarm ofShmem(long seed) {
    return new StoreSwarm(seed, true);
  }

  /** A driver writes pages out too, whenever it finds them unlocked and not mapped. */
  public StoreSwarm withDriver() {
    driver = true;
    return this;
  }

  /**
   * Runs to the end, and checks every count.
   *
   * @return stores that were lost
   * @throws IllegalStateException if something else was complained of than what an unsafe batch is
   *     known for
   */
  public long run(String id, EvictionPolicy policy) {
    fixture.cache().evictionSlot().use(id, policy);
    vma = fixture.cache().mapped().map(mm, file.mapping(), 0, FILE_PAGES);
    for (int thread = 0; thread < THREADS; thread++) {
      fixture.taskAt(random.nextLong(10_000), thread % 4, new Toucher()::next);
    }
    for (int i = 0; i < 400; i++) {
      fixture.taskAt(random.nextLong(SPAN_NS), 0, x -> new Pageout().next(x));
      for (int write = 0; write < 5; write++) {
        fixture.taskAt(random.nextLong(SPAN_NS), 3, this::writeOut);
      }
    }
    fixture.runToIdle();
    if (done != THREADS * ACCESSES) {
      throw new IllegalStateException(id + ": " + done + " accesses came back");
    }
    List<Complaint> others =
        fixture.machine().checker().complaints().stream()
            .filter(c -> c.rule() != Rule.LOST_STORE && c.rule() != Rule.DOMAIN)
            .toList();
    if (!others.isEmpty()) {
      throw new IllegalStateException(id + ": " + others.get(0).text());
    }
    return fixture.cache().mapped().staleStores().lost();
  }

  /** Complaints of the run, lost stores included. */
  public long complaints() {
    return fixture.machine().checker().count();
  }

  /** Stores that met an entry which was removed and not flushed, lost or not. */
  public long staleStores() {
    return fixture.cache().mapped().staleStores().count();
  }

  /** What others do: sync a file, or write out shared memory as a driver does. */
  private void writeOut(Exec x) {
    long page = random.nextLong(FILE_PAGES / 10);
    if (swap != null) {
      for (int i = 0; driver && i < 4; i++) {
        swap.writeOut(x, file.mapping(), page + i);
      }
      return;
    }
    fixture.cache().syncFileRange(x, file, page << 12, 4 << 12, 2);
  }

  /** Evicts pages, used or not, as {@code MADV_PAGEOUT} has it done. */
  private final class Pageout {
    private static final int FOLIOS = 20;
    private final TaskEviction eviction;
    private int left = FOLIOS;

    Pageout() {
      eviction = fixture.cache().evictionSlot().acquire(this::unmapped, this::keep);
    }

    void next(Exec x) {
      if (left-- == 0) {
        x.then(y -> fixture.cache().evictionSlot().release(eviction));
        eviction.flush(x);
      } else {
        x.then(this::next);
        evictOne(x);
      }
    }

    private void evictOne(Exec x) {
      int folio = fixture.folio(file, random.nextLong(FILE_PAGES / 10));
      boolean found = folio != 0 && fixture.cache().folios().tryGet(folio);
      if (found && fixture.cache().trylock(folio)) {
        evictLocked(x, folio);
      } else if (found) {
        fixture.cache().put(folio);
      }
    }

    private void evictLocked(Exec x, int folio) {
      if (!fixture.cache().folios().test(folio, FolioFlag.LRU)) {
        fixture.cache().unlock(x, folio);
        fixture.cache().put(folio);
        return;
      }
      fixture.cache().lru().del(folio); // isolated: nobody else evicts it meanwhile
      if (fixture.cache().folios().mapped(folio)) {
        eviction.evict(x, folio);
      } else {
        unmapped(x, folio);
      }
    }

    private void unmapped(Exec x, int folio) {
      AddressSpace mapping = fixture.cache().mappings().of(folio);
      if (mapping != null && swap != null) {
        // Reclaim's pageout() does the same under one lock.
        long index = fixture.cache().folios().index(folio);
        fixture.cache().unlock(x, folio);
        swap.writeOut(x, mapping, index);
        keep(x, folio);
        return;
      }
      boolean gone = mapping == null || fixture.cache().invalidateFolio(x, mapping, folio);
      fixture.cache().unlock(x, folio);
      if (gone) {
        fixture.cache().put(folio);
      } else {
        keep(x, folio);
      }
    }

    private void keep(Exec x, int folio) {
      fixture.cache().lru().add(folio);
      fixture.cache().put(folio);
    }
  }

  private final class Toucher {
    private int left = ACCESSES;

    void next(Exec x) {
      if (left-- == 0) {
        return;
      }
      x.then(this::next);
      x.then(
          y -> {
            done++;
            y.chargeUser(100 + random.nextLong(400));
          });
      // Nine of ten go to a tenth of the pages, so that some are in use when they are evicted.
      long pages = random.nextInt(10) != 0 ? FILE_PAGES / 10 : FILE_PAGES;
      faults.access(x, file, vma, random.nextLong(pages), random.nextInt(3) != 0);
    }
  }
}
