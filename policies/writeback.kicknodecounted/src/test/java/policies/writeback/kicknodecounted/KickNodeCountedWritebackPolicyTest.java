package policies.writeback.kicknodecounted;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import mm.core.AddressSpace;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.testing.CacheFixture;
import mm.core.writeback.BackingDevice;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/**
 * The only costs: 6 us to wake a task of an idle CPU and 150 ns for who wakes it, 1 us to copy a
 * page, 400 ns to submit one.
 */
class KickNodeCountedWritebackPolicyTest {
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
        .use(KickNodeCountedWritebackPolicy.ID, new KickNodeCountedWritebackPolicy());
  }

  /** Until {@link #usePolicy}: nothing is written after a DONTCACHE write. */
  private void useNone() {
    fixture
        .cache()
        .writebackSlot()
        .use(
            "writeback.none",
            host ->
                new WritebackDeferral() {
                  @Override
                  public void afterDontcacheWrite(
                      Exec x, AddressSpace mapping, long pos, long countBytes) {}

                  @Override
                  public void detach() {}
                });
  }

  @Test
  void pagesOfOtherDevicesAreCountedToo() {
    BackingDevice otherDevice = fixture.cache().newBackingDevice("other");
    OpenFile elsewhere = fixture.newFile(otherDevice);
    useNone();
    fixture.writeAt(0, 1, "elsewhere", elsewhere, 0, 1_500, RwFlags.DONTCACHE);
    fixture.writeAt(0, 0, "other", first, 0, 3_000, RwFlags.NONE);
    fixture.at(10_000_000, this::usePolicy);
    fixture.writeAt(10_000_000, 0, "writer", second, 0, 1, RwFlags.DONTCACHE);
    fixture.machine().runUntil(20_000_000);
    // 1 page here and 1500 there: rounded up to 2048 of the oldest file here. Counted by device it
    // would be 1024.
    assertEquals(List.of("1: 0-2047 by kworker@10832200"), fixture.submitted());
    fixture.cache().verify();
  }

  @Test
  void theCallReturnsWhenTheFlusherIsWoken() {
    fixture.writeAt(10_000, 0, "writer", first, 0, 4, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    assertEquals(List.of("writer@20150"), fixture.returned());
    assertEquals(List.of("1: 0-3 by kworker@27600"), fixture.submitted());
  }
}
