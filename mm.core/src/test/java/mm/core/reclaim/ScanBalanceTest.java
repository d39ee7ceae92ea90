package mm.core.reclaim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.LruList;
import mm.core.NodeStat;
import mm.core.PageCache;
import mm.core.testing.CacheFixture;
import mm.core.writeback.VmSettings;
import org.junit.jupiter.api.Test;
import sim.kernel.Machine;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Trace;

/** Pages of {inactive anon, active anon, inactive file, active file} to look at. */
class ScanBalanceTest {
  private final CacheFixture fixture = new CacheFixture(MachineProfile.ofCpus(2).withoutCosts());
  private final PageCache cache = fixture.cache();
  private final FolioStore folios = cache.folios();
  private final Memory memory = cache.memory();
  private final Memcg root = memory.root();
  private final ScanBalance balance = new ScanBalance(cache, memory);

  private void lists(int inactiveAnon, int activeAnon, int inactiveFile, int activeFile) {
    add(inactiveAnon, FolioFlag.SWAPBACKED);
    add(activeAnon, FolioFlag.SWAPBACKED.or(FolioFlag.ACTIVE));
    add(inactiveFile, FolioFlag.UPTODATE);
    add(activeFile, FolioFlag.ACTIVE);
  }

  private void add(int count, FolioFlag flags) {
    for (int i = 0; i < count; i++) {
      int folio = folios.alloc(0);
      folios.set(folio, flags);
      cache.lru().add(folio);
    }
  }

  private void withSwap() {
    cache.newSwap(10, new FixedLatencySwap(cache, 1_000));
  }

  private void assertScans(int priority, ReclaimOrigin by, long... pages) {
    balance.prepare(root, by, priority);
    long[] counted = new long[4];
    balance.count(cache.lru().lruvec(0, 0), counted);
    assertArrayEquals(pages, counted);
  }

  private void assertScans(int priority, long... pages) {
    assertScans(priority, ReclaimOrigin.DIRECT, pages);
  }

  @Test
  void withoutAFreeSlotOnlyFilePagesAreScanned() {
    lists(400, 400, 400, 500);
    assertScans(1, 0, 0, 200, 250);
    assertScans(0, 0, 0, 400, 500);
  }

  @Test
  void swappinessSaysWhatEachTypeIsScannedBeforeAnythingHasCostAnything() {
    withSwap();
    lists(400, 400, 400, 500);
    // Of 200 and 250: 60 of 200 anonymous, 140 of 200 file.
    assertScans(1, 60, 60, 140, 175);
    memory.setSwappiness(100);
    assertScans(1, 100, 100, 100, 125);
    memory.setSwappiness(0);
    assertScans(1, 0, 0, 200, 250);
    memory.setSwappiness(200);
    assertScans(1, 200, 200, 0, 0);
    assertThrows(IllegalArgumentException.class, () -> memory.setSwappiness(201));
  }

  @Test
  void whatCostMoreIsScannedLess() {
    withSwap();
    lists(400, 400, 400, 500);
    root.anonCost = 100;
    // anon 60 * 301 / 201 = 89, file 140 * 301 / 101 = 417; 200 * 89 / 506, 250 * 417 / 506.
    assertScans(1, 35, 35, 164, 206);
  }

  @Test
  void enoughInactiveFilePagesSpareTheAnonymousOnesUnlessSomeComeBack() {
    withSwap();
    lists(400, 400, 500, 500);
    assertScans(1, 0, 0, 250, 250);
    cache.stats().add(NodeStat.REFAULT_ACTIVATE_FILE, 1);
    assertScans(1, 60, 60, 175, 175);
    memory.reclaim().snapshotRefaults(root);
    assertScans(1, 0, 0, 250, 250);
    balance.forbidCacheTrim();
    long[] counted = new long[4];
    balance.count(cache.lru().lruvec(0, 0), counted);
    assertArrayEquals(new long[] {60, 60, 175, 175}, counted);
  }

  @Test
  void atTheLastPriorityBothAreScannedWhole() {
    withSwap();
    lists(400, 400, 500, 500);
    assertScans(0, 400, 400, 500, 500);
    memory.setSwappiness(0);
    assertScans(0, 0, 0, 500, 500);
  }

  @Test
  void aGroupNeverSwapsAtSwappinessZero() {
    withSwap();
    lists(400, 400, 400, 500);
    memory.setSwappiness(0);
    root.fileCost = 1_000_000;
    assertScans(0, ReclaimOrigin.MEMCG, 0, 0, 400, 500);
  }

  @Test
  void costsAreHalvedWhenTheyExceedAQuarterOfTheLists() {
    lists(0, 0, 400, 400);
    Reclaim reclaim = memory.reclaim();
    reclaim.noteCost(root, LruList.INACTIVE_FILE, 0, 150);
    reclaim.noteCost(root, LruList.INACTIVE_ANON, 1, 18);
    assertEquals(150, root.fileCost);
    assertEquals(50, root.anonCost, "32 for a page written, 18 in vain");
    reclaim.noteCost(root, LruList.INACTIVE_ANON, 0, 2); // 202 > 800 / 4
    assertEquals(75, root.fileCost);
    assertEquals(26, root.anonCost);
  }

  @Test
  void withHardlyAnyFilePagesLeftOnlyAnonymousOnesAreScanned() {
    // High watermark of 512 pages: 45 + 2 * 11 = 67; 58 are free, and 4 are of files.
    Machine small = new Machine(MachineProfile.ofCpus(2), 1, new Trace());
    PageCache scarce = new PageCache(small, new MemorySettings(512, 0), VmSettings.DEFAULT);
    scarce.newSwap(10, new FixedLatencySwap(scarce, 1_000));
    int[] count = {450, 0, 2, 2};
    FolioFlag[] flags = {
      FolioFlag.SWAPBACKED, FolioFlag.SWAPBACKED, FolioFlag.UPTODATE, FolioFlag.ACTIVE
    };
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < count[i]; j++) {
        int folio = scarce.folios().alloc(0);
        scarce.folios().set(folio, flags[i]);
        scarce.lru().add(folio);
      }
    }
    Memory memory = scarce.memory();
    assertEquals(67, memory.highWatermarkPages());
    long[] counted = new long[4];
    ScanBalance tiny = new ScanBalance(scarce, memory);
    tiny.prepare(memory.root(), ReclaimOrigin.KSWAPD, 1);
    tiny.count(scarce.lru().lruvec(0, 0), counted);
    assertArrayEquals(new long[] {225, 0, 0, 0}, counted);
    tiny.prepare(memory.root(), ReclaimOrigin.MEMCG, 1);
    tiny.count(scarce.lru().lruvec(0, 0), counted);
    assertArrayEquals(new long[] {0, 0, 1, 1}, counted, "a group's limit is none of the machine's");
  }
}
