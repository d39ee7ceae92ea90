package policies.writeback.skipifbusy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.testing.CacheFixture;
import mm.core.writeback.VmSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/**
 * The only costs: 6 us to wake a task of an idle CPU and 150 ns for who wakes it, 1 us to copy a
 * page, 400 ns to submit one.
 */
class SkipIfBusyWritebackPolicyTest {
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
        .use(SkipIfBusyWritebackPolicy.ID, new SkipIfBusyWritebackPolicy());
  }

  @Test
  void aFileUnderWritebackIsLeftDirty() {
    fixture.writeAt(10_000, 0, "writer", first, 0, 4, RwFlags.DONTCACHE);
    fixture.writeAt(30_000, 0, "again", first, 4, 4, RwFlags.DONTCACHE);
    fixture.machine().runUntil(1_000_000);
    assertEquals(List.of("writer@21600", "again@40000"), fixture.returned());
    assertEquals(List.of("1: 0-3 by writer@21600"), fixture.submitted());
  }

  @Test
  void threeQuartersOfTheThresholdOverruleThat() {
    CacheFixture small =
        new CacheFixture(
            MachineProfile.ofCpus(4).withoutCosts().with(Cost.WORKER_WAKEUP, 6_000),
            VmSettings.DEFAULT.withBytes(2 << 20, 4 << 20));
    small
        .cache()
        .writebackSlot()
        .use(SkipIfBusyWritebackPolicy.ID, new SkipIfBusyWritebackPolicy());
    OpenFile file = small.newFile();
    OpenFile other = small.newFile();
    // The threshold is 1024 pages. The file is under writeback from 6000 on; the flusher that more
    // than 512 dirty pages have woken runs from 12001.
    small.writeAt(0, 0, "writer", file, 0, 1, RwFlags.DONTCACHE);
    small.writeAt(1, 1, "other", other, 0, 766, RwFlags.NONE);
    small.writeAt(2, 2, "at 767", file, 1, 1, RwFlags.DONTCACHE);
    small.writeAt(3, 3, "at 768", file, 2, 1, RwFlags.DONTCACHE);
    small.machine().runUntil(7_000);
    assertEquals(List.of("1: 0-0 by writer@6000", "1: 2-2 by at 768@6003"), small.submitted());
  }

  @Test
  void oneWriterFlushesAFileAtATime() {
    fixture.writeAt(10_000, 0, "long", first, 0, 100, RwFlags.DONTCACHE);
    fixture.writeAt(20_000, 1, "short", first, 100, 1, RwFlags.DONTCACHE);
    fixture.endWritebackAt(117_000, 2);
    fixture.machine().runUntil(150_000);
    // The first is copied at 116000 and flushed until 156000; the second, which spins for the inode
    // lock and is copied at 117000, leaves the flush to it though nothing is under writeback then.
    assertEquals(List.of("short@117000"), fixture.returned());
  }
}
