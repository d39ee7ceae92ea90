package policies.eviction.ideal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import mm.core.testing.CacheFixture;
import mm.core.testing.StoreSwarm;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/**
 * The only costs: 6 us to wake a task, 250 ns to unmap a folio, and 3 us and 150 ns a CPU for a
 * shoot-down.
 */
class IdealEvictionPolicyTest {
  private final CacheFixture fixture =
      new CacheFixture(
          MachineProfile.ofCpus(4)
              .withoutCosts()
              .with(Cost.WORKER_WAKEUP, 6_000)
              .with(Cost.FOLIO_UNMAP, 250)
              .with(Cost.TLB_SHOOTDOWN, 3_000)
              .with(Cost.TLB_SHOOTDOWN_CPU, 150));

  @Test
  void onlyTheUnmappingTakesTime() {
    fixture.cache().evictionSlot().use(IdealEvictionPolicy.ID, new IdealEvictionPolicy());
    fixture.evictAt(100_000, 0, fixture.fillMapped(fixture.newFile(), 3, 0, 1, 2, 3));
    fixture.machine().runUntil(1_000_000);
    assertEquals(List.of("0@106250", "1@106500", "2@106750"), fixture.evicted());
    assertEquals(0, fixture.cache().evictionSlot().tlbs().flushes());
    assertEquals(0, fixture.machine().checker().count());
    fixture.cache().verify();
  }

  @Test
  void noStoreIsLost() {
    long stale = 0;
    for (long seed = 1; seed <= 4; seed++) {
      StoreSwarm swarm = new StoreSwarm(seed);
      assertEquals(0, swarm.run(IdealEvictionPolicy.ID, new IdealEvictionPolicy()), "seed " + seed);
      assertEquals(0, swarm.complaints(), "seed " + seed);
      stale += swarm.staleStores();
    }
    assertEquals(0, stale, "no TLB has a removed entry");
  }
}
