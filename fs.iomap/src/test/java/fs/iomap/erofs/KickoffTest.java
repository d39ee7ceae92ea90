package fs.iomap.erofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.BlkStatus;
import block.bio.device.DeviceFaults;
import block.bio.device.DeviceParameter;
import block.bio.testing.FileFixture;
import java.util.List;
import mm.core.Errno;
import mm.core.FolioFlag;
import mm.core.ReadAdvice;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.ExecContext;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;

/** Who decompresses what was read, and when. */
class KickoffTest {
  private static final int KIB = ErofsRig.KIB;
  private static final String WORK = "z_erofs_decompressqueue_work on 0";
  private static final String KTHREAD = "z_erofs_decompressqueue_kthread_work on 0";
  private static final String PLUG = "blk_mq_run_work_fn on 0";
  private static final String VERITY = "verity_work on 0";

  /**
   * The first 16 KiB of a file open a window of 8 pages of one cluster: 32 KiB on the device. With
   * a file of 3 pages the window is those: 6 KiB, in 2 blocks. The reader's task starts in 20 us;
   * where a worker wakes it on the worker's own CPU, that is not idle, and the reader follows at
   * once. A reader that blocks in its submission leaves its plug to kblockd, on its CPU at once.
   *
   * <ul>
   *   <li>async, atomic: 20, device 100, worker 20, 8 x 1: 148 us
   *   <li>async, in kverityd's task: 20, device 100, worker 20, 8 x 2, 8 x 1: 164 us
   *   <li>sync, atomic: 20, device 100, reader 20, 3 x 1: 143 us
   *   <li>sync, in kverityd's task: 20, device 100, worker 20, 2 x 2, 3 x 1: 147 us
   *   <li>3 pages async, atomic: 20, device 100, worker 20, 3 x 1: 143 us
   * </ul>
   */
  @ParameterizedTest
  @CsvSource({
    "AUTO, UNBOUND_WORKQUEUE, false, 64, 148000, " + WORK,
    "AUTO, CPU_KTHREAD, false, 64, 148000, " + KTHREAD,
    "AUTO, CPU_RT_KTHREAD, false, 64, 148000, " + KTHREAD,
    "AUTO, UNBOUND_WORKQUEUE, true, 64, 164000, " + VERITY,
    "AUTO, CPU_RT_KTHREAD, true, 64, 164000, " + VERITY,
    "FORCE_ON, UNBOUND_WORKQUEUE, false, 12, 143000, " + PLUG,
    "FORCE_ON, CPU_RT_KTHREAD, false, 12, 143000, " + PLUG,
    "FORCE_ON, UNBOUND_WORKQUEUE, true, 12, 147000, " + PLUG + "; " + VERITY,
    "FORCE_ON, UNBOUND_WORKQUEUE, false, 64, 148000, " + WORK,
    "AUTO, UNBOUND_WORKQUEUE, false, 12, 143000, " + WORK,
    "FORCE_OFF, CPU_KTHREAD, false, 12, 143000, " + KTHREAD,
  })
  void theContextOfTheLastBioDecides(
      SyncDecompress mode,
      DecompressionTask task,
      boolean verity,
      int fileKib,
      long readNs,
      String queued) {
    ErofsSettings settings = ErofsSettings.DEFAULT.with(mode).with(task).withVerity(verity);
    ErofsRig rig = ErofsRig.of(settings, fileKib * KIB);
    assertEquals(readNs, rig.readNs(0, Math.min(16, fileKib) * KIB));
    assertEquals(queued, String.join("; ", rig.queued));
    rig.verifyIdle();
  }

  @Test
  void aDeviceThatEndsBiosAtOnceLeavesItAllToTheReader() {
    ErofsRig rig =
        new ErofsRig(ErofsRig.MACHINE, FileFixture.INLINE, ErofsSettings.DEFAULT, 64 * KIB);
    // The start of the task, 20 us, and 8 pages of 1 us.
    assertEquals(28_000, rig.readNs(0, 16 * KIB));
    assertEquals(List.of(), rig.queued);
    rig.verifyIdle();
  }

  @Test
  void aKernelThatCannotTellTakesEveryContextForAtomic() {
    MachineProfile none =
        ErofsRig.MACHINE.with(new KernelBuild(PreemptModel.NONE, false, false, 1000));
    ErofsRig rig = new ErofsRig(none, FileFixture.INLINE, ErofsSettings.DEFAULT, 64 * KIB);
    // The start of the task, 20 us, a worker on the other CPU, 20 us, 8 us, the reader, 20 us.
    assertEquals(68_000, rig.readNs(0, 16 * KIB));
    assertEquals(List.of(WORK), rig.queued);
    rig.verifyIdle();
  }

