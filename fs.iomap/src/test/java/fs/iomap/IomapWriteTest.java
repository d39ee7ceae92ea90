package fs.iomap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.testing.FileFixture;
import java.util.Set;
import mm.core.FolioFlag;
import mm.core.file.RwFlags;
import org.junit.jupiter.api.Test;
import sim.kernel.ExecContext;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/**
 * Buffered writes and their way to the device. Each command of the device takes 100 us, a file
 * system transaction at the end of I/O 60 us, all else nothing. A record of the journal is a
 * command.
 */
class IomapWriteTest {
  private static final int KIB = IomapRig.KIB;
  private static final MachineProfile MACHINE = IomapRig.FREE.with(Cost.FS_TRANSACTION, 60_000);

  private static IomapRig rig(FileLayout layout, int kib) {
    return new IomapRig(
        MACHINE, FileFixture.FIXED, IomapSettings.DEFAULT, layout, (long) kib * KIB);
  }

  private static long fsyncNs(IomapRig rig) {
    long beginNs = rig.io.machine().nowNs();
    FileFixture.Call call = rig.io.start(0, x -> rig.io.cache().fsync(x, rig.open));
    assertEquals(0, call.await());
    return call.endNs() - beginNs;
  }

  @Test
  void anOverwriteEndsInTheInterrupt() {
    IomapRig rig = rig(FileLayout.WRITTEN, 64);
    assertEquals(16 * KIB, rig.write(0, 16 * KIB));
    assertEquals("cached 4 dirty 4 writeback 0", rig.io.levels());
    assertEquals(200_000, fsyncNs(rig)); // Data, then a record for the inode's times.
    assertEquals("cached 4 dirty 0 writeback 0", rig.io.levels());
    assertEquals("16", rig.bios().writesKib());
    assertEquals(Set.of(ExecContext.HARDIRQ), rig.bios().writeContexts());
    rig.verifyIdle();
  }

  @Test
  void eachWriteMakesAMappingCallOfItsOwn() {
    IomapRig rig =
        new IomapRig(
            IomapRig.FREE.with(Cost.BLOCK_MAP, 500),
            FileFixture.FIXED,
            IomapSettings.DEFAULT,
            FileLayout.WRITTEN,
            64 * KIB);
    // Three folios that one mapping covers, then a folio that the same mapping would cover.
    assertEquals(500, writeNs(rig, 0, 12 * KIB));
    assertEquals(500, writeNs(rig, 0, 4 * KIB));
  }

  private static long writeNs(IomapRig rig, long pos, long bytes) {
    long beginNs = rig.io.machine().nowNs();
    FileFixture.Call call =
        rig.io.start(0, x -> rig.io.cache().write(x, rig.open, pos, bytes, RwFlags.NONE));
    assertEquals(bytes, call.await());
    return call.endNs() - beginNs;
  }

  @Test
  void whatWasWrittenIsReadFromTheCache() {
    IomapRig rig = rig(FileLayout.WRITTEN, 64);
    rig.write(0, 16 * KIB);
    rig.fsync();
    rig.bios().clear();
    assertEquals(16 * KIB, rig.read(0, 16 * KIB));
    assertEquals(0, rig.bios().all().size());
    rig.verifyIdle();
  }

  @Test
  void fdatasyncOfAnOverwriteWritesNoRecord() {
    IomapRig rig = rig(FileLayout.WRITTEN, 64);
    rig.write(0, 16 * KIB);
    long beginNs = rig.io.machine().nowNs();
    FileFixture.Call call = rig.io.start(0, x -> rig.io.cache().fdatasync(x, rig.open));
    assertEquals(0, call.await());
    assertEquals(100_000, call.endNs() - beginNs);
    assertEquals(0, rig.fs.logForces());
  }

  @Test
  void anAppendMovesTheSizeInATransactionBeforeItsFoliosEnd() {
    IomapRig rig = rig(FileLayout.SPARSE, 0);
    rig.write(0, 15 * KIB);
    assertEquals(ExtentState.DELALLOC, rig.file.stateAt(0));
    assertEquals(0, rig.file.onDiskSizeBytes());
    // Data 100, transaction 60, record 100.
    assertEquals(260_000, fsyncNs(rig));
    assertEquals(15 * KIB, rig.file.onDiskSizeBytes());
    assertEquals(ExtentState.WRITTEN, rig.file.stateAt(0));
    assertEquals("16", rig.bios().writesKib());
    rig.verifyIdle();
  }

  @Test
  void spaceAheadOfAnAppendStaysUnwritten() {
    IomapRig rig = rig(FileLayout.SPARSE, 0);
    rig.write(0, 64 * KIB);
    assertEquals(ExtentState.HOLE, rig.file.stateAt(64 * KIB)); // Perhaps its only write.
    rig.write(64 * KIB, 16 * KIB);
    rig.fsync();
    // Twice the 64 KiB before it, from the end of the write down to 64 KiB: to 192 KiB.
    assertEquals(2, rig.file.extentCount());
    assertEquals(ExtentState.UNWRITTEN, rig.file.stateAt(80 * KIB));
    assertEquals(ExtentState.UNWRITTEN, rig.file.stateAt(192 * KIB - 1));
    assertEquals(ExtentState.HOLE, rig.file.stateAt(192 * KIB));
  }

