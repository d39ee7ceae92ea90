package fs.iomap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.device.DeviceFaults;
import block.bio.testing.FileFixture;
import java.util.List;
import mm.core.Errno;
import mm.core.FolioFlag;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import org.junit.jupiter.api.Test;
import sim.kernel.ExecContext;
import sim.kernel.check.Complaint;
import sim.kernel.check.Rule;
import sim.kernel.machine.Cost;

/** A device that fails, and who hears of it. */
class IomapErrorTest {
  private static final int KIB = IomapRig.KIB;

  /** The journal is in the first 64 MiB; data is behind it. */
  private static final long DATA_SECTOR = 64L << 11;

  private static final DeviceFaults DATA_WRITES_FAIL =
      (op, sector, sizeBytes) ->
          op == BioOp.WRITE && sector >= DATA_SECTOR ? BlkStatus.IOERR : BlkStatus.OK;

  private static IomapRig failing(FileLayout layout) {
    IomapRig rig = new IomapRig(IomapSettings.DEFAULT, layout, 64 * KIB);
    rig.io.device().setFaults(DATA_WRITES_FAIL);
    return rig;
  }

  @Test
  void fsyncReportsAFailedWriteOnce() {
    IomapRig rig = failing(FileLayout.WRITTEN);
    rig.write(0, 8 * KIB);
    assertEquals(-Errno.EIO, rig.fsync());
    assertEquals(0, rig.fsync());
    rig.verifyIdle();
  }

  @Test
  void everyFileThatWasOpenHearsOfIt() {
    IomapRig rig = failing(FileLayout.WRITTEN);
    OpenFile other = new OpenFile(rig.mapping);
    rig.write(0, 8 * KIB);
    assertEquals(-Errno.EIO, rig.fsync());
    assertEquals(-Errno.EIO, rig.io.call(x -> rig.io.cache().fsync(x, other)));
    OpenFile openedLater = new OpenFile(rig.mapping);
    assertEquals(0, rig.io.call(x -> rig.io.cache().fsync(x, openedLater)));
  }

  @Test
  void theFoliosEndCleanAndStay() {
    IomapRig rig = failing(FileLayout.WRITTEN);
    rig.write(0, 8 * KIB);
    rig.fsync();
    assertEquals("cached 2 dirty 0 writeback 0", rig.io.levels());
    assertTrue(rig.test(0, FolioFlag.UPTODATE));
    assertFalse(rig.test(0, FolioFlag.WRITEBACK));
    rig.verifyIdle();
  }

  @Test
  void theEndOfAFailedIoendIsLeftToATask() {
    // A worker's first instruction comes 6 us after the interrupt.
    IomapRig rig =
        new IomapRig(
            IomapRig.FREE.with(Cost.WORKER_WAKEUP, 6_000),
            FileFixture.FIXED,
            IomapSettings.DEFAULT,
            FileLayout.WRITTEN,
            64 * KIB);
    rig.io.device().setFaults(DATA_WRITES_FAIL);
    rig.dontcacheWrite(0, 8 * KIB);
    rig.io.runForNs(10_000_000);
    assertEquals(ExecContext.HARDIRQ, rig.bios().writes().get(0).context());
    // The task drops the folios although no policy defers bios: data is gone from memory too.
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
    assertEquals(-Errno.EIO, rig.fsync());
    rig.verifyIdle();
  }

