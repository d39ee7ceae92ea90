package fs.iomap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.device.DeviceParameter;
import block.bio.testing.BioLog;
import block.bio.testing.FileFixture;
import java.util.List;
import mm.core.DropOutcome;
import mm.core.FolioFlag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks smaller than a folio: state, reads and bytes under writeback block by block. */
class IomapSubFolioTest {
  private static final int KIB = IomapRig.KIB;
  private static final IomapSettings BLOCKS_OF_512 = IomapSettings.DEFAULT.withBlockSizeBytes(512);

  private static IomapRig rig(FileLayout layout, long sizeBytes) {
    return new IomapRig(BLOCKS_OF_512, layout, sizeBytes);
  }

  @Test
  void aWholeBlockIsWrittenWithoutReadingTheRestOfItsFolio() {
    IomapRig rig = rig(FileLayout.WRITTEN, 64 * KIB);
    rig.write(1_024, 512);
    assertFalse(rig.test(0, FolioFlag.UPTODATE));
    assertEquals(0, rig.fsync());
    assertEquals(0, rig.bios().reads().size());
    assertEquals("0.5", rig.bios().writesKib());
    rig.verifyIdle();
  }

  @Test
  void aReadFetchesTheBlocksThatAreMissing() {
    IomapRig rig = rig(FileLayout.WRITTEN, 4 * KIB);
    rig.write(1_024, 512);
    rig.bios().clear();
    assertEquals(4 * KIB, rig.read(0, 4 * KIB));
    List<BioLog.Entry> reads = rig.bios().reads();
    assertEquals(List.of(1_024L, 2_560L), reads.stream().map(BioLog.Entry::bytes).toList());
    assertEquals(3, reads.get(1).sector() - reads.get(0).sector()); // Block 2 is left out.
    assertTrue(rig.test(0, FolioFlag.UPTODATE));
    assertTrue(rig.test(0, FolioFlag.DIRTY));
    rig.fsync();
    rig.verifyIdle();
  }

  @Test
  void blocksThatAWriteCoversInPartAreReadFirst() {
    IomapRig rig = rig(FileLayout.WRITTEN, 64 * KIB);
    rig.write(100, 1_000); // Bytes 100 to 1099: parts of blocks 0 and 2, all of block 1.
    assertEquals(
        List.of(512L, 512L), rig.bios().reads().stream().map(BioLog.Entry::bytes).toList());
    rig.fsync();
    assertEquals("1.5", rig.bios().writesKib());
    rig.verifyIdle();
  }

  @Test
  void behindTheEndOfTheFileNothingIsRead() {
    IomapRig rig = rig(FileLayout.SPARSE, 0);
    rig.write(100, 600);
    assertEquals(0, rig.bios().reads().size());
    rig.fsync();
    // Blocks 0 and 1 whole, but the file ends at byte 700.
    assertEquals("1", rig.bios().writesKib());
    assertEquals(700, rig.file.onDiskSizeBytes());
    rig.verifyIdle();
  }

  @Test
  void dirtyBlocksApartAreIoendsOfTheirOwn() {
    IomapRig rig = rig(FileLayout.WRITTEN, 64 * KIB);
    rig.write(0, 512);
    rig.write(2 * KIB, 1 * KIB);
    rig.fsync();
    assertEquals("0.5 1", rig.bios().writesKib());
    assertEquals("file_gap 1 last 1", rig.ioendEnds());
    rig.verifyIdle();
  }

  @Test
  void aFolioEndsWithTheLastOfItsBios() {
    // The device has one channel: each bio is served 100 us after the one before.
    IomapRig rig =
        new IomapRig(
            IomapRig.FREE,
            FileFixture.FIXED
                .with(DeviceParameter.CHANNELS, 1)
                .with(DeviceParameter.WRITE_IOPS, 10_000),
            BLOCKS_OF_512,
            FileLayout.WRITTEN,
            64 * KIB);
    rig.write(0, 512);
    rig.write(1 * KIB, 512);
    rig.write(2 * KIB, 512);
    rig.io.start(0, x -> rig.io.cache().flushRange(x, rig.mapping, 0, 4 * KIB));
    rig.io.runForNs(299_999);
    assertEquals("cached 1 dirty 0 writeback 1", rig.io.levels());
    rig.io.runForNs(1);
    assertEquals("cached 1 dirty 0 writeback 0", rig.io.levels());
    List<Long> endsNs = rig.bios().writes().stream().map(BioLog.Entry::endNs).toList();
    assertEquals(100_000, endsNs.get(1) - endsNs.get(0), "served in the order of the file");
    assertEquals(100_000, endsNs.get(2) - endsNs.get(1));
    rig.verifyIdle();
  }

  @Test
  void biosThatEndDuringSubmissionDontEndTheFolio() {
    IomapRig rig =
        new IomapRig(
            IomapRig.FREE, FileFixture.INLINE, BLOCKS_OF_512, FileLayout.WRITTEN, 64 * KIB);
    rig.write(0, 512);
    rig.write(2 * KIB, 512);
    assertEquals(0, rig.fsync());
    assertEquals(2, rig.bios().writes().size());
    assertEquals("cached 1 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096})
  void aDontcacheAppendLeavesNothingBehind(int blockBytes) {
    IomapRig rig =
        new IomapRig(IomapSettings.DEFAULT.withBlockSizeBytes(blockBytes), FileLayout.SPARSE, 0);
    rig.dontcacheWrite(0, 10 * KIB + 7);
    rig.io.runForNs(10_000_000);
    assertEquals(3, rig.io.dropped(DropOutcome.DROPPED));
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
    assertEquals(0, rig.fs.states().inUse());
    rig.verifyIdle();
  }

  @Test
  void holesOfAFolioAreZeroedAndItsBlocksRead() {
    IomapRig rig = rig(FileLayout.SPARSE, 4 * KIB);
    rig.write(1 * KIB, 512); // Within the file, so that nothing is reserved ahead.
    rig.fsync();
    rig.io.call(x -> rig.io.cache().invalidate(x, rig.mapping, 0, Long.MAX_VALUE));
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
    rig.bios().clear();
    assertEquals(4 * KIB, rig.read(0, 4 * KIB));
    assertEquals(List.of(512L), rig.bios().reads().stream().map(BioLog.Entry::bytes).toList());
    assertTrue(rig.test(0, FolioFlag.UPTODATE));
    rig.verifyIdle();
  }
}
