package fs.iomap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.device.DeviceParameter;
import block.bio.testing.FileFixture;
import mm.core.AddressSpace;
import mm.core.Errno;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.reclaim.MemorySettings;
import mm.core.writeback.VmSettings;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/** What the work of an inode does, transaction by transaction, and where it gives up its CPU. */
class IoendCompletionTest {
  private static final int KIB = IomapRig.KIB;
  private static final MachineProfile MACHINE = IomapRig.FREE.with(Cost.FS_TRANSACTION, 60_000);

  private static IomapRig rig(FileLayout layout, long sizeBytes) {
    return new IomapRig(MACHINE, FileFixture.FIXED, IomapSettings.DEFAULT, layout, sizeBytes);
  }

  private static long fsyncNs(IomapRig rig, long result) {
    long beginNs = rig.io.machine().nowNs();
    FileFixture.Call call = rig.io.start(0, x -> rig.io.cache().fsync(x, rig.open));
    assertEquals(result, call.await());
    return call.endNs() - beginNs;
  }

  @Test
  void aCopyOnWriteThatAppendsTakesATransactionForTheSizeToo() {
    IomapRig rig = rig(FileLayout.SHARED, 62 * KIB);
    rig.write(60 * KIB, 4 * KIB); // The last block, which is shared up to byte 62 KiB.
    assertEquals(100_000 + 60_000 + 60_000 + 100_000, fsyncNs(rig, 0));
    assertEquals(64 * KIB, rig.file.onDiskSizeBytes());
    rig.verifyIdle();
  }

  @Test
  void anUnwrittenExtentThatAppendsMovesTheSizeInItsOwnTransaction() {
    IomapRig rig = rig(FileLayout.PREALLOCATED, 62 * KIB);
    rig.write(60 * KIB, 4 * KIB);
    assertEquals(100_000 + 60_000 + 100_000, fsyncNs(rig, 0));
    assertEquals(64 * KIB, rig.file.onDiskSizeBytes());
    rig.verifyIdle();
  }

  @Test
  void aFailedCopyOnWriteTakesATransactionToGiveItsBlocksUp() {
    IomapRig rig = rig(FileLayout.SHARED, 64 * KIB);
    rig.io
        .device()
        .setFaults(
            (op, sector, bytes) ->
                op == BioOp.WRITE && sector >= 64L << 11 ? BlkStatus.IOERR : BlkStatus.OK);
    rig.write(0, 16 * KIB);
    long beginNs = rig.io.machine().nowNs();
    rig.io.start(0, x -> rig.io.cache().flushRange(x, rig.mapping, 0, 16 * KIB));
    rig.io.machine().runUntil(beginNs + 160_000 - 1);
    assertEquals("cached 4 dirty 0 writeback 4", rig.io.levels());
    rig.io.machine().runUntil(beginNs + 160_000);
    assertEquals("cached 4 dirty 0 writeback 0", rig.io.levels());
    assertEquals(-Errno.EIO, rig.fsync());
    assertEquals(1, rig.file.extentCount()); // All as it was: one shared extent.
    rig.verifyIdle();
  }

  @Test
  void theSchedulerIsAskedBehind32768Folios() {
    // 130 ioends of 256 pages: the 129th makes 33,024 folios, and the next look is behind it.
    int bytes = 130 * 256 * 4 * KIB;
    // So much memory that no flusher writes before it is told to.
    FileFixture io =
        new FileFixture(
            IomapRig.FREE.with(Cost.FOLIO_END_WRITEBACK, 1_000).with(Cost.WORKER_WAKEUP, 6_000),
            FileFixture.FIXED,
            MemorySettings.ofBytes(4L << 30),
            VmSettings.DEFAULT.withIntervals(0, 3_000));
    IomapFileSystem fs =
        new IomapFileSystem(io.cache(), io.backingDevice(), io.device(), IomapSettings.DEFAULT);
    AddressSpace mapping = fs.newFile(FileLayout.PREALLOCATED, bytes).mapping();
    OpenFile open = new OpenFile(mapping);
    io.call(x -> io.cache().write(x, open, 0, bytes, RwFlags.NONE));
    long beginNs = io.machine().nowNs();
    io.start(0, x -> io.cache().flushRange(x, mapping, 0, bytes));
    // The task is woken in 6 us, the device takes 100, the worker is woken in 6: it ends folios.
    long endsFromNs = beginNs + 6_000 + 100_000 + 6_000;
    io.machine().runUntil(endsFromNs + 10_000);
    // Ten have ended, and the next has begun to.
    assertEquals("cached 33280 dirty 0 writeback 33269", io.levels());
    FileFixture.Call other = io.start(io.bios().writes().get(0).endCpu(), x -> x.setResult(0));
    other.await();
    assertEquals(endsFromNs + 129 * 256 * 1_000, other.endNs());
    io.runForNs(50_000_000);
    io.verifyIdle();
    fs.verifyIdle();
  }

  @Test
  void anIoendThatTheBlockLayerSplitsEndsOnce() {
    // 64 KiB in four requests of 16, one of which fails: the ioend has one status, the first error.
    IomapRig rig =
        new IomapRig(
            MACHINE,
            FileFixture.FIXED.with(DeviceParameter.MAX_REQUEST, 16 * KIB),
            IomapSettings.DEFAULT,
            FileLayout.PREALLOCATED,
            64 * KIB);
    rig.write(0, 64 * KIB);
    assertEquals(100_000 + 60_000 + 100_000, fsyncNs(rig, 0));
    assertEquals(1, rig.fs.ioendsSubmitted());
    assertEquals(ExtentState.WRITTEN, rig.file.stateAt(60 * KIB));
    rig.write(0, 64 * KIB);
    int[] writes = {0};
    rig.io
        .device()
        .setFaults(
            (op, sector, bytes) ->
                bytes == 16 * KIB && ++writes[0] == 3 ? BlkStatus.IOERR : BlkStatus.OK);
    assertEquals(-Errno.EIO, rig.fsync());
    assertEquals(4, writes[0]);
    assertEquals("cached 16 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }
}
