package mm.core.writeback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import mm.core.NodeStat;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.mapping.WritebackReason;
import mm.core.testing.PageCacheFixture;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Tracepoint;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;
import sim.kernel.workqueue.Workqueues;

class FlusherTest {
  private static final MachineProfile FREE = MachineProfile.ofCpus(4).withoutCosts();
  private static final MemorySettings MEMORY = new MemorySettings(1 << 20, 0);
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;

  private static final int BACKGROUND = WritebackReason.BACKGROUND.ordinal();
  private static final int SYNC = WritebackReason.SYNC.ordinal();
  private static final int PERIODIC = WritebackReason.PERIODIC.ordinal();
  private static final int DONTCACHE = WritebackReason.DONTCACHE.ordinal();

  private PageCacheFixture fixture;

  private OpenFile newFile(MachineProfile profile, VmSettings settings) {
    fixture = new PageCacheFixture(profile, MEMORY, settings);
    return fixture.newFile();
  }

  /** Settings under which a flusher only does what it is told. */
  private static VmSettings passive() {
    return VmSettings.DEFAULT.withIntervals(0, 3_000);
  }

  private static VmSettings thresholds(long backgroundPages, long hardPages) {
    return passive().withBytes(backgroundPages << 12, hardPages << 12);
  }

  private long dirty() {
    return fixture.cache().stats().get(NodeStat.FILE_DIRTY);
  }

  private void write(OpenFile file, long pages, RwFlags flags) {
    fixture.taskAt(fixture.machine().nowNs(), 0, fixture.write(file, 0, pages, flags));
    fixture.runUntil(fixture.machine().nowNs() + MS);
  }

  private void kick(WritebackReason reason) {
    fixture.spawn(1, x -> fixture.cache().writeback().startAll(x, fixture.device(), reason));
  }

  @Test
  void oldDataIsWrittenAtTheFirstPeriodAfter30Seconds() {
    OpenFile file = newFile(FREE, VmSettings.DEFAULT);
    List<String> trace = fixture.trace(Tracepoint.WRITEBACK_WRITTEN);
    fixture.taskAt(0, 0, fixture.write(file, 0, 5, RwFlags.NONE));
    // At HZ 250, 5 s are 1250 ticks, which the wheel rounds up to a multiple of 64: wakes at ticks
    // 1280, 2560, 3840, 5120, 6400 and 7680. 30 s are 7500 ticks, so the last one finds the inode.
    fixture.runUntil(7_680 * 4 * MS - 1);
    assertEquals(5, dirty());
    fixture.runUntil(7_680 * 4 * MS);
    assertEquals(0, dirty());
    fixture.runToIdle();
    // A round that wrote something is followed by one more.
    assertEquals(
        List.of(
            "writeback_written 5,0," + PERIODIC + "@30720000000",
            "writeback_written 0,0," + PERIODIC + "@30720000000"),
        trace.subList(trace.size() - 2, trace.size()));
  }

  @Test
  void anInodeThatFsyncHasCleanedLeavesTheListsAndTheFlusherRests() {
    OpenFile file = newFile(FREE, VmSettings.DEFAULT);
    fixture.taskAt(0, 0, fixture.write(file, 0, 5, RwFlags.NONE), fixture.fsync(file));
    fixture.runUntilIdleWithin(40 * SECOND);
    assertEquals(0, fixture.device().wbs().get(0).dirtyInodeCount());
  }

  @Test
  void aWorkForAllGoesOnAsLongAsOtherInodesMayBeDirty() {
    OpenFile file = newFile(FREE, passive());
    List<String> trace = fixture.trace(Tracepoint.WRITEBACK_START);
    fixture.cache().writeback().setOtherInodes(1_000);
    write(file, 5, RwFlags.NONE);
    kick(WritebackReason.VMSCAN);
    fixture.runToIdle();
    // 5 pages, their inode and 1000 others; the second round finds nothing.
    int vmscan = WritebackReason.VMSCAN.ordinal();
    assertEquals(
        List.of(
            "writeback_start 1006,0," + vmscan + "@1000000",
            "writeback_start 1001,0," + vmscan + "@1000000"),
        trace);
  }