  @Test
  void failedIoendsOfManyInodesShareAWorkItem() {
    IomapRig rig =
        new IomapRig(
            IomapRig.FREE.with(Cost.WORKER_WAKEUP, 6_000),
            FileFixture.FIXED,
            IomapSettings.DEFAULT,
            FileLayout.WRITTEN,
            64 * KIB);
    IomapFile other = rig.fs.newFile(FileLayout.WRITTEN, 64 * KIB);
    OpenFile otherOpen = new OpenFile(other.mapping());
    rig.io.device().setFaults(DATA_WRITES_FAIL);
    rig.write(0, 8 * KIB);
    rig.io.call(x -> rig.io.cache().write(x, otherOpen, 0, 8 * KIB, RwFlags.NONE));
    FileFixture.Call first = rig.io.start(0, x -> rig.io.cache().fsync(x, rig.open));
    FileFixture.Call second = rig.io.start(1, x -> rig.io.cache().fsync(x, otherOpen));
    assertEquals(-Errno.EIO, first.await());
    assertEquals(-Errno.EIO, second.await());
    assertEquals(2, rig.fs.ioendsFailed());
    rig.verifyIdle();
  }

  /**
   * Fails an append, which the fs workqueue ends, and then an overwrite, which an interrupt does.
   */
  private static List<String> complaintsOfReports(ErrorReport report) {
    IomapRig rig = new IomapRig(IomapSettings.DEFAULT.with(report), FileLayout.WRITTEN, 64 * KIB);
    IomapFile grown = rig.fs.newFile(FileLayout.SPARSE, 0);
    OpenFile grownOpen = new OpenFile(grown.mapping());
    rig.io.device().setFaults(DATA_WRITES_FAIL);
    rig.io.call(x -> rig.io.cache().write(x, grownOpen, 0, 8 * KIB, RwFlags.NONE));
    assertEquals(-Errno.EIO, rig.io.call(x -> rig.io.cache().fsync(x, grownOpen)));
    assertEquals(List.of(), rig.io.machine().checker().complaints());
    rig.write(0, 8 * KIB);
    assertEquals(-Errno.EIO, rig.fsync());
    return rig.io.machine().checker().complaints().stream()
        .map(complaint -> complaint.rule().wording() + ", " + complaint.what())
        .toList();
  }

  @Test
  void aReportInsideAnInterruptHandlerTakesALockThatTasksHoldWithInterruptsEnabled() {
    assertEquals(List.of(), complaintsOfReports(ErrorReport.IN_TASK));
    assertEquals(
        List.of("WARNING: inconsistent lock state, i_lock, {HARDIRQ-ON-W} -> {IN-HARDIRQ-W} usage"),
        complaintsOfReports(ErrorReport.IN_END_IO));
  }

  @Test
  void writebackOnBehalfOfReclaimIsRefusedAndReported() {
    IomapRig rig = new IomapRig(IomapSettings.DEFAULT, FileLayout.WRITTEN, 64 * KIB);
    rig.write(0, 8 * KIB);
    long result =
        rig.io.call(
            x -> {
              x.task().beginMemalloc();
              x.then(y -> y.task().endMemalloc());
              rig.io.cache().fsync(x, rig.open);
            });
    assertEquals(-Errno.EIO, result);
    assertEquals("cached 2 dirty 2 writeback 0", rig.io.levels());
    assertEquals(
        List.of(Rule.RECLAIM_WRITEBACK),
        rig.io.machine().checker().complaints().stream().map(Complaint::rule).toList());
    assertEquals(0, rig.fsync());
    assertEquals("cached 2 dirty 0 writeback 0", rig.io.levels());
  }

  @Test
  void anExtentWhoseWriteFailedStaysUnwritten() {
    IomapRig rig = failing(FileLayout.PREALLOCATED);
    rig.write(0, 8 * KIB);
    assertEquals(-Errno.EIO, rig.fsync());
    assertEquals(ExtentState.UNWRITTEN, rig.file.stateAt(0));
    rig.verifyIdle();
  }

  @Test
  void aFailedAppendDoesNotMoveTheSize() {
    IomapRig rig = new IomapRig(IomapSettings.DEFAULT, FileLayout.SPARSE, 0);
    rig.io.device().setFaults(DATA_WRITES_FAIL);
    rig.write(0, 8 * KIB);
    assertEquals(-Errno.EIO, rig.fsync());
    assertEquals(0, rig.file.onDiskSizeBytes());
    rig.io.device().setFaults(DeviceFaults.NONE);
    rig.write(0, 8 * KIB);
    assertEquals(0, rig.fsync());
    assertEquals(8 * KIB, rig.file.onDiskSizeBytes());
    rig.verifyIdle();
  }

