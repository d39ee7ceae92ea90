package mm.core.reclaim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.NodeStat;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.testing.PageCacheFixture;
import mm.core.writeback.VmSettings;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.ExecContext;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Tracepoint;

class ReclaimTest {
  private static final long SECOND = 1_000_000_000;
  private static final int PAGES = 8_192; // 32 MiB

  private final PageCacheFixture fixture =
      new PageCacheFixture(
          MachineProfile.ofCpus(4), new MemorySettings(PAGES, 0), VmSettings.DEFAULT);
  private final Memory memory = fixture.cache().memory();

  @Test
  void watermarksFollowMinFreeKbytes() {
    // sqrt(32 MiB / 1 KiB * 16) = 724 KiB = 181 pages; steps of max(181 / 4, 8192 / 1000) = 45.
    assertEquals(181, memory.minWatermarkPages());
    assertEquals(226, memory.lowWatermarkPages());
    assertEquals(271, memory.highWatermarkPages());
  }

  @Test
  void aFileTwiceAsLargeAsMemoryIsWrittenAndReadToTheEnd() {
    for (ExecContext context : ExecContext.values()) {
      PageCacheFixture machine =
          new PageCacheFixture(
              MachineProfile.ofCpus(4), new MemorySettings(PAGES, 0), VmSettings.DEFAULT);
      machine.fileSystem().endingIn(context).withPageNs(2_000).withIoPages(64);
      OpenFile file = machine.newFile();
      machine.taskAt(
          0,
          0,
          machine.write(file, 0, 2 * PAGES, RwFlags.NONE),
          machine.fsync(file),
          machine.read(file, 0, 2 * PAGES, RwFlags.NONE));
      machine.runUntilIdleWithin(60 * SECOND);
      machine.cache().verify();
      assertEquals("write=67108864", machine.log().get(0).split("@")[0]);
      assertEquals("fsync=0", machine.log().get(1).split("@")[0]);
      assertEquals("read=67108864", machine.log().get(2).split("@")[0]);
      long peak = machine.cache().stats().peak(NodeStat.FILE_PAGES);
      assertTrue(peak <= PAGES - 181, "peak is " + peak + ": below memory less the min watermark");
      assertTrue(peak > PAGES - 400, "peak is " + peak + ": memory is used");
      assertEquals(2 * PAGES, machine.fileSystem().pagesWritten());
      assertEquals(0, machine.machine().checker().count());
    }
  }

  @Test
  void kswapdKeepsMemoryFreeBetweenItsWatermarks() {
    OpenFile file = fixture.newFile((long) 4 * PAGES << 12);
    fixture.fileSystem().withPageNs(2_000);
    // A window lies between the low and the min watermark: kswapd runs before it is filled again.
    fixture.device().setIoPages(32);
    fixture.taskAt(0, 0, fixture.read(file, 0, 4 * PAGES, RwFlags.NONE));
    fixture.runToIdle();
    assertEquals(0, memory.directReclaims(), "the reader never had to reclaim itself");
    assertTrue(memory.freePages() >= memory.lowWatermarkPages());
    assertTrue(memory.freePages() < 2 * memory.highWatermarkPages() + 64);
  }

  @Test
  void aGroupStaysBelowItsLimitAndTheRestOfMemoryFree() {
    Memcg group = memory.newMemcg("job");
    group.setLimitPages(1_000);
    fixture.fileSystem().withPageNs(2_000).withIoPages(32);
    OpenFile file = fixture.newFile();
    fixture.taskAt(
        0,
        0,
        x -> memory.setMemcg(x.task(), group),
        fixture.write(file, 0, 5_000, RwFlags.NONE),
        fixture.fsync(file),
        fixture.read(file, 0, 5_000, RwFlags.NONE));
    fixture.runUntilIdleWithin(100 * SECOND);
    fixture.cache().verify();
    assertEquals("write=20480000", fixture.log().get(0).split("@")[0]);
    assertEquals("read=20480000", fixture.log().get(2).split("@")[0]);
    assertTrue(group.peakPages() <= 1_000 && group.peakPages() >= 990, "peak " + group.peakPages());
    assertEquals(0, group.failures());
    assertTrue(memory.freePages() >= PAGES - 1_000);
  }

