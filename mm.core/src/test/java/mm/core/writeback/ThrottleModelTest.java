package mm.core.writeback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import mm.core.NodeStat;
import mm.core.file.OpenFile;
import mm.core.file.RwFlag;
import mm.core.file.RwFlags;
import mm.core.reclaim.MemorySettings;
import mm.core.testing.PageCacheFixture;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

class ThrottleModelTest {
  private static final long SECOND = 1_000_000_000;

  /** 12,500 pages a second: about 49 MiB/s. */
  private static final long PAGE_NS = 80_000;

  private static final long BACKGROUND_PAGES = 4_000;
  private static final long HARD_PAGES = 16_000;

  private final PageCacheFixture fixture =
      new PageCacheFixture(
          MachineProfile.ofCpus(4),
          new MemorySettings(1 << 20, 0),
          VmSettings.DEFAULT.withBytes(BACKGROUND_PAGES << 12, HARD_PAGES << 12));

  private final List<Long> pauses = new ArrayList<>();
  private final List<Long> dirtyAtPause = new ArrayList<>();

  ThrottleModelTest() {
    fixture.fileSystem().withPageNs(PAGE_NS).withIoPages(64);
    fixture.machine().trace().addSink(new Pauses());
  }

  private final class Pauses implements TraceSink {
    @Override
    public Set<Tracepoint> interest() {
      return EnumSet.of(Tracepoint.BALANCE_DIRTY_PAGES);
    }

    @Override
    public void event(
        long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
      if (d <= 0) {
        return; // Looked at, and let go.
      }
      dirtyAtPause.add(b);
      pauses.add(d);
    }
  }

  /** A task that writes 1 MiB a call, for ever. */
  private final class Writer {
    final OpenFile file = fixture.newFile();
    final Step next = this::next;
    long page;

    void next(Exec x) {
      x.then(next);
      x.condResched();
      fixture.cache().write(x, file, page << 12, 256 << 12, RwFlags.NONE);
      page += 256;
    }
  }

  private List<Writer> start(int count) {
    List<Writer> writers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Writer writer = new Writer();
      writers.add(writer);
      fixture.taskAt(i, i, writer.next);
    }
    return writers;
  }

  private long dirtyAndWriteback() {
    return fixture.cache().stats().get(NodeStat.FILE_DIRTY)
        + fixture.cache().stats().get(NodeStat.WRITEBACK);
  }

  @Test
  void oneWriterSettlesAtTheDevicesSpeedBetweenTheThresholds() {
    Writer writer = start(1).get(0);
    fixture.runUntil(8 * SECOND);
    long begun = writer.page;
    pauses.clear();
    dirtyAtPause.clear();
    fixture.runUntil(28 * SECOND);
    double pagesPerSecond = (writer.page - begun) / 20.0;
    // The device writes 1e9 / 80,000 = 12,500 pages a second.
    assertEquals(12_500, pagesPerSecond, 12_500 * 0.05);
    // Below the freerun ceiling of (4000 + 16000) / 2 nobody pauses; above the limit nobody writes.
    for (int i = 0; i < pauses.size(); i++) {
      assertTrue(dirtyAtPause.get(i) > 10_000 && dirtyAtPause.get(i) < 16_000 + 64);
      // In ticks of 4 ms: from 10 ms (2 ticks as integers have it) to 200 ms.
      assertTrue(pauses.get(i) >= 2 && pauses.get(i) <= 50, "pause of " + pauses.get(i));
    }
    assertTrue(pauses.size() > 100, "paused " + pauses.size() + " times");
    assertTrue(dirtyAndWriteback() > BACKGROUND_PAGES && dirtyAndWriteback() < HARD_PAGES);
    assertEquals(0, fixture.machine().checker().count());
    // The estimate is a moving average over about 3 s.
    assertEquals(12_500, fixture.device().wbs().get(0).avgWriteBandwidthPages(), 12_500 * 0.05);
  }

  @Test
  void writersShareTheDeviceEvenly() {
    List<Writer> writers = start(4);
    fixture.runUntil(8 * SECOND);
    long[] begun = writers.stream().mapToLong(writer -> writer.page).toArray();
    fixture.runUntil(28 * SECOND);
    for (int i = 0; i < 4; i++) {
      double pagesPerSecond = (writers.get(i).page - begun[i]) / 20.0;
      assertEquals(12_500 / 4.0, pagesPerSecond, 12_500 / 4.0 * 0.15);
    }
    assertTrue(dirtyAndWriteback() < HARD_PAGES + 4 * 64);
  }

  @Test
  void belowTheFreerunCeilingNobodyPauses() {
    OpenFile file = fixture.newFile();
    fixture.taskAt(0, 0, fixture.write(file, 0, 9_000, RwFlags.NONE));
    fixture.runToIdle();
    assertEquals(List.of(), pauses);
  }

  @Test
  void aWriteThatMayNotWaitIsShortInsteadOfPausing() {
    OpenFile file = fixture.newFile();
    fixture.taskAt(0, 0, fixture.write(file, 0, 60_000, RwFlags.of(RwFlag.NOWAIT)));
    fixture.runToIdle();
    long written = Long.parseLong(fixture.log().get(0).split("[=@]")[1]) >> 12;
    assertEquals(List.of(), pauses);
    assertTrue(written >= 10_000 && written < HARD_PAGES, written + " pages");
  }

  @Test
  void aTaskThatOwesAPauseMayNotEvenBeginAWriteThatMayNotWait() {
    OpenFile file = fixture.newFile();
    RwFlags nowait = RwFlags.of(RwFlag.NOWAIT);
    fixture.taskAt(
        0,
        0,
        x -> {
          // Page by page no write can be short; whenever a pause is due, one is refused whole.
          for (int i = 1_000; i > 0; i--) {
            x.then(fixture.write(file, 60_000 + i, 1, nowait));
          }
          fixture.write(file, 0, 60_000, nowait).run(x);
        });
    fixture.runToIdle();
    List<String> results =
        fixture.log().stream().skip(1).map(line -> line.split("[=@]")[1]).toList();
    long refused = results.stream().filter("-11"::equals).count();
    long written = results.stream().filter("4096"::equals).count();
    assertTrue(refused > 0, "none was refused");
    assertEquals(1_000, refused + written);
    assertEquals(List.of(), pauses);
  }
}
