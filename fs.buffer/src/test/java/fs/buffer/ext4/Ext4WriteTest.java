package fs.buffer.ext4;

import static fs.buffer.ext4.Ext4Rig.KIB;
import static fs.buffer.ext4.Ext4Rig.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.device.DeviceFaults;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import block.bio.testing.BioLog;
import block.bio.testing.FileFixture;
import fs.buffer.BufferDontcache;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import mm.core.DropOutcome;
import mm.core.Errno;
import mm.core.FolioFlag;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.reclaim.Memcg;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sim.kernel.ExecContext;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/** Writes of a file of ext4 without a journal. */
class Ext4WriteTest {
  @Test
  void blocksArePromisedByTheWriteAndAllocatedByWriteback() {
    Ext4Rig rig = Ext4Rig.newFile();
    rig.write(0, 16 * KIB);
    assertEquals(BlockState.DELAYED, rig.state(0));
    assertTrue(rig.bios().all().isEmpty());
    FileFixture.Call flush =
        rig.io.start(0, x -> rig.io.cache().flushRange(x, rig.mapping, 0, MIB));
    rig.io.runForNs(99_999);
    assertTrue(flush.hasEnded());
    assertEquals(BlockState.UNWRITTEN, rig.state(3), "until its data is on the device, at 100 us");
    rig.settle();
    assertEquals(BlockState.WRITTEN, rig.state(3));
    assertEquals(List.of(16L), rig.writeKib());
    rig.verifyIdle();
  }

  @Test
  void aBlockWithoutAPlaceIsReservedOnce() {
    Ext4Rig rig =
        new Ext4Rig(
            Ext4Rig.FREE.with(Cost.BLOCK_RESERVE, 500),
            FileFixture.FIXED,
            Ext4Rig.PLAIN,
            Ext4Layout.SPARSE,
            0);
    assertFalse(writesWithin(rig, 16 * 500 - 1));
    rig.io.runForNs(1);
    assertTrue(writesWithin(rig, 0), "written again");
  }

  private static boolean writesWithin(Ext4Rig rig, long ns) {
    FileFixture.Call write =
        rig.io.start(0, x -> rig.io.cache().write(x, rig.open, 0, 64 * KIB, RwFlags.NONE));
    rig.io.runForNs(ns);
    return write.hasEnded();
  }