  @Test
  void whoeverReclaimsForItselfMustNotWriteFiles() {
    Set<Boolean> memalloc = new TreeSet<>();
    for (long ns = 0; ns < 10_000_000; ns += 1_000) {
      fixture
          .machine()
          .events()
          .schedule(
              ns,
              arg -> {
                Task running = fixture.machine().cpu(0).currentTask();
                memalloc.add(running != null && running.isMemalloc());
              },
              0);
    }
    Memcg group = memory.newMemcg("tiny");
    group.setLimitPages(8);
    OpenFile file = fixture.newFile(500 << 12);
    boolean[] after = new boolean[1];
    fixture.taskAt(
        0,
        0,
        x -> memory.setMemcg(x.task(), group),
        fixture.read(file, 0, 500, RwFlags.NONE),
        x -> after[0] = x.task().isMemalloc());
    fixture.runUntilIdleWithin(100 * SECOND);
    assertEquals(Set.of(false, true), memalloc, "some of the time");
    assertFalse(after[0]);
  }

  @Test
  void aGroupTooSmallForItsReadaheadStillReads() {
    Memcg group = memory.newMemcg("tiny");
    group.setLimitPages(8);
    OpenFile file = fixture.newFile(500 << 12);
    fixture.taskAt(
        0, 0, x -> memory.setMemcg(x.task(), group), fixture.read(file, 0, 500, RwFlags.NONE));
    fixture.runUntilIdleWithin(100 * SECOND);
    assertEquals("read=2048000", fixture.log().get(0).split("@")[0]);
    assertTrue(group.peakPages() <= 8);
  }

  @Test
  void aRereadFileSurvivesAStreamingOne() {
    OpenFile hot = fixture.newFile(1_000 << 12);
    OpenFile stream = fixture.newFile((long) 3 * PAGES << 12);
    fixture.fileSystem().withPageNs(2_000);
    fixture.taskAt(
        0,
        0,
        fixture.read(hot, 0, 1_000, RwFlags.NONE),
        fixture.read(hot, 0, 1_000, RwFlags.NONE), // twice used: active
        fixture.read(stream, 0, 3 * PAGES, RwFlags.NONE));
    fixture.runToIdle();
    assertEquals(1_000, hot.mapping().nrPages());
  }

  @Test
  void dirtyFoliosAtTheEndOfTheListWakeTheFlusherAndAreFreedWhenWritten() {
    // Thresholds above memory, so that only reclaim can have anything written.
    PageCacheFixture full =
        new PageCacheFixture(
            MachineProfile.ofCpus(4),
            new MemorySettings(PAGES, 0),
            VmSettings.DEFAULT.withIntervals(0, 3_000).withBytes(1L << 40, 1L << 41));
    full.fileSystem().withPageNs(5_000).withIoPages(32);
    var trace = full.trace(Tracepoint.WRITEBACK_START);
    OpenFile file = full.newFile();
    full.taskAt(0, 0, full.write(file, 0, 2 * PAGES, RwFlags.NONE));
    full.runUntilIdleWithin(100 * SECOND);
    full.cache().verify();
    assertEquals("write=67108864", full.log().get(0).split("@")[0]);
    assertTrue(trace.get(0).matches("writeback_start \\d+,0,1@.*"), trace.get(0));
  }

  @Test
  void whenEnoughIsFreedTheOtherTypeIsScannedInProportion() {
    FolioStore folios = fixture.cache().folios();
    fixture.cache().newSwap(10, new FixedLatencySwap(fixture.cache(), 1_000));
    // No mapping: anonymous folios that can't be freed.
    for (int i = 0; i < 320; i++) {
      int folio = folios.alloc(0);
      folios.set(folio, FolioFlag.SWAPBACKED);
      fixture.cache().lru().add(folio);
    }
    OpenFile file = fixture.newFile(640 << 12);
    fixture.taskAt(0, 0, fixture.read(file, 0, 640, RwFlags.NONE));
    fixture.runUntil(SECOND);
    assertEquals(640, file.mapping().nrPages());
    long[] scanned = new long[1];
    Reclaim.Scan scan = memory.reclaim().newScan(ReclaimOrigin.KSWAPD, memory.root(), 32, 0);
    fixture.taskAt(SECOND, 0, scan::begin, x -> scanned[0] = scan.scannedPages());
    fixture.runUntil(2 * SECOND);
    // One turn: 32 anonymous, 32 file. 288 of 320 anonymous pages are left, 288 * 100 / 321 = 89 %,
    // so 11 % of 640 file pages are to be scanned in all: 70, of which 32 have been.
    assertEquals(32 + 70, scanned[0]);
    assertEquals(640 - 70, file.mapping().nrPages());
  }

