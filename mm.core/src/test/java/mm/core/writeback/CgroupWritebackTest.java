package mm.core.writeback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import mm.core.NodeStat;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.reclaim.CgroupVersion;
import mm.core.reclaim.Memcg;
import mm.core.reclaim.Memory;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.mapping.WritebackReason;
import mm.core.testing.PageCacheFixture;
import org.junit.jupiter.api.Test;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Tracepoint;

class CgroupWritebackTest {
  private static final MachineProfile FREE = MachineProfile.ofCpus(4).withoutCosts();
  private static final long MS = 1_000_000;
  private static final int DONTCACHE = WritebackReason.DONTCACHE.ordinal();
  private static final int FOREIGN_FLUSH = WritebackReason.FOREIGN_FLUSH.ordinal();

  /** 4 GiB, of which a flusher writes only what it is told to. */
  private final PageCacheFixture fixture =
      new PageCacheFixture(
          FREE, new MemorySettings(1 << 20, 0), VmSettings.DEFAULT.withIntervals(0, 3_000));

  private final Memcg first = fixture.cache().memory().newMemcg("first");
  private final Memcg second = fixture.cache().memory().newMemcg("second");
  private final OpenFile file = fixture.newFile();
  private final OpenFile other = fixture.newFile();

  /** A task of a group makes calls from that time on. */
  private void at(long timeNs, Memcg group, Step... calls) {
    Step[] steps = new Step[calls.length + 1];
    steps[0] = x -> fixture.cache().memory().setMemcg(x.task(), group);
    System.arraycopy(calls, 0, steps, 1, calls.length);
    fixture.taskAt(timeNs, 0, steps);
  }

  private Step write(OpenFile to, long page, long pages) {
    return fixture.write(to, page, pages, RwFlags.NONE);
  }

  private long dirtyAndWriteback(Memcg group) {
    return DirtyDomains.dirtyAndWriteback(group.stats());
  }

  private BdiWriteback wb(Memcg group) {
    return fixture.device().wb(group);
  }

  @Test
  void aKickWakesTheFlusherOfTheInodesGroupOnly() {
    fixture.withWriteback(
        "writeback.kick", (host, x, mapping, pos, bytes) -> host.startDontcache(x, mapping));
    List<String> trace = fixture.trace(Tracepoint.WRITEBACK_START);
    at(0, first, write(file, 0, 500));
    at(10 * MS, second, fixture.write(other, 0, 3, RwFlags.DONTCACHE));
    fixture.runToIdle();
    // The older file is another group's; on one list it would be the one that is written.
    assertEquals(List.of("writeback_start 3,0," + DONTCACHE + "@10000000"), trace);
    assertEquals(List.of("2:3"), fixture.fileSystem().calls());
    assertEquals(500, wb(first).statSum(WbStat.RECLAIMABLE));
  }

  @Test
  void aKickOfTheDeviceIsSplitByWhatEachGroupWrites() {
    at(0, first, write(file, 0, 3_000));
    at(10 * MS, second, write(other, 0, 1_000));
    fixture.taskAt(
        20 * MS,
        0,
        x -> fixture.cache().writeback().startAll(x, fixture.device(), WritebackReason.DONTCACHE));
    fixture.runToIdle();
    // Both are believed to write 25600 pages a second, so each gets half of 4000 pages and 2
    // inodes: 2001, of which a chunk makes (2001 + 1024) / 1024 * 1024 = 2048.
    assertEquals(List.of("1:2048", "2:1000"), fixture.fileSystem().calls());
    assertEquals(952, wb(first).statSum(WbStat.RECLAIMABLE));
  }

