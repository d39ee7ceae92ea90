package fs.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.BlkStatus;
import block.bio.device.DeviceFaults;
import block.bio.device.DeviceParameter;
import block.bio.testing.BioLog;
import block.bio.testing.FileFixture;
import java.util.Collections;
import java.util.List;
import mm.core.DropOutcome;
import mm.core.Errno;
import mm.core.FolioFlag;
import mm.core.ReadAdvice;
import mm.core.file.RwFlags;
import org.junit.jupiter.api.Test;

/** Reads of a block device and of ext2, and ext2's own metadata. */
class BufferReadTest {
  private static final int KIB = BufferRig.KIB;

  private static List<BioLog.Entry> metadata(BufferRig rig) {
    return rig.bios().all().stream().filter(bio -> bio.rwbs().contains("M")).toList();
  }

  @Test
  void foliosThatFollowEachOtherShareABioAndHaveNoBuffers() {
    BufferRig rig = BufferRig.blockDevice(BufferRig.blocksOf(512));
    assertEquals(16 * KIB, rig.read(0, 16 * KIB));
    // A first read of 4 pages of at most 32 reads 8.
    assertEquals(List.of(32L * KIB), rig.readBytes());
    assertEquals(0, rig.heads().ringsInUse());
    rig.verifyIdle();
  }

  @Test
  void aFolioWithBuffersIsReadBufferByBuffer() {
    BufferRig rig = BufferRig.ext2(BufferRig.blocksOf(512), FileLayout.WRITTEN, 4 * KIB);
    rig.write(1_024, 512);
    assertEquals(4 * KIB, rig.read(0, 4 * KIB));
    assertEquals(Collections.nCopies(7, 512L), rig.readBytes()); // All but buffer 2.
    assertTrue(rig.test(0, FolioFlag.UPTODATE));
    rig.fsync();
    rig.verifyIdle();
  }

  @Test
  void aBufferThatCannotBeReadFailsItsFolio() {
    BufferRig rig = BufferRig.ext2(BufferRig.blocksOf(512), FileLayout.WRITTEN, 4 * KIB);
    rig.write(1_024, 512);
    long lastSector = 16L * KIB * KIB / 512 + 7;
    rig.io
        .device()
        .setFaults(
            (op, sector, bytes) ->
                sector + bytes / 512 > lastSector ? BlkStatus.MEDIUM : BlkStatus.OK);
    assertEquals(-Errno.EIO, rig.read(0, 4 * KIB));
    assertFalse(rig.test(0, FolioFlag.UPTODATE));
    rig.io.device().setFaults(DeviceFaults.NONE);
    assertEquals(4 * KIB, rig.read(0, 4 * KIB));
    rig.fsync();
    rig.verifyIdle();
  }

  @Test
  void theReaderDropsWhatItsDontcacheReadBrought() {
    BufferRig rig = BufferRig.blockDevice(BufferRig.blocksOf(4096));
    rig.io.call(x -> rig.io.cache().read(x, rig.open, 0, 16 * KIB, RwFlags.DONTCACHE));
    rig.io.runForNs(1_000_000);
    assertEquals(4, rig.io.dropped(DropOutcome.DROPPED));
    assertEquals("cached 4 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void holesAreReadWithoutTheDevice() {
    BufferRig rig = BufferRig.ext2(BufferRig.blocksOf(1024), FileLayout.SPARSE, 64 * KIB);
    assertEquals(64 * KIB, rig.read(0, 64 * KIB));
    assertEquals(List.of(), rig.bios().all());
    rig.verifyIdle();
  }

  @Test
  void aFolioThatIsPartHoleIsReadBufferByBuffer() {
    BufferRig rig = BufferRig.ext2(BufferRig.blocksOf(1024), FileLayout.SPARSE, 4 * KIB);
    rig.write(2 * KIB, 1 * KIB);
    rig.fsync();
    rig.io.call(x -> rig.io.cache().invalidate(x, rig.mapping, 0, Long.MAX_VALUE));
    rig.bios().clear();
    assertEquals(4 * KIB, rig.read(0, 4 * KIB));
    assertEquals(List.of(1_024L), rig.readBytes());
    rig.verifyIdle();
  }

  @Test
  void anIndirectBlockIsReadOnceBeforeWhatItPointsTo() {
    // Blocks 0 to 11 are in the inode; an indirect block of 1 KiB points to 256 more.
    BufferRig rig = BufferRig.ext2(BufferRig.blocksOf(1024), FileLayout.WRITTEN, 1024 * KIB);
    rig.read(0, 4 * KIB);
    rig.bios().clear();
    rig.io.call(x -> rig.io.cache().invalidate(x, rig.mapping, 0, Long.MAX_VALUE));
    rig.open.advise(ReadAdvice.RANDOM);
    rig.read(64 * KIB, 4 * KIB);
    assertEquals(List.of(), metadata(rig), "the first read's readahead has read it");
    rig.read(300 * KIB, 4 * KIB);
    assertEquals(1, metadata(rig).size());
    assertEquals(1_024, metadata(rig).get(0).bytes());
    rig.read(400 * KIB, 4 * KIB);
    assertEquals(1, metadata(rig).size());
    rig.verifyIdle();
  }

  @Test
  void aWriteIntoAHoleAllocatesAndFsyncWritesItsMetadata() {
    BufferRig rig = BufferRig.ext2(BufferRig.blocksOf(1024), FileLayout.SPARSE, 0);
    rig.write(0, 8 * KIB);
    assertEquals(0, rig.fsync());
    assertEquals(1, metadata(rig).size());
    rig.bios().clear();
    rig.write(0, 8 * KIB);
    assertEquals(0, rig.fsync());
    assertEquals(0, metadata(rig).size()); // An overwrite.
    rig.verifyIdle();
  }

  @Test
  void aFullFileSystemEndsAWriteShort() {
    // 1 MiB less an eighth for metadata: 896 blocks. Pointers to blocks 12 to 891 take four.
    BufferRig rig =
        BufferRig.ext2(
            FileFixture.FIXED.with(DeviceParameter.CAPACITY, 1L << 20),
            BufferRig.blocksOf(1024),
            FileLayout.SPARSE,
            0);
    // The folio that the device ran out of blocks in is not counted.
    assertEquals(892 * KIB, rig.write(0, 2048 * KIB));
    assertEquals(-Errno.ENOSPC, rig.write(892 * KIB, 64 * KIB));
    assertEquals(0, rig.fsync());
    rig.verifyIdle();
  }

  @Test
  void anIndirectBlockThatCannotBeReadFailsAWrite() {
    BufferRig rig = BufferRig.ext2(BufferRig.blocksOf(1024), FileLayout.WRITTEN, 1024 * KIB);
    rig.io.device().setFaults((op, sector, bytes) -> BlkStatus.IOERR);
    assertEquals(-Errno.EIO, rig.write(64 * KIB, 4 * KIB));
    rig.io.device().setFaults(DeviceFaults.NONE);
    assertEquals(4 * KIB, rig.write(64 * KIB, 4 * KIB));
    rig.fsync();
    rig.verifyIdle();
  }

  @Test
  void aFileThatDoesNotFitIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> BufferRig.ext2(BufferSettings.DEFAULT, FileLayout.WRITTEN, 1L << 40));
  }
}