  @Test
  void newFileIsEndedAndDroppedByTheWorkerThatConvertsIt() {
    Ext4Rig rig = Ext4Rig.newFile();
    for (int i = 0; i < 8; i++) {
      rig.dontcacheWrite(i * 64 * KIB, 64 * KIB);
    }
    rig.settle();
    // One writepages, one bio and one folio of 16 pages for each write.
    assertEquals(8, rig.counts.of(Tracepoint.EXT4_WRITEPAGES));
    assertEquals(Collections.nCopies(8, 64L), rig.writeKib());
    assertEquals(Collections.nCopies(8, 4), rig.counts.addedOrders);
    assertEquals(8 * 16, rig.io.dropped(DropOutcome.DROPPED));
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void folioStaysUnderWritebackUntilItsExtentIsConverted() {
    Ext4Rig rig = Ext4Rig.newFile();
    rig.write(0, 4 * KIB);
    rig.io.call(x -> rig.io.cache().flushRange(x, rig.mapping, 0, MIB));
    while (rig.bios().writes().get(0).context() == null) {
      rig.io.runForNs(10);
    }
    // The bio has ended in an interrupt, and its worker is woken in that instant or later.
    assertEquals(Set.of(ExecContext.HARDIRQ), rig.bios().writeContexts());
    while (rig.test(0, FolioFlag.WRITEBACK)) {
      assertEquals(BlockState.UNWRITTEN, rig.state(0));
      rig.io.runForNs(10);
    }
    assertEquals(BlockState.WRITTEN, rig.state(0));
  }

  @Test
  void overwriteEndsInTheInterruptAndItsFoliosStayCached() {
    Ext4Rig rig = Ext4Rig.written(MIB);
    for (int i = 0; i < 8; i++) {
      rig.dontcacheWrite(i * 64 * KIB, 64 * KIB);
    }
    rig.settle();
    assertEquals(Collections.nCopies(8, 64L), rig.writeKib());
    assertEquals(Set.of(ExecContext.HARDIRQ), rig.bios().writeContexts());
    assertEquals(0, rig.counts.of(Tracepoint.WORKQUEUE_EXECUTE_START));
    assertEquals(8 * 16, rig.io.dropped(DropOutcome.NOT_TASK));
    assertEquals("cached 128 dirty 0 writeback 0", rig.io.levels());
    assertTrue(rig.test(0, FolioFlag.DROPBEHIND));
    rig.verifyIdle();
  }

  @Test
  void overwriteWouldBeDroppedIfItsBioAskedForATask() {
    Ext4Rig rig =
        new Ext4Rig(Ext4Rig.PLAIN.with(BufferDontcache.BIO_MARKED), Ext4Layout.WRITTEN, MIB);
    rig.dontcacheWrite(0, 64 * KIB);
    rig.settle();
    assertTrue(rig.bios().writes().stream().allMatch(BioLog.Entry::wasDeferred));
    assertEquals(16, rig.io.dropped(DropOutcome.DROPPED));
    rig.verifyIdle();
  }

  @Test
  void beforeLinux617DontcacheIsRefused() {
    Ext4Rig rig =
        new Ext4Rig(Ext4Rig.PLAIN.with(BufferDontcache.NOT_SUPPORTED), Ext4Layout.SPARSE, 0);
    assertEquals(-Errno.EOPNOTSUPP, rig.dontcacheWrite(0, 4 * KIB));
  }

  @Test
  void withDioreadLockNewBlocksAreWrittenAtOnceAndEndInTheInterrupt() {
    Ext4Rig rig = new Ext4Rig(Ext4Rig.PLAIN.with(Dioread.LOCK), Ext4Layout.SPARSE, 0);
    rig.dontcacheWrite(0, 64 * KIB);
    assertEquals(BlockState.WRITTEN, rig.state(0));
    rig.settle();
    assertEquals(Set.of(ExecContext.HARDIRQ), rig.bios().writeContexts());
    assertEquals(0, rig.counts.of(Tracepoint.WORKQUEUE_EXECUTE_START));
    assertEquals("cached 16 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @ParameterizedTest
  @CsvSource({"NOLOCK, 0", "LOCK, 16"})
  void preallocatedBlocksAreConvertedByTheWorkerOrByTheMap(Dioread dioread, int left) {
    Ext4Rig rig = new Ext4Rig(Ext4Rig.PLAIN.with(dioread), Ext4Layout.PREALLOCATED, MIB);
    assertEquals(BlockState.UNWRITTEN, rig.state(0));
    rig.dontcacheWrite(0, 64 * KIB);
    rig.settle();
    assertEquals(BlockState.WRITTEN, rig.state(15));
    assertEquals(BlockState.UNWRITTEN, rig.state(16));
    assertEquals(List.of(64L), rig.writeKib());
    assertEquals("cached " + left + " dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void newDataIsMappedEightMebibytesAtATime() {
    Ext4Rig rig = Ext4Rig.newFile();
    for (int i = 0; i < 160; i++) {
      rig.write(i * 128L * KIB, 128 * KIB);
    }
    // 20 MiB: extents of up to 2048 blocks, a bio and an io_end each, as in a kernel's trace.
    assertEquals(0, rig.fsync());
    assertEquals(1, rig.counts.of(Tracepoint.EXT4_WRITEPAGES));
    assertEquals(List.of(8192L, 8192L, 4096L), rig.writeKib());
    rig.verifyIdle();
  }

  @Test
  void contiguousOverwritesShareBiosOfUpTo256Folios() {
    Ext4Rig rig = Ext4Rig.written(8 * MIB);
    for (int i = 0; i < 600; i++) {
      rig.write(i * 4L * KIB, 4 * KIB);
    }
    rig.write(2_404 * KIB, 4 * KIB); // Page 601: page 600 is clean.
    rig.flush();
    assertEquals(List.of(1024L, 1024L, 352L, 4L), rig.writeKib());
    rig.verifyIdle();
  }

  @Test
  void ofALargeFolioOnlyTheBlocksThatWereWrittenAreWritten() {
    Ext4Rig rig = Ext4Rig.written(MIB);
    rig.write(0, 64 * KIB);
    rig.flush();
    rig.bios().clear();
    rig.write(8 * KIB, 4 * KIB);
    rig.write(24 * KIB, 8 * KIB);
    assertEquals("cached 16 dirty 16 writeback 0", rig.io.levels(), "the folio counts whole");
    rig.flush();
    assertEquals(List.of(4L, 8L), rig.writeKib());
    rig.verifyIdle();
  }

  @Test
  void folioUnderWritebackIsSkippedAndKeepsWhatWasWrittenMeanwhile() {
    Ext4Rig rig = Ext4Rig.written(MIB);
    rig.write(0, 64 * KIB);
    rig.flush();
    rig.bios().clear();
    // Four writes within 100 us: the first is under writeback when the others come.
    for (int i = 0; i < 4; i++) {
      rig.io.start(0, writeOf(rig, i * 4 * KIB));
      rig.io.runForNs(1_000);
    }
    rig.settle();
    assertEquals(List.of(4L), rig.writeKib());
    assertEquals("cached 16 dirty 16 writeback 0", rig.io.levels());
    rig.flush();
    assertEquals(List.of(4L, 12L), rig.writeKib());
    rig.verifyIdle();
  }

  private static Step writeOf(Ext4Rig rig, long pos) {
    return x -> rig.io.cache().write(x, rig.open, pos, 4 * KIB, RwFlags.DONTCACHE);
  }

  @Test
  void blockThatIsWrittenInPartIsReadFirst() {
    Ext4Rig rig = Ext4Rig.written(MIB);
    rig.write(100, 10);
    assertEquals(List.of(4L), rig.readKib());
    rig.write(8 * KIB - 10, 20); // The ends of blocks 1 and 2.
    assertEquals(List.of(4L, 4L, 4L), rig.readKib());
    rig.write(0, 4 * KIB);
    assertEquals(3, rig.readKib().size(), "a whole block needs no read");
    rig.verifyIdle();
  }

  @Test
  void newBlockThatIsWrittenInPartIsZeroed() {
    Ext4Rig rig = Ext4Rig.newFile();
    rig.write(100, 10);
    assertTrue(rig.readKib().isEmpty());
    assertTrue(rig.test(0, FolioFlag.UPTODATE));
  }

  @Test
  void filesThatGrowTogetherLieInLargePieces() {
    Ext4Rig rig = Ext4Rig.newFile();
    Ext4File other = rig.fs.newFile(Ext4Layout.SPARSE, 0);
    OpenFile otherOpen = new OpenFile(other.mapping());
    for (int i = 0; i < 256; i++) {
      long pos = i * 64L * KIB;
      rig.dontcacheWrite(pos, 64 * KIB);
      rig.io.call(x -> rig.io.cache().write(x, otherOpen, pos, 64 * KIB, RwFlags.DONTCACHE));
    }
    rig.settle();
    // 64, 128, 256, 512 KiB and 1 MiB; then 1 MiB to the border at 2, 2 MiB at 4 and 6, 8, 16.
    assertTrue(rig.file.status().extents() <= 9, "extents are " + rig.file.status().extents());
    rig.verifyIdle();
  }

  @Test
  void aFullDeviceGivesAllThatWasPromisedAndNoMore() {
    DeviceProfile small = FileFixture.FIXED.with(DeviceParameter.CAPACITY, 32L << 20);
    Ext4Rig rig = new Ext4Rig(small, Ext4Rig.PLAIN, Ext4Layout.SPARSE, 0);
    Ext4File other = rig.fs.newFile(Ext4Layout.SPARSE, 0);
    OpenFile otherOpen = new OpenFile(other.mapping());
    // 28 MiB for data. One block of the other file has 16 KiB ahead; the rest goes to this one.
    rig.io.call(x -> rig.io.cache().write(x, otherOpen, 0, 4 * KIB, RwFlags.DONTCACHE));
    for (long pos = 0; pos < 28 * MIB - 4 * KIB; pos += 4 * KIB) {
      assertEquals(4 * KIB, rig.dontcacheWrite(pos, 4 * KIB), "at " + pos);
    }
    assertEquals(-Errno.ENOSPC, rig.write(28L * MIB, 4 * KIB));
    assertEquals(0, rig.fsync());
    rig.settle();
    rig.verifyIdle();
  }

  // fsync.

  @Test
  void fsyncWritesTheInodeAndForANewFileTheDirectoryAndFlushes() {
    DeviceProfile cached = FileFixture.FIXED.with(DeviceParameter.WRITE_CACHE, MIB);
    Ext4Rig rig = new Ext4Rig(cached, Ext4Rig.PLAIN, Ext4Layout.SPARSE, 0);
    rig.write(0, 4 * KIB);
    assertEquals(0, rig.fsync());
    assertEquals(List.of("WS", "WSM", "WSM", "FWS"), rwbs(rig));
    rig.bios().clear();
    rig.write(4 * KIB, 4 * KIB);
    rig.fsync();
    assertEquals(List.of("WS", "WSM", "FWS"), rwbs(rig), "the directory only once");
    rig.bios().clear();
    rig.fsync();
    assertEquals(List.of("FWS"), rwbs(rig), "nothing is dirty");
    rig.verifyIdle();
  }

  private static List<String> rwbs(Ext4Rig rig) {
    return rig.bios().all().stream().map(BioLog.Entry::rwbs).toList();
  }

  @Test
  void inodesInOneBlockShareAWriteThatIsWaitedFor() {
    Ext4Rig rig = Ext4Rig.written(MIB);
    List<OpenFile> files = new ArrayList<>(List.of(rig.open));
    for (int i = 0; i < 3; i++) {
      files.add(new OpenFile(rig.fs.newFile(Ext4Layout.WRITTEN, MIB).mapping()));
    }
    for (OpenFile file : files) {
      rig.io.call(x -> rig.io.cache().write(x, file, 0, 4 * KIB, RwFlags.NONE));
    }
    for (OpenFile file : files) {
      rig.io.start(0, x -> rig.io.cache().fsync(x, file));
    }
    rig.settle();
    // The first one's, and while that is under way the three others change the block again: once.
    assertEquals(List.of("WS", "WS", "WS", "WS", "WSM", "WSM"), rwbs(rig));
    rig.verifyIdle();
  }

  @Test
  void fdatasyncLeavesTimesAlone() {
    Ext4Rig rig = Ext4Rig.written(MIB);
    rig.write(0, 4 * KIB);
    rig.fdatasync();
    assertEquals(List.of("WS"), rwbs(rig));
    rig.fsync();
    assertEquals(List.of("WS", "WSM"), rwbs(rig), "the inode");
  }

  @Test
  void fsyncWritesTheChangedBlocksOfTheExtentTree() {
    Ext4Rig rig = Ext4Rig.newFile();
    // Every other block: 6 extents, of which an inode has room for 4.
    for (int i = 0; i < 6; i++) {
      rig.write(i * 8L * KIB, 4 * KIB);
    }
    rig.fsync();
    assertEquals(6, rig.bios().writes().size());
    assertEquals(6 + 3, rig.bios().all().size(), "a leaf, the inode, the directory");
  }

  // Errors.

  @Test
  void blocksWhoseWriteFailedStayUnwrittenAndFsyncSaysSo() {
    Ext4Rig rig = Ext4Rig.newFile();
    rig.io.device().setFaults(failWrites());
    rig.write(0, 4 * KIB);
    assertEquals(-Errno.EIO, rig.fsync());
    rig.settle();
    assertEquals(BlockState.UNWRITTEN, rig.state(0));
    assertFalse(rig.test(0, FolioFlag.WRITEBACK));
    rig.verifyIdle();
  }

  private static DeviceFaults failWrites() {
    return (op, sector, sizeBytes) -> op == BioOp.WRITE ? BlkStatus.IOERR : BlkStatus.OK;
  }

  // Direct I/O.

  @Test
  void directWriteBehindTheEndAllocatesWrittenBlocks() {
    Ext4Rig rig = Ext4Rig.newFile();
    assertEquals(128 * KIB, rig.direct(BioOp.WRITE, 0, 128 * KIB));
    assertEquals(BlockState.WRITTEN, rig.state(0));
    assertEquals(128 * KIB, rig.mapping.sizeBytes());
    assertEquals(List.of(128L), rig.writeKib());
    assertFalse(rig.file.directMap().needsTaskAtEnd(0, 128 * KIB));
  }

  @Test
  void directWriteIntoUnwrittenBlocksHasThemConvertedAtItsEnd() {
    Ext4Rig rig = new Ext4Rig(Ext4Rig.PLAIN, Ext4Layout.PREALLOCATED, MIB);
    rig.direct(BioOp.WRITE, 0, 128 * KIB);
    assertEquals(BlockState.UNWRITTEN, rig.state(0));
    assertTrue(rig.file.directMap().needsTaskAtEnd(0, 128 * KIB));
    rig.io.call(x -> rig.file.directMap().writeEnded(x, 0, 128 * KIB));
    assertEquals(BlockState.WRITTEN, rig.state(31));
    assertEquals(BlockState.UNWRITTEN, rig.state(32));
  }

  @Test
  void directReadOfAHoleNeedsNoDevice() {
    Ext4Rig rig = new Ext4Rig(Ext4Rig.PLAIN, Ext4Layout.SPARSE, MIB);
    assertEquals(64 * KIB, rig.direct(BioOp.READ, 0, 64 * KIB));
    assertTrue(rig.bios().all().isEmpty());
  }

  @Test
  void aGroupIsChargedForTheBuffersOfWhatIsWritten() {
    Ext4Rig rig = Ext4Rig.newFile();
    Memcg group = rig.io.cache().memory().newMemcg("job");
    rig.io.call(
        x -> {
          rig.io.cache().memory().setMemcg(x.task(), group);
          rig.io.cache().write(x, rig.open, 0, 37 * 4 * KIB, RwFlags.NONE);
        });
    // 37 buffers of 104 bytes, each with a pointer to its group: 4144 bytes, two pages; 64 - 39 lie
    // in stock.
    assertEquals(37, group.folioPages());
    assertEquals(64, group.usagePages());
    rig.fsync();
    rig.io.call(x -> rig.io.cache().truncate(x, rig.mapping, 0));
    assertEquals(0, group.folioPages());
    assertEquals(64 - 37 - 1, group.usagePages());
  }
}