  @Test
  void aFailedCopyLeavesTheSharedBlocksInPlace() {
    IomapRig rig = failing(FileLayout.SHARED);
    rig.write(0, 8 * KIB);
    assertEquals(-Errno.EIO, rig.fsync());
    assertEquals(1, rig.file.extentCount());
    rig.io.device().setFaults(DeviceFaults.NONE);
    rig.write(0, 8 * KIB);
    assertEquals(0, rig.fsync());
    assertEquals(2, rig.file.extentCount());
    rig.verifyIdle();
  }

  @Test
  void aJournalThatCannotBeWrittenFailsEveryFsyncFromThen() {
    IomapRig rig = new IomapRig(IomapSettings.DEFAULT, FileLayout.WRITTEN, 64 * KIB);
    rig.io.device().setFaults((op, sector, bytes) -> BlkStatus.IOERR);
    rig.io.call(x -> rig.io.cache().fsync(x, rig.open)); // Nothing is dirty: no record.
    rig.io
        .device()
        .setFaults(
            (op, sector, bytes) ->
                op == BioOp.WRITE && sector < DATA_SECTOR ? BlkStatus.IOERR : BlkStatus.OK);
    rig.write(0, 4 * KIB);
    assertEquals(-Errno.EIO, rig.fsync());
    rig.io.device().setFaults(DeviceFaults.NONE);
    rig.write(0, 4 * KIB);
    assertEquals(-Errno.EIO, rig.fsync());
    rig.verifyIdle();
  }

  @Test
  void aFailedReadIsAnErrorAndIsTriedAgain() {
    IomapRig rig = new IomapRig(IomapSettings.DEFAULT, FileLayout.WRITTEN, 64 * KIB);
    rig.io.device().setFaults((op, sector, bytes) -> BlkStatus.MEDIUM);
    assertEquals(-Errno.EIO, rig.read(0, 4 * KIB));
    assertFalse(rig.test(0, FolioFlag.UPTODATE));
    rig.io.device().setFaults(DeviceFaults.NONE);
    assertEquals(4 * KIB, rig.read(0, 4 * KIB));
    rig.verifyIdle();
  }

  @Test
  void aReadThatFailsInOneBlockFailsItsFolio() {
    for (boolean inline : new boolean[] {false, true}) {
      IomapRig rig =
          new IomapRig(
              IomapRig.FREE,
              inline ? FileFixture.INLINE : FileFixture.FIXED,
              IomapSettings.DEFAULT.withBlockSizeBytes(512),
              FileLayout.WRITTEN,
              4 * KIB);
      rig.write(1_024, 512); // The blocks before and behind it are two bios.
      rig.io
          .device()
          .setFaults((op, sector, bytes) -> bytes == 1_024 ? BlkStatus.IOERR : BlkStatus.OK);
      assertEquals(-Errno.EIO, rig.read(0, 4 * KIB));
      assertFalse(rig.test(0, FolioFlag.UPTODATE));
      rig.io.device().setFaults(DeviceFaults.NONE);
      assertEquals(4 * KIB, rig.read(0, 4 * KIB));
      rig.fsync();
      rig.verifyIdle();
    }
  }

  @Test
  void aWriteWhoseBlockCannotBeReadFails() {
    IomapRig rig = new IomapRig(IomapSettings.DEFAULT, FileLayout.WRITTEN, 64 * KIB);
    rig.io.device().setFaults((op, sector, bytes) -> BlkStatus.IOERR);
    assertEquals(-Errno.EIO, rig.write(100, 100));
    assertEquals("cached 1 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }
}