  @Test
  void aGroupIsStoppedAtTheThresholdOfWhatItMayUse() {
    first.setLimitPages(10_000);
    fixture.fileSystem().withLatencyNs(1_000_000_000_000L);
    at(0, first, write(file, 0, 9_000));
    fixture.taskAt(0, 1, write(other, 0, 9_000));
    fixture.runUntil(10_000 * MS);
    // The group can have 10000 pages less up to 63 in stock: a fifth of 9937, 1987, may be dirty or
    // under writeback. No I/O ends, so it stops there; it looked for the last time one page at a
    // time.
    assertTrue(dirtyAndWriteback(first) >= 1_987, "dirty: " + dirtyAndWriteback(first));
    assertTrue(dirtyAndWriteback(first) <= 2_000 + 32, "dirty: " + dirtyAndWriteback(first));
    // The other writer is far below a fifth of 4 GiB.
    assertEquals(List.of("write=36864000@0"), fixture.log());
  }

  @Test
  void theBackgroundThresholdOfAGroupStartsItsFlusher() {
    first.setLimitPages(10_000);
    // A tenth of 10000 pages is 1000. Its writer is left alone up to half way to 2000, and starts a
    // flusher only above the threshold of all memory.
    at(0, first, write(file, 0, 1_490));
    fixture.runUntil(MS);
    assertEquals(1_490, first.stats().get(NodeStat.FILE_DIRTY));
    // Whoever wakes the flusher for anything finds the group above it.
    fixture.taskAt(2 * MS, 0, x -> wb(first).flusher.wake(x));
    fixture.runToIdle();
    assertEquals(0, first.stats().get(NodeStat.FILE_DIRTY));
  }

  @Test
  void aThrottledGroupHasOthersWriteWhatItDirtiedInTheirFiles() {
    second.setLimitPages(1_000);
    List<String> trace = fixture.trace(Tracepoint.WRITEBACK_START);
    at(0, first, write(file, 0, 8));
    at(10 * MS, second, write(file, 8, 400));
    fixture.runUntil(9_000 * MS);
    // The second group may have 200 pages dirty and pauses above 150, all of them in a file whose
    // wb is the first's. That one has 8 dirty pages of its own group: 8 * 10 / 8.
    assertEquals("writeback_start 10,0," + FOREIGN_FLUSH + "@10000000", trace.get(0));
    assertEquals("write=1638400", fixture.log().get(1).split("@")[0]);
    assertSame(wb(first), file.mapping().inode().wb());
  }

  @Test
  void anInodeMovesToTheGroupThatHasWrittenItForHalfOfTheTime() {
    at(0, first, write(file, 0, 1), fixture.fsync(file));
    for (int round = 1; round <= 9; round++) {
      at(round * 10 * MS, second, write(file, round * 100, 100), fixture.fsync(file));
    }
    // Each round of 100 pages is 100 / 25600 s of I/O, which fills one slot of history; the inode
    // moves when more than 8 of 16 are foreign.
    fixture.runUntil(89 * MS);
    assertSame(wb(first), file.mapping().inode().wb());
    fixture.runUntil(99 * MS);
    assertSame(wb(second), file.mapping().inode().wb());
    assertEquals(1, fixture.cache().writeback().inodesSwitched());
    fixture.runToIdle();
  }

  @Test
  void whatIsDirtyOrOnItsWayMovesWithItsInode() {
    fixture.withoutWriteback().fileSystem().withLatencyNs(5 * MS);
    at(0, first, write(file, 0, 1), fixture.fsync(file));
    for (int round = 1; round <= 8; round++) {
      at(round * 10 * MS, second, write(file, round * 100, 100), fixture.fsync(file));
    }
    // The ninth is submitted and not waited for, and 30 + 20 pages become dirty behind it.
    at(
        100 * MS,
        second,
        write(file, 900, 100),
        x -> fixture.cache().flushRange(x, file.mapping(), 0, 1L << 40),
        write(file, 2_000, 30),
        fixture.write(file, 2_030, 20, RwFlags.DONTCACHE));
    fixture.runUntil(101 * MS);
    assertSame(wb(second), file.mapping().inode().wb());
    assertEquals(0, wb(first).statSum(WbStat.RECLAIMABLE));
    assertEquals(0, wb(first).statSum(WbStat.WRITEBACK));
    assertEquals(50, wb(second).statSum(WbStat.RECLAIMABLE));
    assertEquals(20, wb(second).statSum(WbStat.DONTCACHE_DIRTY));
    assertEquals(100, wb(second).statSum(WbStat.WRITEBACK));
    assertEquals(1, wb(second).dirtyInodeCount());
    assertEquals(0, wb(first).dirtyInodeCount());
    fixture.runToIdle();
  }

