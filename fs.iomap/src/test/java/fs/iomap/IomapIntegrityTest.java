package fs.iomap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.BlkStatus;
import block.bio.device.DeviceFaults;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import block.bio.testing.FileFixture;
import mm.core.Errno;
import mm.core.file.RwFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sim.kernel.ExecContext;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/** Reads of a device with protection information, and who verifies them. */
class IomapIntegrityTest {
  private static final int KIB = IomapRig.KIB;
  private static final DeviceProfile PROTECTED =
      FileFixture.FIXED.with(DeviceParameter.INTEGRITY, 1);
  private static final MachineProfile MACHINE =
      IomapRig.FREE.with(Cost.WORKER_WAKEUP, 20_000).with(Cost.INTEGRITY, 1_000);

  private static IomapRig rig(DeviceProfile device, IntegrityReads reads) {
    return new IomapRig(
        MACHINE, device, IomapSettings.DEFAULT.with(reads), FileLayout.WRITTEN, 64 * KIB);
  }

  private static long readNs(IomapRig rig) {
    FileFixture.Call call =
        rig.io.start(0, x -> rig.io.cache().read(x, rig.open, 0, 16 * KIB, RwFlags.NONE));
    assertEquals(16 * KIB, call.await());
    return call.endNs();
  }

  /**
   * A window of 8 pages: the task's start 20 us, the device 100 us, a worker 20 us, 8 x 1 us. The
   * worker wakes the reader on its own CPU, where it follows at once. Verified in a task by the
   * file system, the bio has ended for the block layer in the interrupt; by COMPLETE_IN_TASK it
   * ends in a task at 140 us; by the block layer only when it is verified.
   */
  @ParameterizedTest
  @CsvSource({
    "BLOCK_LAYER, TASK, 148000",
    "FS_WORKQUEUE, HARDIRQ, 120000",
    "COMPLETE_IN_TASK, TASK, 140000"
  })
  void readsAreVerifiedInATask(IntegrityReads reads, ExecContext context, long bioEndNs) {
    IomapRig rig = rig(PROTECTED, reads);
    rig.io.withCompletionWorkqueue();
    assertEquals(148_000, readNs(rig));
    assertEquals(context, rig.bios().reads().get(0).context());
    assertEquals(bioEndNs, rig.bios().reads().get(0).endNs());
    rig.verifyIdle();
  }

  @Test
  void aDeviceWithoutItTakesNoTask() {
    for (IntegrityReads reads : IntegrityReads.values()) {
      IomapRig rig = rig(FileFixture.FIXED, reads);
      rig.io.withCompletionWorkqueue();
      // The task's start, the device, and the reader, which the interrupt wakes: 20 us.
      assertEquals(140_000, readNs(rig));
      assertEquals(ExecContext.HARDIRQ, rig.bios().reads().get(0).context());
    }
  }

  @Test
  void aReadThatFailedIsNotVerified() {
    for (IntegrityReads reads : IntegrityReads.values()) {
      IomapRig rig = rig(PROTECTED, reads);
      rig.io.device().setFaults((op, sector, bytes) -> BlkStatus.IOERR);
      assertEquals(-Errno.EIO, rig.read(0, 16 * KIB));
      assertEquals(ExecContext.HARDIRQ, rig.bios().reads().get(0).context());
      rig.io.device().setFaults(DeviceFaults.NONE);
      rig.verifyIdle();
    }
  }

  @Test
  void theWriterMakesIt() {
    IomapRig rig = rig(PROTECTED, IntegrityReads.BLOCK_LAYER);
    rig.write(0, 16 * KIB);
    long startNs = rig.io.machine().nowNs();
    FileFixture.Call flush =
        rig.io.start(0, x -> rig.io.cache().writeAndWait(x, rig.mapping, 0, 16 * KIB - 1));
    assertEquals(0, flush.await());
    // The task's start 20 us, 4 x 1 us before the request, the device 100 us, its wake-up 20 us.
    assertEquals(144_000, flush.endNs() - startNs);
  }

  @Test
  void eachPieceOfASplitIsVerifiedOnce() {
    IomapRig rig =
        rig(PROTECTED.with(DeviceParameter.MAX_REQUEST, 8 * KIB), IntegrityReads.BLOCK_LAYER);
    // 4 pieces of 2 x 1 us, one after the other on one CPU, as if it were one bio.
    assertEquals(148_000, readNs(rig));
    rig.verifyIdle();
  }
}
