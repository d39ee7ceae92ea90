package policies.eviction.batched;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.util.List;
import java.util.stream.IntStream;
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
