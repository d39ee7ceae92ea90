package policies.writeback.kickinode;

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
class KickInodeWritebackPolicyTest {
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
        .use(KickInodeWritebackPolicy.ID, new KickInodeWritebackPolicy());
  }

  @Test
  void onlyTheInodeIsWrittenAndAllOfIt() {
    fixture.writeAt(0, 0, "other", first, 0, 3_000, RwFlags.NONE);
    fixture.writeAt(0, 1, "before", second, 0, 10, RwFlags.NONE);
    fixture.writeAt(10_000_000, 1, "writer", second, 20, 1, RwFlags.DONTCACHE);
    fixture.machine().runUntil(20_000_000);
    // Kicked at 10007000, 11 pages from 10013000 on, and none of the older file.
    assertEquals(List.of("2: 0-20 by kworker@10017400"), fixture.submitted());
    assertEquals("writer@10007150", fixture.returned().get(2));
  }

  @Test
  void inodesAreWrittenOneAfterAnother() {
    fixture.writeAt(10_000, 0, "one", first, 0, 100, RwFlags.DONTCACHE);
    fixture.writeAt(120_000, 2, "two", second, 0, 1, RwFlags.DONTCACHE);
    fixture.writeAt(130_000, 3, "three", second, 1, 1, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    // Woken at 116000; the second inode, asked for twice, waits for its 100 pages.
    assertEquals(
        List.of("1: 0-99 by kworker@162000", "2: 0-1 by kworker@162800"), fixture.submitted());
  }
}
