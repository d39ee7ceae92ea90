package policies.eviction.batched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.util.List;
import java.util.stream.IntStream;
import mm.core.PageCache;
import mm.core.file.OpenFile;
import mm.core.reclaim.FixedLatencySwap;
import mm.core.reclaim.Swap;
import mm.core.testing.CacheFixture;
import mm.core.testing.StoreSwarm;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/**
 * The only costs: 6 us to wake a task, 250 ns to unmap a folio, and 3 us and 150 ns a CPU for a
 * shoot-down.
 */
class BatchedEvictionPolicyTest {
  private record TestConfig(int folios) implements BatchedEvictionPolicy.Config {
    @Override
    public Class<? extends Annotation> annotationType() {
      return BatchedEvictionPolicy.Config.class;
    }
  }

  private final CacheFixture fixture =
      new CacheFixture(
          MachineProfile.ofCpus(4)
              .withoutCosts()
              .with(Cost.WORKER_WAKEUP, 6_000)
              .with(Cost.FOLIO_UNMAP, 250)
              .with(Cost.TLB_SHOOTDOWN, 3_000)
              .with(Cost.TLB_SHOOTDOWN_CPU, 150));

  private static BatchedEvictionPolicy policy(int folios) {
    return new BatchedEvictionPolicy(new TestConfig(folios));
  }

  private void use(int folios) {
    fixture.cache().evictionSlot().use(BatchedEvictionPolicy.ID, policy(folios));
  }

  private long flushes() {
    return fixture.cache().evictionSlot().tlbs().flushes();
  }

  @Test
  void aFullBatchSharesOneShootDown() {
    use(31);
    fixture.evictAt(100_000, 0, fixture.fillMapped(fixture.newFile(), 31, 0, 1, 2, 3));
    fixture.machine().runUntil(1_000_000);
    // Awake at 106000; 31 x 250 to unmap, then 3000 + 3 x 150 for all: a tenth of one by one.
    assertEquals(IntStream.range(0, 31).mapToObj(i -> i + "@117200").toList(), fixture.evicted());
    assertEquals(1, flushes());
    assertEquals(31, fixture.cache().evictionSlot().tlbs().pagesFlushed());
    fixture.cache().verify();
  }

  @Test
  void theEndOfTheListFlushesWhatIsLeft() {
    use(2);
    fixture.evictAt(100_000, 0, fixture.fillMapped(fixture.newFile(), 3, 0, 1, 2, 3));
    fixture.machine().runUntil(1_000_000);
    // 2 x 250 + 3450, then 250 + 3450.
    assertEquals(List.of("0@109950", "1@109950", "2@113650"), fixture.evicted());
    assertEquals(2, flushes());
  }

  /** A page of shared memory that CPU 1 has stored to, and reclaim of it between two clean ones. */
  private int dirtyShared(Swap swap, boolean storedTo) {
    OpenFile shared = new OpenFile(swap.newMemory(Swap.Kind.SHMEM, 9, 1));
    if (!storedTo) {
      int folio = fixture.fillMapped(shared, 1, 1)[0];
      fixture.taskAt(50_000, 0, "dirty", x -> fixture.cache().markDirty(x, folio));
      return folio;
    }
    int[] page = fixture.fill(shared, 1);
    fixture.accessAt(50_000, 1, fixture.mapDirty(shared, page), 0, true);
    return page[0];
  }

  private void reclaimBetweenCleanOnes(boolean storedTo) {
    use(31);
    PageCache cache = fixture.cache();
    int dirty = dirtyShared(cache.newSwap(8, new FixedLatencySwap(cache, 12_000)), storedTo);
    int[] clean = fixture.fillMapped(fixture.newFile(), 2, 1, 2, 3);
    fixture.reclaimAt(100_000, 0, clean[0], dirty, clean[1]);
    fixture.machine().runUntil(1_000_000);
    assertEquals(0, fixture.machine().checker().count());
  }

  @Test
  void aFolioThatIsToBeWrittenIsFlushedForAtOnce() {
    reclaimBetweenCleanOnes(true);
    // Awake at 106000; unmapped at 106250 and 106500; the flush serves both: 3000 + 3 x 150.
    assertEquals(List.of("0@109950"), fixture.kept());
    // Then the last is unmapped, and the end of the list flushes for it.
    assertEquals(List.of("0@113650", "1@113650"), fixture.evicted());
    assertEquals(2, flushes());
  }

  @Test
  void aDirtyFolioThatNobodyCanStoreToNeedsNoFlushBeforeItIsWritten() {
    reclaimBetweenCleanOnes(false);
    assertEquals(List.of("0@106500"), fixture.kept());
    // 106750, and one flush for all three.
    assertEquals(List.of("0@110200", "1@110200"), fixture.evicted());
    assertEquals(1, flushes());
  }

  @Test
  void unmappedFoliosAreHandedOver() {
    use(31);
    fixture.evictAt(100_000, 0, fixture.fillMapped(fixture.newFile(), 3, 0, 1, 2, 3));
    fixture.machine().runUntil(106_400); // the second is being unmapped
    assertEquals(2, fixture.cache().evictionSlot().suspend().pending());
    use(31);
    fixture.machine().runUntil(1_000_000);
    // The third is unmapped at 106750 and flushed alone, with the CPUs of all three; the others
    // come back behind it and nobody knows them any more.
    assertEquals(List.of("2@110200", "0@110200", "1@110200"), fixture.evicted());
    fixture.cache().verify();
  }

  @Test
  void aBatchOutOfRangeIsRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> policy(0));
    assertEquals("eviction.batched: folios is 0; it must be from 1 to 255", refused.getMessage());
  }

  @Test
  void noStoreToSharedMemoryIsLostThoughADriverWritesItOut() {
    long stale = 0;
    for (long seed = 1; seed <= 2; seed++) {
      StoreSwarm swarm = StoreSwarm.ofShmem(seed).withDriver();
      assertEquals(0, swarm.run(BatchedEvictionPolicy.ID, policy(31)), "seed " + seed);
      assertEquals(0, swarm.complaints(), "seed " + seed);
      stale += swarm.staleStores();
    }
    assertTrue(stale > 0, "stores that met a removed entry");
  }

  @Test
  void noStoreIsLost() {
    long stale = 0;
    for (long seed = 1; seed <= 4; seed++) {
      StoreSwarm swarm = new StoreSwarm(seed);
      assertEquals(0, swarm.run(BatchedEvictionPolicy.ID, policy(31)), "seed " + seed);
      assertEquals(0, swarm.complaints(), "seed " + seed);
      stale += swarm.staleStores();
    }
    assertTrue(stale > 0, "stores that met a removed entry");
  }
}