  @Test
  void theBackgroundThresholdStartsTheFlusher() {
    OpenFile file = newFile(FREE, thresholds(400, 8_000));
    List<String> trace = fixture.trace(Tracepoint.WRITEBACK_START);
    // A task looks after its first 32 pages, then after 2^(log2(8000 - dirty) / 2) = 64, but all of
    // a CPU after 8000 / (4 * 32) = 62: at 32, 94, 156, 218, 280, 342 and 404 pages.
    write(file, 403, RwFlags.NONE);
    assertEquals(403, dirty());
    assertEquals(List.of(), trace);
    fixture.taskAt(2 * MS, 0, fixture.write(file, 403, 1, RwFlags.NONE));
    fixture.runToIdle();
    assertEquals(0, dirty());
    assertEquals(
        List.of("writeback_start " + Long.MAX_VALUE + ",0," + BACKGROUND + "@2000000"), trace);
  }

  @Test
  void chunksAreAnEighthOfTheLimitRoundedAndTakeTurns() {
    // min(25600 / 2, 40960 / 8) = 5120 pages; + 1024, down to a multiple of 1024: 6144.
    OpenFile first = newFile(FREE, thresholds(40_000, 40_960));
    OpenFile second = fixture.newFile();
    write(first, 9_000, RwFlags.NONE);
    write(second, 8_000, RwFlags.NONE);
    kick(WritebackReason.SYNC);
    fixture.runToIdle();
    assertEquals(List.of("1:6144", "2:6144", "1:2856", "2:1856"), fixture.fileSystem().calls());
  }

  @Test
  void after100MsTheFlusherLooksAgainWhetherItIsNeeded() {
    // 1000 pages take 110 ms of CPU time, more than 25 ticks: the rest is left for another round.
    MachineProfile slow = FREE.with(Cost.FOLIO_WRITEBACK, 110_000);
    OpenFile first = newFile(slow, thresholds(1_500, 8_000));
    OpenFile second = fixture.newFile();
    write(first, 1_000, RwFlags.NONE);
    write(second, 1_000, RwFlags.NONE);
    fixture.runToIdle();
    assertEquals(List.of("1:1000"), fixture.fileSystem().calls());
    assertEquals(1_000, dirty(), "below the threshold after the first file");
  }

  @Test
  void aKickOfTheBdiIsTakenBackOnlyWhenItIsDone() {
    MachineProfile slow = FREE.with(Cost.FOLIO_WRITEBACK, 1_000);
    OpenFile file = newFile(slow, passive());
    write(file, 1_000, RwFlags.NONE);
    List<Boolean> woken = new ArrayList<>();
    // Written from 1 to 2 ms. The second kick comes before the flusher has run, the third while it
    // writes, the fourth after.
    for (long at : new long[] {1_000_000, 1_000_000, 1_500_000, 3_000_000}) {
      fixture.taskAt(
          at,
          1,
          fixture.write(file, 2_000, 1, RwFlags.NONE),
          (Exec x) ->
              woken.add(
                  fixture
                      .cache()
                      .writeback()
                      .startAll(x, fixture.device(), WritebackReason.DONTCACHE)));
    }
    fixture.runToIdle();
    assertEquals(List.of(true, false, false, true), woken);
  }

  @Test
  void aCountedKickWritesTheOldestInodeFirstAndAtLeast4MiBOfIt() {
    OpenFile plain = newFile(FREE, passive());
    OpenFile uncached = fixture.newFile();
    fixture.withoutWriteback();
    write(plain, 3_000, RwFlags.NONE);
    fixture.runUntil(10 * MS);
    fixture.withWriteback(
        "writeback.kick", (host, x, mapping, pos, bytes) -> host.startDontcache(x, mapping));
    List<String> trace = fixture.trace(Tracepoint.WRITEBACK_START);
    fixture.taskAt(20 * MS, 0, fixture.write(uncached, 0, 7, RwFlags.DONTCACHE));
    fixture.runToIdle();
    // 7 dirty dropbehind pages are the budget; (7 + 1024) / 1024 * 1024 pages are one chunk.
    assertEquals(List.of("writeback_start 7,0," + DONTCACHE + "@20000000"), trace);
    assertEquals(List.of("1:1024"), fixture.fileSystem().calls());
    assertEquals(1_976 + 7, dirty());
  }