  @Test
  void anUnwrittenExtentIsConvertedBeforeItsFoliosEnd() {
    IomapRig rig = rig(FileLayout.PREALLOCATED, 64);
    rig.write(0, 16 * KIB);
    assertEquals(260_000, fsyncNs(rig)); // Data 100, transaction 60, record 100.
    assertEquals(ExtentState.WRITTEN, rig.file.stateAt(0));
    assertEquals(ExtentState.UNWRITTEN, rig.file.stateAt(16 * KIB));
    rig.write(0, 16 * KIB);
    assertEquals(200_000, fsyncNs(rig)); // An overwrite now.
    rig.verifyIdle();
  }

  @Test
  void sharedBlocksAreWrittenElsewhereAndRemapped() {
    IomapRig rig = rig(FileLayout.SHARED, 64);
    rig.read(0, 4 * KIB);
    long sharedSector = rig.bios().reads().get(0).sector();
    rig.bios().clear();
    rig.write(0, 16 * KIB);
    assertEquals(260_000, fsyncNs(rig)); // Data 100, remapping 60, record 100.
    long newSector = rig.bios().writes().get(0).sector();
    assertNotEquals(sharedSector, newSector);
    rig.bios().clear();
    rig.write(0, 16 * KIB);
    assertEquals(200_000, fsyncNs(rig)); // These blocks are this file's alone.
    assertEquals(newSector, rig.bios().writes().get(0).sector());
    // The rest is still shared.
    assertEquals(2, rig.file.extentCount());
    rig.verifyIdle();
  }

  @Test
  void ioendsOfAnInodeAreSortedAndMergedIntoOneTransaction() {
    // A worker's first instruction comes 6 us after it was woken: by then all ioends have ended.
    IomapRig rig =
        new IomapRig(
            MACHINE.with(Cost.WORKER_WAKEUP, 6_000),
            FileFixture.FIXED,
            IomapSettings.DEFAULT,
            FileLayout.PREALLOCATED,
            64 * KIB);
    rig.write(0, 16 * KIB);
    // Flushed from the last page to the first at one instant: they end in that order.
    for (long page = 3; page >= 0; page--) {
      long pos = page * 4 * KIB;
      rig.io.start(0, x -> rig.io.cache().flushRange(x, rig.mapping, pos, 4 * KIB));
    }
    rig.io.runForNs(6_000 + 100_000); // The tasks are woken on an idle CPU as well.
    assertEquals("4 4 4 4", rig.bios().writesKib());
    assertTrue(rig.bios().writes().get(0).sector() > rig.bios().writes().get(3).sector());
    rig.io.runForNs(6_000 + 60_000 - 1);
    assertEquals("cached 4 dirty 0 writeback 4", rig.io.levels());
    rig.io.runForNs(1); // One transaction for all.
    assertEquals("cached 4 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void ioendsThatDontFollowEachOtherTakeATransactionEach() {
    IomapRig rig = rig(FileLayout.PREALLOCATED, 64);
    rig.write(0, 4 * KIB);
    rig.write(8 * KIB, 4 * KIB);
    rig.io.start(0, x -> rig.io.cache().flushRange(x, rig.mapping, 0, 64 * KIB));
    rig.io.runForNs(160_000);
    assertEquals("cached 2 dirty 0 writeback 1", rig.io.levels());
    rig.io.runForNs(60_000);
    assertEquals("cached 2 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void nullBlkEndsAnOverwriteInItsSubmitter() {
    IomapRig rig =
        new IomapRig(
            MACHINE, FileFixture.INLINE, IomapSettings.DEFAULT, FileLayout.WRITTEN, 64 * KIB);
    rig.write(0, 64 * KIB);
    assertEquals(0, fsyncNs(rig));
    assertEquals(Set.of(ExecContext.TASK), rig.bios().writeContexts());
    assertEquals("cached 16 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void aWriteDuringWritebackIsWrittenAgain() {
    IomapRig rig = rig(FileLayout.WRITTEN, 64);
    rig.write(0, 4 * KIB);
    rig.io.start(0, x -> rig.io.cache().flushRange(x, rig.mapping, 0, 4 * KIB));
    rig.io.runForNs(50_000);
    rig.write(0, 4 * KIB);
    assertTrue(rig.test(0, FolioFlag.DIRTY));
    rig.fsync();
    assertEquals("4 4", rig.bios().writesKib());
    assertFalse(rig.test(0, FolioFlag.DIRTY));
    rig.verifyIdle();
  }

  @Test
  void submissionCostsAShareForEachFolio() {
    IomapRig rig =
        new IomapRig(
            IomapRig.FREE.with(Cost.FOLIO_WRITEBACK, 400),
            FileFixture.FIXED,
            IomapSettings.DEFAULT,
            FileLayout.WRITTEN,
            64 * KIB);
    rig.write(0, 16 * KIB);
    long beginNs = rig.io.machine().nowNs();
    FileFixture.Call call =
        rig.io.start(0, x -> rig.io.cache().flushRange(x, rig.mapping, 0, 16 * KIB));
    call.await();
    assertEquals(4 * 400, call.endNs() - beginNs);
  }

  @Test
  void manyFsyncsShareARecordOfTheJournal() {
    IomapRig rig = rig(FileLayout.WRITTEN, 64);
    rig.write(0, 4 * KIB);
    FileFixture.Call first = rig.io.start(0, x -> rig.io.cache().fsync(x, rig.open));
    rig.io.runForNs(100_001); // Its record is under way.
    rig.io.start(0, x -> rig.fs.takeFsync().begin(x, rig.file, false));
    rig.io.start(1, x -> rig.fs.takeFsync().begin(x, rig.file, false));
    first.await();
    rig.io.runForNs(10_000_000);
    assertEquals(1, rig.fs.logForces());
    rig.verifyIdle();
  }
}
