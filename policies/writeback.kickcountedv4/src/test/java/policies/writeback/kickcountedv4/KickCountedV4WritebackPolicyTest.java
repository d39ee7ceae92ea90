package policies.writeback.kickcountedv4;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.testing.CacheFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/**
 * The only costs: 6 us to wake a task of an idle CPU and 150 ns for who wakes it, 1 us to copy a
 * page, 400 ns to submit one.
 */
class KickCountedV4WritebackPolicyTest {
  private final CacheFixture fixture =
      new CacheFixture(
          MachineProfile.ofCpus(4)
              .withoutCosts()
              .with(Cost.WORKER_WAKEUP, 6_000)
              .with(Cost.WAKE, 150)
              .with(Cost.PAGE_COPY, 1_000)
              .with(Cost.FOLIO_WRITEBACK, 400));

  private final OpenFile first = fixture.newFile();
  private final OpenFile second = fixture.newFile();

  @BeforeEach
  void usePolicy() {
    fixture
        .cache()
        .writebackSlot()
        .use(KickCountedV4WritebackPolicy.ID, new KickCountedV4WritebackPolicy());
  }

  @Test
  void aWriteThatEndsWhileTheFlusherWritesIsForgotten() {
    fixture.writeAt(10_000, 0, "one", first, 0, 100, RwFlags.DONTCACHE);
    fixture.writeAt(116_000, 1, "two", second, 0, 24, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    // Kicked at 116000, the flusher writes from 122000 to 162000. The second write ends at 146000
    // and finds the bit set: nobody comes for it until somebody kicks again.
    assertEquals(List.of("1: 0-99 by kworker@162000"), fixture.submitted());
    fixture.writeAt(2_000_000, 1, "three", second, 24, 1, RwFlags.DONTCACHE);
    fixture.machine().runUntil(3_000_000);
    assertEquals("2: 0-24 by kworker@2023000", fixture.submitted().get(1));
  }

  @Test
  void fewerPagesThanABatchOfTheCounterAreNotSeen() {
    fixture.writeAt(10_000, 0, "writer", first, 0, 23, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    // WB_STAT_BATCH of 4 CPUs is 8 x (1 + 2) = 24.
    assertEquals(List.of(), fixture.submitted());
    fixture.writeAt(2_000_000, 0, "writer", first, 23, 1, RwFlags.DONTCACHE);
    fixture.machine().runUntil(3_000_000);
    assertEquals(List.of("1: 0-23 by kworker@2022600"), fixture.submitted());
  }
}