  @Test
  void aKickDuringACountedPassIsServedAfterIt() {
    MachineProfile slow = FREE.with(Cost.FOLIO_WRITEBACK, 1_000);
    OpenFile file = newFile(slow, passive());
    List<Boolean> woken = new ArrayList<>();
    fixture.withWriteback(
        "writeback.kick",
        (host, x, mapping, pos, bytes) -> woken.add(host.startDontcache(x, mapping)));
    List<String> trace = fixture.trace(Tracepoint.WRITEBACK_START);
    fixture.taskAt(0, 0, fixture.write(file, 0, 100, RwFlags.DONTCACHE));
    // The flusher is at its 51st page.
    fixture.taskAt(50_500, 0, fixture.write(file, 200, 5, RwFlags.DONTCACHE));
    fixture.taskAt(50_600, 3, fixture.write(fixture.newFile(), 0, 3, RwFlags.DONTCACHE));
    fixture.runToIdle();
    assertEquals(List.of(true, true, false), woken, "the third is covered by the second");
    // The first pass goes on to the pages that were added behind: 105. The second counts 3.
    assertEquals(
        List.of(
            "writeback_start 100,0," + DONTCACHE + "@0",
            "writeback_start 3,0," + DONTCACHE + "@105000"),
        trace);
    assertEquals(List.of("1:105", "2:3"), fixture.fileSystem().calls());
    assertEquals(0, dirty());
  }

  @Test
  void youngDataThatAKickHasQueuedGetsOneChunkOfPeriodicWriteback() {
    OpenFile uncached = newFile(FREE, VmSettings.DEFAULT.withBytes(199_000L << 12, 200_000L << 12));
    OpenFile plain = fixture.newFile();
    fixture.withWriteback(
        "writeback.kick", (host, x, mapping, pos, bytes) -> host.startDontcache(x, mapping));
    fixture.taskAt(0, 0, fixture.write(uncached, 0, 1, RwFlags.NONE));
    fixture.taskAt(10 * MS, 0, fixture.write(plain, 0, 14_000, RwFlags.NONE));
    fixture.taskAt(20 * MS, 0, fixture.write(uncached, 1, 7, RwFlags.DONTCACHE));
    fixture.runUntil(SECOND);
    // The kick has queued both files, and the first has used its budget of 7 pages up.
    assertEquals(List.of("1:8"), fixture.fileSystem().calls());
    // What is queued is written at the next period, old or not. As it isn't, the rest goes back to
    // the dirty list when the chunk is used up: min(25600 / 2, 200000 / 8) + 1024, down to 13312.
    fixture.runUntil(20 * SECOND);
    assertEquals(List.of("1:8", "2:13312"), fixture.fileSystem().calls());
    assertEquals(688, dirty());
  }

  @Test
  void theFirstPassSinceLongAgoLooksForOldDataBeforeItsOwnReason() {
    OpenFile file = newFile(FREE, VmSettings.DEFAULT.withBytes(100L << 12, 1_000L << 12));
    fixture.device().wasCleanForAPeriod();
    List<String> trace = fixture.trace(Tracepoint.WRITEBACK_START);
    // Looked at after 32 pages, and then after 16 each: at 112.
    fixture.taskAt(10 * MS, 0, fixture.write(file, 0, 112, RwFlags.NONE));
    fixture.taskAt(20 * MS, 0, fixture.write(file, 200, 112, RwFlags.NONE));
    fixture.runUntil(SECOND);
    // A real machine's, at the first page above the background threshold: periodic writeback of all
    // that is dirty, 112 pages and an inode, none of it old; and then background writeback. The
    // second time no period has gone by.
    int periodic = WritebackReason.PERIODIC.ordinal();
    int background = WritebackReason.BACKGROUND.ordinal();
    assertEquals(
        List.of(
            "writeback_start 113,0," + periodic + "@10000000",
            "writeback_start " + Long.MAX_VALUE + ",0," + background + "@10000000",
            "writeback_start " + Long.MAX_VALUE + ",0," + background + "@20000000"),
        trace);
    assertEquals(List.of("1:112", "1:112"), fixture.fileSystem().calls());
  }