  @Test
  void theFirstKickFromAtomicContextForcesSynchronousReads() {
    ErofsRig rig = ErofsRig.of(ErofsSettings.DEFAULT, 12 * KIB);
    ErofsFile second = rig.fs.newFile(12 * KIB);
    assertEquals(143_000, rig.readNs(0, 12 * KIB));
    assertEquals(SyncDecompress.FORCE_ON, rig.fs.syncDecompress());
    long startNs = rig.io.machine().nowNs();
    FileFixture.Call read =
        rig.io.start(
            0,
            x -> rig.io.cache().read(x, new OpenFile(second.mapping()), 0, 12 * KIB, RwFlags.NONE));
    assertEquals(12 * KIB, read.await());
    assertEquals(143_000, read.endNs() - startNs);
    // The reader of the second file needed nobody but kblockd.
    assertEquals(List.of(WORK, PLUG), rig.queued);
    rig.verifyIdle();
  }

  @Test
  void kicksFromATaskLeaveTheModeAsItIs() {
    ErofsRig rig = ErofsRig.of(ErofsSettings.DEFAULT.withVerity(true), 64 * KIB);
    rig.readNs(0, 16 * KIB);
    assertEquals(SyncDecompress.AUTO, rig.fs.syncDecompress());
  }

  @Test
  void withoutReadaheadAFolioIsDecompressedByItsReader() {
    ErofsRig rig = ErofsRig.of(ErofsSettings.DEFAULT, 64 * KIB);
    rig.io.backingDevice().setReadaheadPages(0);
    rig.open.advise(ReadAdvice.NORMAL);
    // The page cache forces readahead of this page before it comes to read_folio, as the kernel's.
    rig.readNs(0, 4 * KIB);
    assertEquals(List.of(WORK), rig.queued);
    ErofsRig failing = ErofsRig.of(ErofsSettings.DEFAULT, 64 * KIB);
    failing.io.device().setFaults((op, sector, bytes) -> BlkStatus.IOERR);
    // Start 20 us, 100 us of readahead that fails, worker 20 us; read_folio 100 us, reader 20 us.
    FileFixture.Call read = failing.startRead(0, 0, 4 * KIB);
    assertEquals(-Errno.EIO, read.await());
    assertEquals(260_000, read.endNs());
    assertEquals(List.of(WORK), failing.queued);
    failing.verifyIdle();
  }

  @Test
  void onlyTheLastBioKicksAndOneThatFailsFailsAll() {
    ErofsSettings large = ErofsSettings.DEFAULT.withClusters(1024 * KIB, 100);
    for (boolean fails : new boolean[] {false, true}) {
      ErofsRig rig =
          new ErofsRig(
              ErofsRig.MACHINE,
              FileFixture.FIXED.with(DeviceParameter.MAX_REQUEST, 1024 * KIB),
              large,
              4096 * KIB);
      rig.io.backingDevice().setReadaheadPages(512);
      rig.open.advise(ReadAdvice.NORMAL);
      // A bio holds 256 pages: two of them, the second of the second cluster.
      DeviceFaults secondFails =
          (op, sector, bytes) -> sector >= 2 * 2048 ? BlkStatus.IOERR : BlkStatus.OK;
      rig.io.device().setFaults(fails ? secondFails : DeviceFaults.NONE);
      FileFixture.Call read = rig.startRead(0, 0, 2048 * KIB);
      for (int i = 0; i < 2_000 && !rig.queued.contains(WORK); i++) {
        rig.io.runForNs(1_000);
      }
      assertEquals(List.of(WORK), rig.queued);
      // The worker comes after 20 us; cluster 0 takes 256 us, unless nothing is decompressed.
      rig.io.runForNs(30_000);
      assertEquals(fails, !rig.io.test(rig.file.mapping(), 511, FolioFlag.LOCKED));
      assertFalse(rig.io.test(rig.file.mapping(), 0, FolioFlag.UPTODATE));
      rig.io.device().setFaults(DeviceFaults.NONE);
      assertEquals(2048 * KIB, read.await());
      rig.io.runForNs(10_000_000);
      rig.verifyIdle();
    }
  }

