package policies.writeback.kickbdi;

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
class KickBdiWritebackPolicyTest {
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
    fixture.cache().writebackSlot().use(KickBdiWritebackPolicy.ID, new KickBdiWritebackPolicy());
  }

  private long wakeUps() {
    return fixture.machine().workqueues().wakeUps();
  }

  @Test
  void theCallReturnsWhenTheFlusherIsWoken() {
    fixture.writeAt(10_000, 0, "writer", first, 0, 4, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    // Awake at 16000, copied at 20000; the flusher runs from 26000 on the other CPU.
    assertEquals(List.of("writer@20150"), fixture.returned());
    assertEquals(List.of("1: 0-3 by kworker@27600"), fixture.submitted());
  }

  @Test
  void everythingOnTheDeviceIsWritten() {
    fixture.writeAt(0, 0, "other", first, 0, 3_000, RwFlags.NONE);
    fixture.writeAt(10_000_000, 1, "writer", second, 7, 1, RwFlags.DONTCACHE);
    fixture.machine().runUntil(20_000_000);
    // The flusher runs from 10013000: 3000 pages nobody asked for come before the one.
    assertEquals(
        List.of("1: 0-2999 by kworker@11213000", "2: 7-7 by kworker@11213400"),
        fixture.submitted());
  }

  @Test
  void kicksBeforeTheFlusherBeginsAreOne() {
    fixture.writeAt(10_000, 0, "one", first, 0, 1, RwFlags.DONTCACHE);
    fixture.writeAt(14_000, 1, "two", second, 0, 1, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    // The first kick is at 17000; at 21000 it is still pending, so the second wakes nobody.
    assertEquals(List.of("one@17150", "two@21000"), fixture.returned());
    assertEquals(1, wakeUps());
  }
}