  @Test
  void theRescuerWritesOneChunkAndLeavesTheRestToAWorker() {
    OpenFile file = newFile(FREE.with(Cost.WORKER_CREATE, 50_000_000), passive());
    Workqueues workqueues = fixture.machine().workqueues();
    Workqueue unbound =
        workqueues.alloc("other", Workqueue.ACTIVE_DEFAULT, EnumSet.of(Workqueue.Flag.UNBOUND));
    Work sleeper = new Work("sleeper", x -> fixture.machine().timers().sleep(x, SECOND));
    fixture.taskAt(0, 1, x -> workqueues.queue(x, unbound, sleeper));
    fixture.taskAt(0, 0, fixture.write(file, 0, 3_000, RwFlags.NONE));
    fixture.runUntil(MS);
    List<String> trace = fixture.trace(Tracepoint.WRITEBACK_START);
    kick(WritebackReason.SYNC);
    fixture.runToIdle();
    // The only worker sleeps; another can't be had at once, so 10 ms later the rescuer is called.
    // Its 1024 pages are a chunk of (1024 + 1024) / 1024 * 1024.
    int forker = WritebackReason.FORKER_THREAD.ordinal();
    assertEquals(List.of("writeback_start 1024,0," + forker + "@11000000"), trace);
    assertEquals(List.of("1:2048"), fixture.fileSystem().calls());
    assertEquals(952, dirty(), "the kick stands until a worker comes");
  }

  @Test
  void syncWritesEveryFileAndWaits() {
    OpenFile first = newFile(FREE, passive());
    OpenFile second = fixture.newFile();
    write(first, 10, RwFlags.NONE);
    write(second, 20, RwFlags.NONE);
    List<String> trace = fixture.trace(Tracepoint.WRITEBACK_START);
    fixture.taskAt(10 * MS, 0, fixture.logged("sync", x -> fixture.cache().writeback().sync(x)));
    fixture.runToIdle();
    assertEquals("sync=0@10100000", fixture.log().get(2), "one I/O of 100 us, all at once");
    assertEquals(30, fixture.fileSystem().pagesWritten());
    assertTrue(trace.get(0).startsWith("writeback_start " + Long.MAX_VALUE + ",1," + SYNC));
  }

  @Test
  void theBandwidthIsNotMeasuredWhileNothingIsWritten() {
    OpenFile file = newFile(FREE, passive());
    fixture.fileSystem().withPageNs(100_000); // 10,000 pages a second
    for (int i = 0; i < 40; i++) {
      fixture.taskAt(i * 250 * MS, 0, fixture.write(file, i * 2_000, 2_000, RwFlags.NONE));
      fixture.taskAt(
          i * 250 * MS + 1, 0, x -> fixture.cache().flushRange(x, file.mapping(), 0, 1L << 40));
    }
    fixture.runUntil(10 * SECOND);
    long before = fixture.device().wbs().get(0).avgWriteBandwidthPages();
    assertTrue(before > 6_000, "8,000 pages a second are written: " + before);
    fixture.taskAt(60 * SECOND, 0, fixture.write(file, 0, 10, RwFlags.NONE), fixture.fsync(file));
    fixture.runToIdle();
    long after = fixture.device().wbs().get(0).avgWriteBandwidthPages();
    assertTrue(after > before * 8 / 10, "an idle minute is no slowness: " + after);
  }
}
