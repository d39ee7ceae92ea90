package policies.writeback.lazy;

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
class LazyWritebackPolicyTest {
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
    fixture.cache().writebackSlot().use(LazyWritebackPolicy.ID, new LazyWritebackPolicy());
  }

  @Test
  void aFileUnderWritebackIsLeftDirty() {
    fixture.writeAt(10_000, 0, "writer", first, 0, 4, RwFlags.DONTCACHE);
    fixture.writeAt(30_000, 0, "again", first, 4, 4, RwFlags.DONTCACHE);
    fixture.endWritebackAt(50_000, 1);
    fixture.writeAt(60_000, 0, "later", first, 8, 4, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    // The second call returns at once; what it wrote is nobody's range later on.
    assertEquals(List.of("writer@21600", "again@40000", "later@71600"), fixture.returned());
    assertEquals(List.of("1: 0-3 by writer@21600", "1: 8-11 by later@71600"), fixture.submitted());
    fixture.cache().verify();
  }

  @Test
  void anotherFileUnderWritebackDoesNotMatter() {
    fixture.writeAt(10_000, 0, "writer", first, 0, 4, RwFlags.DONTCACHE);
    fixture.writeAt(30_000, 0, "another", second, 0, 4, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    assertEquals(List.of("writer@21600", "another@41600"), fixture.returned());
  }
}
