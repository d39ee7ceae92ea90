package mm.core.writeback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.reclaim.Memcg;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.mapping.WritebackReason;
import mm.core.testing.PageCacheFixture;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;
import sim.kernel.workqueue.Workqueues;

/** Every reason that can arise here, each seen in the trace with its number. */
class WritebackReasonTest {
  private static final MachineProfile FREE = MachineProfile.ofCpus(4).withoutCosts();
  private static final VmSettings PASSIVE = VmSettings.DEFAULT.withIntervals(0, 3_000);
  private static final long SECOND = 1_000_000_000;

  private PageCacheFixture fixture;
  private final Set<WritebackReason> seen = EnumSet.noneOf(WritebackReason.class);

  private OpenFile newFile(MachineProfile profile, int pages, VmSettings settings) {
    fixture = new PageCacheFixture(profile, new MemorySettings(pages, 0), settings);
    fixture
        .machine()
        .trace()
        .addSink(
            new TraceSink() {
              @Override
              public Set<Tracepoint> interest() {
                return EnumSet.of(Tracepoint.WRITEBACK_START);
              }

              @Override
              public void event(
                  long timeNs,
                  int cpu,
                  Tracepoint type,
                  long pages,
                  long mode,
                  long reason,
                  long d,
                  long e,
                  long f) {
                seen.add(WritebackReason.values()[(int) reason]);
              }
            });
    return fixture.newFile();
  }

  private Set<WritebackReason> seen() {
    fixture.runToIdle();
    return seen;
  }

  @Test
  void backgroundAboveItsThreshold() {
    OpenFile file = newFile(FREE, 1 << 16, PASSIVE.withBytes(400L << 12, 8_000L << 12));
    fixture.taskAt(0, 0, fixture.write(file, 0, 1_000, RwFlags.NONE));
    assertEquals(Set.of(WritebackReason.BACKGROUND), seen());
  }

  @Test
  void vmscanWhenReclaimFindsNothingButDirtyPages() {
    OpenFile file = newFile(FREE, 2_000, PASSIVE.withRatios(99, 100));
    // What was written once gives the device all of the threshold, so that only reclaim kicks.
    fixture.taskAt(0, 0, fixture.write(file, 0, 8, RwFlags.NONE), fixture.fsync(file));
    fixture.taskAt(SECOND, 0, fixture.write(file, 8, 1_850, RwFlags.NONE));
    fixture.taskAt(2 * SECOND, 0, fixture.read(fixture.newFile(1 << 20), 0, 200, RwFlags.NONE));
    assertEquals(true, seen().contains(WritebackReason.VMSCAN), seen.toString());
  }

  @Test
  void syncAndWhatIsOld() {
    OpenFile file = newFile(FREE, 1 << 16, VmSettings.DEFAULT);
    fixture.taskAt(0, 0, fixture.write(file, 0, 10, RwFlags.NONE));
    fixture.taskAt(SECOND, 0, x -> fixture.cache().writeback().sync(x));
    fixture.taskAt(2 * SECOND, 0, fixture.write(file, 0, 10, RwFlags.NONE));
    assertEquals(Set.of(WritebackReason.SYNC, WritebackReason.PERIODIC), seen());
  }

  @Test
  void forkerThreadOnTheRescuer() {
    OpenFile file = newFile(FREE.with(Cost.WORKER_CREATE, 50_000_000), 1 << 16, PASSIVE);
    Workqueues workqueues = fixture.machine().workqueues();
    Workqueue unbound =
        workqueues.alloc("other", Workqueue.ACTIVE_DEFAULT, EnumSet.of(Workqueue.Flag.UNBOUND));
    Work sleeper = new Work("sleeper", x -> fixture.machine().timers().sleep(x, SECOND));
    fixture.taskAt(0, 1, x -> workqueues.queue(x, unbound, sleeper));
    fixture.taskAt(0, 0, fixture.write(file, 0, 30, RwFlags.NONE));
    fixture.taskAt(
        1, 0, x -> fixture.cache().writeback().startAll(x, fixture.device(), WritebackReason.SYNC));
    assertEquals(Set.of(WritebackReason.FORKER_THREAD), seen());
  }

  @Test
  void foreignFlushForAGroupThatDirtiesTheFilesOfAnother() {
    OpenFile file = newFile(FREE, 1 << 16, PASSIVE);
    Memcg group = fixture.cache().memory().newMemcg("group");
    group.setLimitPages(1_000);
    fixture.taskAt(0, 0, fixture.write(file, 0, 1, RwFlags.NONE));
    fixture.taskAt(
        SECOND,
        0,
        x -> fixture.cache().memory().setMemcg(x.task(), group),
        fixture.write(file, 1, 180, RwFlags.NONE));
    assertEquals(true, seen().contains(WritebackReason.FOREIGN_FLUSH), seen.toString());
  }

  @Test
  void dontcacheWhenAWriteKicks() {
    OpenFile file = newFile(FREE, 1 << 16, PASSIVE);
    fixture.withWriteback(
        "writeback.kick", (host, x, mapping, pos, bytes) -> host.startDontcache(x, mapping));
    fixture.taskAt(0, 0, fixture.write(file, 0, 10, RwFlags.DONTCACHE));
    assertEquals(Set.of(WritebackReason.DONTCACHE), seen());
  }

  /** Laptop_timer and fs_free_space are the two that nothing here gives cause to. */
  @Test
  void namesAndNumbersAreTheKernels() {
    assertEquals(
        List.of(
            "background",
            "vmscan",
            "sync",
            "periodic",
            "laptop_timer",
            "fs_free_space",
            "forker_thread",
            "foreign_flush",
            "dontcache"),
        Stream.of(WritebackReason.values()).map(WritebackReason::label).toList());
  }
}