  @Test
  void activePagesGoWhenNothingElseCan() {
    Memcg group = memory.newMemcg("job");
    OpenFile held = fixture.newFile(60 << 12);
    OpenFile active = fixture.newFile(40 << 12);
    fixture.taskAt(
        0,
        0,
        x -> memory.setMemcg(x.task(), group),
        fixture.read(held, 0, 60, RwFlags.NONE),
        fixture.read(active, 0, 40, RwFlags.NONE),
        fixture.read(active, 0, 40, RwFlags.NONE));
    fixture.runUntil(SECOND);
    for (int index = 0; index < 60; index++) {
      fixture.cache().folios().get(held.mapping().pages().load(index));
    }
    group.setLimitPages(100);
    long[] result = {1};
    // The inactive list is the longer one, and stays so: its pages are referred to.
    fixture.taskAt(SECOND, 0, x -> memory.reclaimFor(x, group, 1), x -> result[0] = x.result());
    fixture.runUntil(10 * SECOND);
    assertEquals(0, result[0]);
    assertEquals(60, held.mapping().nrPages());
    assertTrue(active.mapping().nrPages() < 40);
  }

  @Test
  void aGroupIsChargedABatchAheadAndMeetsItsLimitTwiceForAPageThatDoesNotFit() {
    Memcg group = memory.newMemcg("job");
    group.setLimitPages(200);
    List<String> seen = new ArrayList<>();
    fixture.taskAt(0, 0, x -> chargeOneByOne(x, group, 1, seen));
    fixture.taskAt(1_000_000, 0, x -> chargeOneByOne(x, group, 63, seen));
    fixture.taskAt(2_000_000, 1, x -> chargeOneByOne(x, group, 1, seen));
    fixture.taskAt(3_000_000, 0, x -> chargeOneByOne(x, group, 73, seen));
    fixture.taskAt(
        4_000_000, 0, x -> seen.add(memory.tryCharge(x, group, 1) + " " + levels(group)));
    fixture.taskAt(5_000_000, 1, x -> chargeOneByOne(x, group, 63, seen));
    fixture.runUntil(SECOND);
    assertEquals(
        List.of(
            "64 failed 0", // 63 of them lie in stock.
            "64 failed 0",
            "128 failed 0", // CPU 1 has a stock of its own.
            "200 failed 10", // A third batch, 8 pages by themselves, and one that does not fit.
            "false 200 failed 12", // It fails as a batch and as a page.
            "200 failed 12"), // The stock of CPU 1.
        seen);
  }

  private void chargeOneByOne(Exec x, Memcg group, int pages, List<String> seen) {
    for (int i = 0; i < pages; i++) {
      memory.tryCharge(x, group, 1);
    }
    seen.add(levels(group));
  }

  private static String levels(Memcg group) {
    return group.usagePages() + " failed " + group.limitHits();
  }

  @Test
  void reclaimForAGroupFreesAClusterAndTakesTheOldestFirst() {
    Memcg group = memory.newMemcg("job");
    group.setLimitPages(1_000);
    group.chargePrograms(400, 300);
    OpenFile file = fixture.newFile(200 << 12);
    fixture.taskAt(
        0, 0, x -> memory.setMemcg(x.task(), group), fixture.read(file, 0, 200, RwFlags.NONE));
    fixture.runUntil(SECOND);
    assertEquals(200, file.mapping().nrPages());
    group.setLimitPages(group.usagePages());
    fixture.taskAt(SECOND, 0, x -> memory.reclaimFor(x, group, 1));
    fixture.runUntil(2 * SECOND);
    // Of 500 pages: 500 >> 8 = 1, 499 >> 7 = 3, 496 >> 6 = 7, 489 >> 5 = 15, 474 >> 4 = 29: 26 are
    // not yet a cluster, and the next look takes all of its own.
    assertEquals(300 - 55, group.idleFilePages());
    assertEquals(200, file.mapping().nrPages());
    fixture.cache().verify();
  }

  @Test
  void aGroupIsChargedForTheNodesOfATreeUntilTheyAreFreed() {
    Memcg group = memory.newMemcg("job");
    fixture.device().setReadaheadPages(0);
    OpenFile file = fixture.newFile(64L * 64 << 12);
    fixture.taskAt(0, 0, x -> memory.setMemcg(x.task(), group), readEach64th(file));
    fixture.runUntil(SECOND);
    assertEquals(15, file.mapping().nrPages());
    // A page in each of 15 nodes below a root: 16 times 576 bytes and a pointer, 9344, three pages.
    assertEquals(3, group.stock.objectPages());
    fixture.taskAt(SECOND, 0, x -> fixture.cache().truncate(x, file.mapping(), 2 << 12));
    fixture.runToIdle();
    // One node is left.
    assertEquals(1, group.stock.objectPages());
  }

  private Step readEach64th(OpenFile file) {
    return x -> {
      for (int node = 14; node >= 0; node--) {
        x.then(fixture.read(file, 64L * node, 1, RwFlags.NONE));
      }
    };
  }
}
