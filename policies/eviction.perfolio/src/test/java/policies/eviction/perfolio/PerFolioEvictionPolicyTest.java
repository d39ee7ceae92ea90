package policies.eviction.perfolio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
class PerFolioEvictionPolicyTest {
  private final CacheFixture fixture =
      new CacheFixture(
          MachineProfile.ofCpus(4)
              .withoutCosts()
              .with(Cost.WORKER_WAKEUP, 6_000)
              .with(Cost.FOLIO_UNMAP, 250)
              .with(Cost.TLB_SHOOTDOWN, 3_000)
              .with(Cost.TLB_SHOOTDOWN_CPU, 150));

  private void use() {
    fixture.cache().evictionSlot().use(PerFolioEvictionPolicy.ID, new PerFolioEvictionPolicy());
  }

  @Test
  void eachFolioWaitsForItsOwnShootDown() {
    use();
    int[] folios = fixture.fillMapped(fixture.newFile(), 31, 0, 1, 2, 3);
    fixture.evictAt(100_000, 0, folios);
    fixture.machine().runUntil(1_000_000);
    // Awake at 106000; each folio 250 + 3000 + 3 x 150 = 3700.
    assertEquals(
        IntStream.range(0, 31).mapToObj(i -> i + "@" + (106_000 + 3_700 * (i + 1))).toList(),
        fixture.evicted());
    assertEquals(31, fixture.cache().evictionSlot().tlbs().flushes());
    fixture.cache().verify();
  }

  @Test
  void aProcessOfThisCpuAloneNeedsNoShootDown() {
    use();
    fixture.evictAt(100_000, 2, fixture.fillMapped(fixture.newFile(), 2, 2));
    fixture.machine().runUntil(1_000_000);
    assertEquals(List.of("0@106250", "1@106500"), fixture.evicted());
  }

  @Test
  void theFolioInShootDownIsHandedOver() {
    use();
    fixture.evictAt(100_000, 0, fixture.fillMapped(fixture.newFile(), 2, 0, 1, 2, 3));
    fixture.machine().runUntil(107_000);
    assertEquals(1, fixture.cache().evictionSlot().suspend().pending());
    use();
    fixture.machine().runUntil(1_000_000);
    // The flush under way ends at 109700, for nobody; then page 1, and at last page 0 once more,
    // which is mapped and known to no TLB by now.
    assertEquals(List.of("1@113400", "0@113400"), fixture.evicted());
    fixture.cache().verify();
  }

  @Test
  void noStoreIsLost() {
    long stale = 0;
    for (long seed = 1; seed <= 4; seed++) {
      StoreSwarm swarm = new StoreSwarm(seed);
      assertEquals(
          0, swarm.run(PerFolioEvictionPolicy.ID, new PerFolioEvictionPolicy()), "seed " + seed);
      assertEquals(0, swarm.complaints(), "seed " + seed);
      stale += swarm.staleStores();
    }
    assertTrue(stale > 0, "stores that met a removed entry");
  }
}