  @Test
  void aClusterIsReadWholeAndDecompressedUpToTheLastWantedByte() {
    ErofsRig rig = ErofsRig.of(ErofsSettings.DEFAULT, 256 * KIB);
    rig.open.advise(ReadAdvice.RANDOM);
    // Pages 18 and 19 of cluster 1, which begins with page 16: 4 pages are decompressed.
    assertEquals(144_000, rig.readNs(72 * KIB, 8 * KIB));
    assertEquals(32 * KIB, rig.io.bios().reads().get(0).bytes());
    // Pages 16 and 17 come along, and 8 compressed ones are kept.
    assertEquals("cached 12 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void aBioThatAskedForARealTimeTaskIsDecompressedByIt() {
    ErofsRig rig = ErofsRig.of(ErofsSettings.DEFAULT.with(ReadCompletion.IN_RT_THREAD), 64 * KIB);
    rig.io.withCompletionWorkqueue();
    // The fixture's policy has a worker: start 20 us, device 100 us, worker 20 us, 8 us in it.
    assertEquals(148_000, rig.readNs(0, 16 * KIB));
    assertEquals(List.of("bio_complete_work_fn on 0"), rig.queued);
    assertEquals(ExecContext.TASK, rig.io.bios().reads().get(0).context());
    rig.verifyIdle();
  }

  private static final class Busy {
    private final long stepNs;
    private final Step go = this::go;

    Busy(long stepNs) {
      this.stepNs = stepNs;
    }

    void go(Exec x) {
      if (x.nowNs() < 50_000_000) {
        x.then(go);
      }
      x.chargeUser(stepNs);
    }
  }

  /** 50 us after the interrupt, with a fair task on the only CPU that never sleeps. */
  private static boolean decompressedBesideABusyTask(DecompressionTask task) {
    MachineProfile machine =
        MachineProfile.ofCpus(1)
            .withoutCosts()
            .with(Cost.DECOMPRESS, 1_000)
            .with(new KernelBuild(PreemptModel.FULL, true, false, 1000));
    ErofsRig rig =
        new ErofsRig(machine, FileFixture.FIXED, ErofsSettings.DEFAULT.with(task), 64 * KIB);
    rig.startRead(0, 0, 16 * KIB);
    rig.io.machine().spawn("busy", CpuMask.of(0), new Busy(1_000_000)::go);
    rig.io.runForNs(107_999);
    assertFalse(rig.io.test(rig.file.mapping(), 0, FolioFlag.UPTODATE));
    rig.io.runForNs(1);
    return rig.io.test(rig.file.mapping(), 0, FolioFlag.UPTODATE);
  }

  @Test
  void aRealTimeThreadRunsAheadOfABusyTaskAndAFairOneDoesNot() {
    assertTrue(decompressedBesideABusyTask(DecompressionTask.CPU_RT_KTHREAD));
    assertFalse(decompressedBesideABusyTask(DecompressionTask.CPU_KTHREAD));
  }

  @Test
  void aCpuWhoseThreadHasGoneUsesTheWorkqueue() {
    ErofsSettings settings =
        ErofsSettings.DEFAULT.with(CacheStrategy.DISABLED).with(DecompressionTask.CPU_RT_KTHREAD);
    ErofsRig rig =
        new ErofsRig(
            ErofsRig.MACHINE,
            FileFixture.FIXED,
            settings,
            64 * KIB,
            // Torn down behind the file system's callback: 1 ms in which the CPU has no thread.
            (x, cpu) -> x.charge(1_000_000));
    // Submitted at 20 us; the thread goes at 40 us; the bio ends at 120 us.
    FileFixture.Call read = rig.startRead(1, 0, 16 * KIB);
    rig.io.start(0, x -> rig.io.machine().hotplug().down(x, 1, -1));
    assertEquals(16 * KIB, read.await());
    rig.io.runForNs(3_000_000);
    assertEquals(List.of("z_erofs_decompressqueue_work on 1"), rig.queued);
    rig.io.call(x -> rig.io.machine().hotplug().up(x, 1, -1));
    rig.queued.clear();
    rig.startRead(1, 32 * KIB, 16 * KIB).await();
    assertEquals(List.of("z_erofs_decompressqueue_kthread_work on 1"), rig.queued);
    rig.verifyIdle();
  }

  @Test
  void aWriteIsRefused() {
    ErofsRig rig = ErofsRig.of(ErofsSettings.DEFAULT, 64 * KIB);
    assertEquals(
        -Errno.EROFS,
        rig.io.call(x -> rig.io.cache().write(x, rig.open, 0, 4 * KIB, RwFlags.NONE)));
    assertEquals(
        -Errno.EOPNOTSUPP,
        rig.io.call(x -> rig.io.cache().read(x, rig.open, 0, 4 * KIB, RwFlags.DONTCACHE)));
  }
}
