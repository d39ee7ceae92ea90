package mm.core.reclaim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.NodeStat;
import mm.core.PageCache;
import mm.core.file.OpenFile;
import mm.core.file.PageFaults;
import mm.core.mmap.Mm;
import mm.core.mmap.Vma;
import mm.core.testing.PageCacheFixture;
import mm.core.writeback.VmSettings;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.machine.MachineProfile;
import sim.kernel.random.RandomStream;

class SwapTest {
  private static final int MEMORY = 512;

  private final PageCacheFixture fixture =
      new PageCacheFixture(
          MachineProfile.ofCpus(4), new MemorySettings(MEMORY, 0), VmSettings.DEFAULT);
  private final PageCache cache = fixture.cache();
  private final FixedLatencySwap disk = new FixedLatencySwap(cache, 50_000);
  private final PageFaults faults = new PageFaults(cache);

  /** Stores to each page in turn; the results go to the log. */
  private void store(Exec x, OpenFile file, Vma vma, int page, int end) {
    if (page < end) {
      x.then(y -> store(y, file, vma, page + 1, end));
      x.then(
          y -> {
            if (y.result() != 0) {
              fixture.log().add(page + ": " + y.result());
            }
          });
      faults.access(x, file, vma, page, true);
    }
  }

  private void useEviction() {
    cache.evictionSlot().use("eviction.per-folio", AtOnceEviction::new);
  }

  @Test
  void moreMemoryThanThereIsGoesToSwapAndComesBack() {
    for (Swap.Kind kind : Swap.Kind.values()) {
      SwapTest machine = new SwapTest();
      machine.swapOutAndBackIn(kind);
    }
  }

  private void swapOutAndBackIn(Swap.Kind kind) {
    useEviction();
    Swap swap = cache.newSwap(2 * MEMORY, disk);
    AddressSpace memory = swap.newMemory(kind, 7, 2 * MEMORY);
    OpenFile file = new OpenFile(memory);
    Vma vma = cache.mapped().map(new Mm("process", 4), memory, 0, 2 * MEMORY);
    fixture.taskAt(
        0,
        0,
        x -> {
          x.then(y -> store(y, file, vma, 0, 2 * MEMORY));
          store(x, file, vma, 0, 2 * MEMORY);
        });
    fixture.runToIdle();
    assertEquals(List.of(), fixture.log(), "accesses that failed");
    // Each of 1024 pages was stored to twice; what was not in memory had been written and was read.
    long absent = 2 * MEMORY - memory.nrPages();
    assertTrue(absent > MEMORY, "pages in swap only: " + absent);
    assertTrue(disk.pagesRead() > MEMORY, "pages read: " + disk.pagesRead());
    assertTrue(disk.pagesWritten() >= disk.pagesRead() + absent, "written " + disk.pagesWritten());
    // A slot for each page that is in swap only, and for each in the swap cache.
    long cached = cache.stats().get(NodeStat.SWAPCACHE);
    assertEquals(2 * MEMORY - absent - cached, swap.freeSlots());
    boolean anon = kind == Swap.Kind.ANON;
    assertEquals(anon ? 0 : memory.nrPages() - cached, cache.stats().get(NodeStat.SHMEM));
    assertEquals(
        anon ? cached : memory.nrPages(), cache.stats().get(NodeStat.FILE_PAGES), "file pages");
    assertEquals(0, fixture.machine().checker().count());
  }

  @Test
  void withoutSlotsMemoryStaysAndTheNextStoreFails() {
    useEviction();
    Swap swap = cache.newSwap(10, disk);
    AddressSpace memory = swap.newMemory(Swap.Kind.SHMEM, 7, 2 * MEMORY);
    OpenFile file = new OpenFile(memory);
    Vma vma = cache.mapped().map(new Mm("process", 4), memory, 0, 2 * MEMORY);
    fixture.taskAt(0, 0, x -> store(x, file, vma, 0, MEMORY + 11));
    fixture.runToIdle();
    assertEquals(0, swap.freeSlots());
    assertTrue(fixture.log().get(0).endsWith(": -12"), fixture.log().toString());
  }

