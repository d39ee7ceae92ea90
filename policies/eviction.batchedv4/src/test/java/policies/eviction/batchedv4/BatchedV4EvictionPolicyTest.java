package policies.eviction.batchedv4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import mm.core.FolioFlag;
import mm.core.file.OpenFile;
import mm.core.mmap.StaleStores;
import mm.core.mmap.Vma;
import mm.core.reclaim.FixedLatencySwap;
import mm.core.reclaim.Swap;
import mm.core.testing.CacheFixture;
import mm.core.testing.StoreSwarm;
import org.junit.jupiter.api.Test;
import sim.kernel.check.Complaint;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/**
 * Two CPUs. The only costs: 10 us to unmap a folio, 1.5 us for an IPI to arrive, and 3150 ns for
 * the sender of a shoot-down to one CPU.
 *
 * <p>CPU 0 reclaims three dirty pages of shared memory of a process of CPU 1. From 106,000 on, it
 * has unmapped and unlocked them at 116,000, 126,000 and 136,000; then it flushes. CPU 1 takes the
 * IPI at 137,500, and at 139,150 the batch goes on.
 */
class BatchedV4EvictionPolicyTest {
  private final CacheFixture fixture =
      new CacheFixture(
          MachineProfile.ofCpus(2)
              .withoutCosts()
              .with(Cost.FOLIO_UNMAP, 10_000)
              .with(Cost.IPI, 1_500)
              .with(Cost.TLB_SHOOTDOWN, 3_000)
              .with(Cost.TLB_SHOOTDOWN_CPU, 150));

  private final Swap swap =
      fixture.cache().newSwap(8, new FixedLatencySwap(fixture.cache(), 12_000));
  private final OpenFile file = new OpenFile(swap.newMemory(Swap.Kind.SHMEM, 1, 3));
  private final StaleStores stale = fixture.cache().mapped().staleStores();
  private final int[] folios = fixture.fill(file, 3);
  private final Vma vma = fixture.mapDirty(file, folios);

  BatchedV4EvictionPolicyTest() {
    fixture.cache().evictionSlot().use(BatchedV4EvictionPolicy.ID, new BatchedV4EvictionPolicy());
    for (int page = 0; page < 3; page++) {
      fixture.accessAt(50_000, 1, vma, page, true);
    }
    fixture.reclaimAt(106_000, 0, folios);
  }

  /** CPU 1 stores to a page at that time. */
  private void storeAt(long timeNs, int page) {
    fixture.accessAt(timeNs, 1, vma, page, true);
  }

  /** A driver's task on CPU 1 writes a page out at that time; the device takes 12 us. */
  private void writeOutAt(long timeNs, int page) {
    fixture.taskAt(timeNs, 1, "driver", x -> swap.writeOut(x, file.mapping(), page));
  }

  private List<String> complaints() {
    return fixture.machine().checker().complaints().stream().map(Complaint::text).toList();
  }

  /** Page 0 goes back before the flush, at 136,000, and the others go on after it. */
  private void onlyTheOthersGoOn() {
    fixture.machine().runUntil(1_000_000);
    assertEquals(List.of("0@136000", "1@139150", "2@139150"), fixture.kept());
    assertEquals(0, fixture.cache().evictionSlot().pending());
  }

  @Test
  void aFolioThatSomebodyHasLockedGoesBackToItsList() {
    fixture.taskAt(120_000, 1, "lock", x -> fixture.cache().trylock(folios[0]));
    fixture.taskAt(150_000, 1, "unlock", x -> fixture.cache().unlock(x, folios[0]));
    onlyTheOthersGoOn();
  }

  @Test
  void aFolioUnderWritebackGoesBackToItsList() {
    writeOutAt(130_000, 0);
    onlyTheOthersGoOn();
  }

  @Test
  void aFolioThatIsMappedAgainGoesBackToItsList() {
    fixture.taskAt(
        120_000, 1, "fault", x -> fixture.cache().mapped().installAndLoad(x, vma, folios[0], true));
    onlyTheOthersGoOn();
    assertTrue(fixture.cache().folios().mapped(folios[0]));
  }

  @Test
  void aFolioThatMayBePinnedForDmaGoesBackToItsList() {
    fixture.taskAt(120_000, 1, "gup", x -> fixture.cache().folios().pin(folios[0]));
    onlyTheOthersGoOn();
  }

  @Test
  void theOthersAreLockedFromTheCheckOn() {
    fixture.machine().runUntil(130_000);
    assertFalse(fixture.cache().folios().test(folios[0], FolioFlag.LOCKED), "in its batch");
    fixture.machine().runUntil(137_000);
    assertTrue(fixture.cache().folios().test(folios[0], FolioFlag.LOCKED), "while it is flushed");
    writeOutAt(137_000, 0);
    storeAt(137_200, 0);
    fixture.machine().runUntil(1_000_000);
    assertEquals(List.of(), complaints());
    assertEquals(1, stale.count());
    assertEquals(0, stale.lost());
  }

  @Test
  void aDriverThatWritesBeforeTheCheckMissesAStoreStill() {
    writeOutAt(118_000, 0);
    storeAt(120_000, 0);
    fixture.machine().runUntil(1_000_000);
    assertEquals(1, stale.lost());
    assertEquals(List.of("0@139150"), fixture.evicted());
  }

  @Test
  void cleanFoliosAndDirtyOnesEachFillABatchOfTheirOwn() {
    OpenFile more = new OpenFile(swap.newMemory(Swap.Kind.SHMEM, 2, 31));
    int[] dirty = fixture.fill(more, 31);
    fixture.accessAt(300_000, 1, fixture.mapDirty(more, dirty), 0, true);
    int[] clean = fixture.fillMapped(fixture.newFile(), 30, 1);
    int[] list = IntStream.concat(IntStream.of(clean), IntStream.of(dirty)).toArray();
    fixture.reclaimAt(400_000, 0, list);
    fixture.machine().runUntil(2_000_000);
    // The 61st is unmapped at 1,010,000, and is the 31st dirty one: 3150 for all. No entry is left
    // to be flushed for the clean ones at the end of the list.
    assertEquals(34, fixture.kept().size());
    assertEquals("30@1013150", fixture.kept().get(33));
    assertEquals("29@1013150", fixture.evicted().get(29));
    assertEquals(2, fixture.cache().evictionSlot().tlbs().flushes());
  }

  @Test
  void whatItHasUnlockedIsHandedOverLocked() {
    fixture.machine().runUntil(120_000); // page 0 is unlocked, page 1 is being unmapped
    assertEquals(2, fixture.cache().evictionSlot().suspend().pending());
    fixture.cache().evictionSlot().use(BatchedV4EvictionPolicy.ID, new BatchedV4EvictionPolicy());
    fixture.machine().runUntil(1_000_000);
    assertEquals(3, fixture.kept().size(), fixture.kept().toString());
    assertEquals(0, fixture.cache().evictionSlot().pending());
    assertEquals(List.of(), complaints());
  }

  @Test
  void noStoreIsLostIfNobodyElseWrites() {
    long staleStores = 0;
    for (long seed = 1; seed <= 4; seed++) {
      StoreSwarm swarm = StoreSwarm.ofShmem(seed);
      assertEquals(
          0, swarm.run(BatchedV4EvictionPolicy.ID, new BatchedV4EvictionPolicy()), "seed " + seed);
      assertEquals(0, swarm.complaints(), "seed " + seed);
      staleStores += swarm.staleStores();
    }
    assertTrue(staleStores > 0, "stores that met a removed entry");
  }
}
