package policies.eviction.batchedunsafe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
import sim.kernel.check.Rule;
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
class BatchedUnsafeEvictionPolicyTest {
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

  BatchedUnsafeEvictionPolicyTest() {
    fixture
        .cache()
        .evictionSlot()
        .use(BatchedUnsafeEvictionPolicy.ID, new BatchedUnsafeEvictionPolicy());
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

  @Test
  void aStoreAfterSomebodyWroteTheUnlockedFolioIsLost() {
    writeOutAt(118_000, 0);
    storeAt(120_000, 0);
    storeAt(132_000, 0);
    fixture.machine().runUntil(1_000_000);
    assertEquals(3, complaints().size(), complaints().toString());
    assertTrue(
        complaints()
            .get(0)
            .startsWith(
                "[0.000118] BUG: broken invariant: eviction.batched-unsafe: a write-out began with"
                    + " an unflushed TLB batch that lets CPUs store"),
        complaints().get(0));
    String lost =
        "BUG: store lost through a stale TLB entry: eviction.batched-unsafe: page 0 of inode 1,"
            + " stored by process to folio "
            + folios[0];
    assertTrue(
        complaints().get(1).startsWith("[0.000120] " + lost + " after its write-out began, in "),
        complaints().get(1));
    assertTrue(
        complaints().get(2).startsWith("[0.000132] " + lost + " after it was written out, in "),
        complaints().get(2));
    Complaint first = fixture.machine().checker().complaints().get(1);
    assertEquals(Rule.LOST_STORE, first.rule());
    assertEquals(1, first.cpu());
    assertEquals(120_000, first.timeNs());
    // Clean by now, page 0 is freed with what was stored; the others are dirty and stay.
    assertEquals(List.of("0@139150"), fixture.evicted());
    assertEquals(List.of("1@139150", "2@139150"), fixture.kept());
    assertEquals(2, stale.lost());
  }

  @Test
  void aDirtyFolioOfAFileStaysLocked() {
    OpenFile onDisk = fixture.newFile();
    int[] page = fixture.fill(onDisk, 1);
    fixture.accessAt(200_000, 1, fixture.mapDirty(onDisk, page), 0, true);
    fixture.reclaimAt(306_000, 0, page);
    fixture.machine().runUntil(317_000); // unmapped at 316,000, flushed by 319,150
    assertFalse(fixture.cache().folios().mapped(page[0]));
    assertTrue(fixture.cache().folios().test(page[0], FolioFlag.LOCKED));
    fixture.machine().runUntil(1_000_000);
    assertEquals("0@319150", fixture.kept().get(3));
  }

  @Test
  void aStoreInTheWindowIsSafeAsLongAsTheFolioIsDirty() {
    storeAt(120_000, 0);
    storeAt(137_499, 2);
    fixture.machine().runUntil(1_000_000);
    assertEquals(List.of(), complaints());
    assertEquals(2, stale.count());
    assertEquals(0, stale.lost());
    assertEquals(List.of("0@139150", "1@139150", "2@139150"), fixture.kept());
  }

  @Test
  void theWindowEndsWithTheInterruptOnTheOtherCpu() {
    storeAt(137_499, 2);
    storeAt(137_501, 2);
    fixture.machine().runUntil(1_000_000);
    assertEquals(1, stale.count());
    assertEquals(List.of("2@137501"), fixture.faulted());
  }

  @Test
  void aFolioThatSomebodyHasLockedGoesBackToItsList() {
    fixture.taskAt(120_000, 1, "lock", x -> fixture.cache().trylock(folios[0]));
    fixture.taskAt(150_000, 1, "unlock", x -> fixture.cache().unlock(x, folios[0]));
    fixture.machine().runUntil(1_000_000);
    // Before the flush, not after it.
    assertEquals(List.of("0@136000", "1@139150", "2@139150"), fixture.kept());
    assertEquals(0, fixture.cache().evictionSlot().pending());
  }

  @Test
  void whatItHasUnlockedIsHandedOverLocked() {
    fixture.machine().runUntil(120_000); // page 0 is unlocked, page 1 is being unmapped
    assertEquals(2, fixture.cache().evictionSlot().suspend().pending());
    fixture
        .cache()
        .evictionSlot()
        .use(BatchedUnsafeEvictionPolicy.ID, new BatchedUnsafeEvictionPolicy());
    fixture.machine().runUntil(1_000_000);
    assertEquals(3, fixture.kept().size(), fixture.kept().toString());
    assertEquals(0, fixture.cache().evictionSlot().pending());
    assertEquals(List.of(), complaints());
  }

  @Test
  void theSwarmFindsLostStores() {
    long lost = 0;
    for (long seed = 3; seed <= 4; seed++) {
      lost +=
          StoreSwarm.ofShmem(seed)
              .withDriver()
              .run(BatchedUnsafeEvictionPolicy.ID, new BatchedUnsafeEvictionPolicy());
    }
    assertTrue(lost > 0, "lost stores");
  }
}