  @Test
  void whatIsSwappedInCleanIsDroppedWithoutASecondWrite() {
    useEviction();
    Swap swap = cache.newSwap(4, disk);
    AddressSpace memory = swap.newMemory(Swap.Kind.SHMEM, 7, 1);
    OpenFile file = new OpenFile(memory);
    Vma vma = cache.mapped().map(new Mm("process", 4), memory, 0, 1);
    Reclaim reclaim = cache.memory().reclaim();
    Memcg root = cache.memory().root();
    fixture.taskAt(0, 0, x -> faults.access(x, file, vma, 0, true));
    // Used once: kept by the first look, written by the second, freed by the third.
    for (int look = 1; look <= 3; look++) {
      fixture.taskAt(
          look * 1_000_000L, 1, x -> reclaim.newScan(ReclaimOrigin.DIRECT, root, 32, 0).begin(x));
    }
    fixture.runUntil(1_500_000);
    assertTrue(fixture.flags(file, 0).contains("dirty"), fixture.flags(file, 0));
    fixture.runUntil(2_040_000);
    assertTrue(fixture.flags(file, 0).contains("writeback"), fixture.flags(file, 0));
    assertTrue(fixture.flags(file, 0).contains("swapcache"), fixture.flags(file, 0));
    fixture.runUntil(3_500_000);
    assertEquals("absent", fixture.flags(file, 0));
    assertEquals(3, swap.freeSlots());
    fixture.taskAt(4_000_000, 0, x -> faults.access(x, file, vma, 0, false));
    for (int look = 5; look <= 6; look++) {
      fixture.taskAt(
          look * 1_000_000L, 1, x -> reclaim.newScan(ReclaimOrigin.DIRECT, root, 32, 0).begin(x));
    }
    fixture.runToIdle();
    assertEquals("absent", fixture.flags(file, 0));
    assertEquals(1, disk.pagesWritten());
    assertEquals(1, disk.pagesRead());
  }

  @Test
  void aStoreFreesTheSlotOfWhatWasSwappedIn() {
    useEviction();
    Swap swap = cache.newSwap(4, disk);
    AddressSpace memory = swap.newMemory(Swap.Kind.ANON, 7, 1);
    OpenFile file = new OpenFile(memory);
    Vma vma = cache.mapped().map(new Mm("process", 4), memory, 0, 1);
    fixture.taskAt(0, 0, x -> faults.access(x, file, vma, 0, true));
    fixture.runUntil(100_000);
    int folio = fixture.folio(file, 0);
    fixture.taskAt(
        100_000,
        1,
        x -> {
          cache.trylock(folio);
          memory.swapBacked().allocSlot(folio);
          cache.folios().clear(folio, FolioFlag.DIRTY);
          cache.unlock(x, folio);
        });
    fixture.runUntil(200_000);
    assertEquals(3, swap.freeSlots());
    fixture.taskAt(200_000, 1, x -> cache.markDirty(x, folio));
    fixture.runToIdle();
    assertEquals(4, swap.freeSlots());
    assertEquals(0, cache.stats().get(NodeStat.SWAPCACHE));
  }

  @Test
  void levelsHoldAfterEachEventWhateverIsStoredAndRead() {
    useEviction();
    RandomStream random = new RandomStream(3);
    Swap swap = cache.newSwap(2 * MEMORY, disk);
    for (Swap.Kind kind : Swap.Kind.values()) {
      AddressSpace memory = swap.newMemory(kind, 7 + kind.ordinal(), MEMORY);
      OpenFile file = new OpenFile(memory);
      Vma vma = cache.mapped().map(new Mm("process", 4), memory, 0, MEMORY);
      for (int cpu = 0; cpu < 2; cpu++) {
        fixture.taskAt(0, cpu, x -> touch(x, file, vma, random, 1_500));
      }
    }
    while (fixture.machine().events().size() > 0
        && fixture.machine().nowNs() < 3_600_000_000_000L) {
      fixture.machine().runUntil(fixture.machine().events().peekTimeNs() + 20_000);
      cache.verifyLevels();
    }
    cache.verify();
    assertTrue(disk.pagesRead() > 100, "pages read: " + disk.pagesRead());
    assertTrue(cache.stats().get(NodeStat.LAZYFREED) > 0, "freed without swap");
    assertTrue(cache.stats().peak(NodeStat.MLOCK) > 0, "locked");
    // Whatever was read had been evicted, and what is older than memory is forgotten.
    assertTrue(cache.stats().get(NodeStat.REFAULT_ANON) > 100);
    assertTrue(cache.stats().get(NodeStat.REFAULT_ANON) <= disk.pagesRead());
    assertEquals(0, fixture.machine().checker().count());
  }

  private void touch(Exec x, OpenFile file, Vma vma, RandomStream random, int left) {
    if (left > 0) {
      x.then(y -> touch(y, file, vma, random, left - 1));
      if (left % 50 == 0 && file.mapping().swapBacked().isAnon()) {
        long first = random.nextLong(MEMORY - 8);
        cache.mapped().lazyFree(x, vma, first, first + 8);
      }
      if (left % 70 == 0) {
        cache.mapped().munlock(vma);
      } else if (left % 70 == 5) {
        cache.mapped().mlock(vma);
      }
      faults.access(x, file, vma, random.nextLong(MEMORY), random.nextInt(2) == 0);
    }
  }
}