  @Test
  void anInodeThatMovesWhileItIsWrittenGoesOnWithItsNewFlusher() {
    PageCacheFixture slow = new PageCacheFixture(FREE.with(Cost.FOLIO_WRITEBACK, 1_000));
    BackingDevice device = slow.device();
    Memcg group = slow.cache().memory().newMemcg("group");
    OpenFile moved = slow.newFile();
    InodeWriteback inode = moved.mapping().inode();
    slow.taskAt(0, 0, slow.write(moved, 0, 1_000, RwFlags.NONE));
    slow.taskAt(MS, 1, x -> slow.cache().writeback().startAll(x, device, WritebackReason.SYNC));
    // The flusher writes a page a microsecond, up to 2 ms. It is in the middle of its 501st, which
    // is neither dirty nor under writeback.
    slow.taskAt(1_500_500, 2, x -> slow.cache().writeback().switches().queue(x, inode, group));
    slow.taskAt(1_600_000, 3, slow.write(moved, 0, 10, RwFlags.NONE));
    slow.runUntil(5 * MS);
    assertSame(device.wb(group), inode.wb());
    assertEquals(0, device.wbs().get(0).dirtyInodeCount());
    assertEquals(1, device.wb(group).dirtyInodeCount());
    slow.runToIdle();
  }

  @Test
  void anInodeStaysWhileSyncAsksFlusherAfterFlusher() {
    fixture.cache().writeback().switches().syncBegins();
    at(0, first, write(file, 0, 1), fixture.fsync(file));
    for (int round = 1; round <= 10; round++) {
      at(round * 10 * MS, second, write(file, round * 100, 100), fixture.fsync(file));
    }
    fixture.runUntil(200 * MS);
    assertSame(wb(first), file.mapping().inode().wb());
    fixture.taskAt(200 * MS, 0, x -> fixture.cache().writeback().switches().syncEnds(x));
    fixture.runToIdle();
    assertSame(wb(second), file.mapping().inode().wb());
  }

  @Test
  void smallWritesOfOthersDoNotMoveAnInode() {
    // 100 pages are 32 units of I/O time, 1 page is 1: below an eighth of the usual, no vote.
    for (int round = 0; round < 3; round++) {
      at(round * 10 * MS, first, write(file, round * 100, 100), fixture.fsync(file));
    }
    for (int round = 3; round < 8; round++) {
      at(round * 10 * MS, second, write(file, round * 100, 1), fixture.fsync(file));
    }
    fixture.runToIdle();
    assertEquals(0, file.mapping().inode().foreignHistory);
  }

  @Test
  void aGroupOfTheLegacyHierarchyHasNeitherFlusherNorThresholds() {
    PageCacheFixture legacy =
        new PageCacheFixture(
            FREE, new MemorySettings(1 << 20, 0), VmSettings.DEFAULT.withIntervals(0, 3_000));
    Memory memory = legacy.cache().memory();
    memory.setCgroupVersion(CgroupVersion.V1);
    Memcg group = memory.newMemcg("group");
    group.setLimitPages(10_000);
    OpenFile target = legacy.newFile();
    legacy.taskAt(
        0, 0, x -> memory.setMemcg(x.task(), group), legacy.write(target, 0, 9_000, RwFlags.NONE));
    legacy.runUntil(10_000 * MS);
    // In the default hierarchy it would be stopped at 2000 pages; all memory's fifth is far away.
    assertEquals(List.of("write=36864000@0"), legacy.log());
    assertEquals(9_000, group.stats().get(NodeStat.FILE_DIRTY));
    assertEquals(1, legacy.device().wbs().size());
    assertSame(legacy.device().wbs().get(0), target.mapping().inode().wb());
  }
}
