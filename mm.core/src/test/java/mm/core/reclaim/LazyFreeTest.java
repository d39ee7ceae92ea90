package mm.core.reclaim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.LruList;
import mm.core.NodeStat;
import mm.core.PageCache;
import mm.core.file.OpenFile;
import mm.core.file.PageFaults;
import mm.core.mmap.Mm;
import mm.core.mmap.Vma;
import mm.core.testing.PageCacheFixture;
import mm.core.writeback.VmSettings;
import org.junit.jupiter.api.Test;
import sim.kernel.Step;
import sim.kernel.machine.MachineProfile;

/** Four anonymous pages that a process has stored to, and then given up. */
class LazyFreeTest {
  private final PageCacheFixture fixture =
      new PageCacheFixture(
          MachineProfile.ofCpus(2), new MemorySettings(512, 0), VmSettings.DEFAULT);
  private final PageCache cache = fixture.cache();
  private final FolioStore folios = cache.folios();
  private final FixedLatencySwap disk = new FixedLatencySwap(cache, 50_000);
  private final Swap swap = cache.newSwap(16, disk);
  private final AddressSpace memory = swap.newMemory(Swap.Kind.ANON, 7, 4);
  private final OpenFile file = new OpenFile(memory);
  private final Vma vma = cache.mapped().map(new Mm("process", 2), memory, 0, 4);
  private final PageFaults faults = new PageFaults(cache);

  LazyFreeTest() {
    cache.evictionSlot().use("eviction.per-folio", AtOnceEviction::new);
    for (int page = 0; page < 4; page++) {
      access(page, true);
    }
  }

  private void now(Step step) {
    fixture.taskAt(fixture.machine().nowNs(), 0, step);
    fixture.runUntil(fixture.machine().nowNs() + 1_000_000);
  }

  private void access(int page, boolean store) {
    now(x -> faults.access(x, file, vma, page, store));
  }

  private void giveUp() {
    now(x -> cache.mapped().lazyFree(x, vma, 0, 4));
  }

  private void reclaimAll() {
    Memory all = cache.memory();
    now(x -> all.reclaim().newScan(ReclaimOrigin.DIRECT, all.root(), 32, 0).begin(x));
  }

  @Test
  void whatIsNotStoredToAgainIsFreedWithoutSwap() {
    giveUp();
    int folio = memory.pages().load(0);
    assertEquals(LruList.INACTIVE_FILE, LruList.ofFlags(folios.flags(folio)));
    assertFalse(folios.test(folio, FolioFlag.DIRTY));
    assertEquals(4, cache.stats().get(NodeStat.LAZYFREE));
    cache.verify();
    reclaimAll();
    assertEquals(0, memory.nrPages());
    assertEquals(4, cache.stats().get(NodeStat.LAZYFREED));
    assertEquals(0, disk.pagesWritten());
    assertEquals(16, swap.freeSlots());
    access(0, false);
    assertEquals(0, disk.pagesRead(), "a new page of zeroes");
    assertEquals(0, cache.stats().get(NodeStat.REFAULT_ANON));
    cache.verify();
  }

  @Test
  void whatIsStoredToAgainIsKeptAndAnonymousAsBefore() {
    giveUp();
    access(2, true);
    int folio = memory.pages().load(2);
    assertFalse(folios.test(folio, FolioFlag.SWAPBACKED), "until reclaim finds out");
    cache.mapped().testClearReferenced(folio);
    reclaimAll();
    assertEquals(1, memory.nrPages());
    assertTrue(folios.mapped(folio));
    assertTrue(folios.test(folio, FolioFlag.SWAPBACKED));
    // Active, and deactivated at once, as the only anonymous folio there is.
    assertTrue(folios.test(folio, FolioFlag.WORKINGSET));
    assertEquals(LruList.INACTIVE_ANON, LruList.ofFlags(folios.flags(folio)));
    assertEquals(3, cache.stats().get(NodeStat.LAZYFREED));
    assertEquals(0, disk.pagesWritten());
    cache.verify();
  }

  @Test
  void somebodyElsesReferenceKeepsItMapped() {
    giveUp();
    int folio = memory.pages().load(1);
    folios.get(folio);
    reclaimAll();
    assertTrue(folios.mapped(folio));
    folios.put(folio);
    assertEquals(1, memory.nrPages());
    cache.verify();
  }

  @Test
  void aSlotIsGivenBackWhetherThePageIsInMemoryOrNot() {
    for (int look = 0; look < 3; look++) {
      reclaimAll(); // Used once: kept; then written; then freed.
    }
    assertEquals(0, memory.nrPages());
    assertEquals(12, swap.freeSlots());
    access(3, false);
    assertEquals(12, swap.freeSlots());
    giveUp();
    assertEquals(16, swap.freeSlots());
    assertEquals(0, cache.stats().get(NodeStat.SWAPCACHE));
    access(0, false);
    assertEquals(1, disk.pagesRead(), "page 3 only");
    cache.verify();
  }

  @Test
  void onlyAnonymousMemoryCanBeGivenUp() {
    AddressSpace shared = swap.newMemory(Swap.Kind.SHMEM, 8, 1);
    Vma part = cache.mapped().map(new Mm("process", 2), shared, 0, 1);
    assertThrows(IllegalArgumentException.class, () -> cache.mapped().lazyFree(null, part, 0, 1));
  }
}
