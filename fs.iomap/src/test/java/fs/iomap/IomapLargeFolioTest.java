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
import mm.core.FolioStore;
import mm.core.file.PageFaults;
import mm.core.mmap.Mm;
import mm.core.mmap.Vma;
import org.junit.jupiter.api.Test;

/** Folios of several pages: state, reads and bytes under writeback block by block. */
class IomapLargeFolioTest {
  private static final int KIB = IomapRig.KIB;
  private static final IomapSettings LARGE =
      IomapSettings.DEFAULT.withFolioOrderMax(FolioStore.ORDER_MAX);

  private static IomapRig rig(FileLayout layout, long sizeBytes) {
    return new IomapRig(LARGE, layout, sizeBytes);
  }

  private static int orderAt(IomapRig rig, long page) {
    return rig.io.cache().folios().order(rig.mapping.pages().load(page));
  }

  private static List<Long> readBytes(IomapRig rig) {
    return rig.bios().reads().stream().map(BioLog.Entry::bytes).toList();
  }

  @Test
  void aFolioThatIsWrittenWholeNeedsNoStateBeforeWriteback() {
    IomapRig rig = rig(FileLayout.WRITTEN, 256 * KIB);
    rig.write(0, 64 * KIB);
    assertEquals(4, orderAt(rig, 0));
    assertEquals(0, rig.fs.states().inUse());
    assertEquals(0, rig.fsync());
    assertEquals("64", rig.bios().writesKib());
    assertEquals(1, rig.fs.states().inUse());
    rig.verifyIdle();
  }

  @Test
  void aFolioEndsWhereThePreallocatedSpaceEnds() {
    // Appends of 1 MiB. The second reserves twice the first's 256 blocks, from its last 64 KiB on:
    // to 496 + 512 = 1008. The fourth has 240 of its blocks there, and 16 in what it reserves, to
    // 1008 + 1024 = 2032; so has the eighth.
    IomapRig rig = rig(FileLayout.SPARSE, 0);
    for (long pos = 0; pos < 8192 * KIB; pos += 1024 * KIB) {
      rig.write(pos, 1024 * KIB);
      rig.fsync();
    }
    StringBuilder orders = new StringBuilder();
    for (long page = 0; page < 2048; page += 1L << orderAt(rig, page)) {
      orders.append(orderAt(rig, page));
    }
    assertEquals("888" + "76544" + "888" + "76544", orders.toString());
    rig.verifyIdle();
  }

  @Test
  void aFolioIsOneVectorAndOneFolioOfItsIoend() {
    // Two folios of 64 KiB an ioend, whatever pages they have.
    IomapRig rig = new IomapRig(LARGE.withIoendFoliosMax(2), FileLayout.WRITTEN, 256 * KIB);
    for (int i = 0; i < 3; i++) {
      rig.write(i * 64 * KIB, 64 * KIB);
    }
    assertEquals(0, rig.fsync());
    assertEquals("128 64", rig.bios().writesKib());
    assertEquals("batch 1 last 1", rig.ioendEnds());
    rig.verifyIdle();
  }

  @Test
  void onlyTheBlocksThatWereWrittenAreDirty() {
    IomapRig rig = rig(FileLayout.WRITTEN, 256 * KIB);
    rig.write(0, 64 * KIB);
    rig.fsync();
    rig.bios().clear();
    rig.write(8 * KIB, 4 * KIB);
    rig.write(40 * KIB, 8 * KIB);
    assertEquals("cached 16 dirty 16 writeback 0", rig.io.levels());
    assertEquals(0, rig.fsync());
    assertEquals("4 8", rig.bios().writesKib());
    assertEquals(0, rig.bios().reads().size());
    rig.verifyIdle();
  }

  @Test
  void aDirtyFolioThatGetsAStateIsDirtyAllOver() {
    IomapRig rig = rig(FileLayout.WRITTEN, 256 * KIB);
    rig.write(0, 16 * KIB);
    rig.write(4 * KIB, 4 * KIB);
    assertEquals(1, rig.fs.states().inUse());
    assertEquals(0, rig.fsync());
    assertEquals("16", rig.bios().writesKib());
    rig.verifyIdle();
  }

  @Test
  void blocksThatAWriteCoversInPartAreReadFirst() {
    IomapRig rig = rig(FileLayout.WRITTEN, 256 * KIB);
    // 16 KiB from byte 2048 is a folio of 2 pages: the index is 0, what is left 8 KiB and more.
    rig.write(2 * KIB, 8 * KIB);
    assertEquals(1, orderAt(rig, 0));
    // [2, 8) of the first, [8, 10) of one page: blocks 0 and 2 are read, block 1 is not.
    assertEquals(List.of(4096L, 4096L), readBytes(rig));
    assertEquals(0, rig.fsync());
    assertEquals("12", rig.bios().writesKib());
    rig.verifyIdle();
  }

  @Test
  void aReadFetchesTheBlocksThatAreMissing() {
    IomapRig rig = new IomapRig(LARGE.withBlockSizeBytes(512), FileLayout.WRITTEN, 12 * KIB);
    // Two pages from byte 2048 on, and 2 KiB of the next: blocks 0 to 3 and 20 to 23 are missing.
    rig.write(2 * KIB, 8 * KIB);
    assertEquals(1, orderAt(rig, 0));
    assertEquals(0, rig.bios().reads().size());
    assertFalse(rig.test(0, FolioFlag.UPTODATE));
    assertEquals(12 * KIB, rig.read(0, 12 * KIB));
    assertEquals(List.of(2048L, 2048L), readBytes(rig));
    assertTrue(rig.test(0, FolioFlag.UPTODATE));
    rig.fsync();
    assertEquals("8", rig.bios().writesKib());
    rig.verifyIdle();
  }

  @Test
  void aFolioAcrossTheEndOfTheFileIsWrittenUpToIt() {
    IomapRig rig = rig(FileLayout.SPARSE, 0);
    rig.write(0, 64 * KIB);
    rig.io.call(x -> rig.io.cache().truncate(x, rig.mapping, 21 * KIB));
    // Without state it is split: [0, 16), [16, 20), [20, 24) are left.
    assertEquals(2, orderAt(rig, 0));
    assertEquals(0, orderAt(rig, 4));
    assertEquals(0, orderAt(rig, 5));
    assertEquals("cached 6 dirty 6 writeback 0", rig.io.levels());
    assertEquals(0, rig.fsync());
    // The last block is written whole.
    assertEquals("24", rig.bios().writesKib());
    rig.verifyIdle();
  }

  @Test
  void aDirtyFolioWithStateIsNotSplitAndWrittenUpToTheEnd() {
    IomapRig rig = rig(FileLayout.WRITTEN, 256 * KIB);
    rig.write(0, 64 * KIB);
    rig.write(0, 4 * KIB);
    rig.io.call(x -> rig.io.cache().truncate(x, rig.mapping, 21 * KIB));
    assertEquals(4, orderAt(rig, 0));
    assertEquals("cached 16 dirty 16 writeback 0", rig.io.levels());
    assertEquals(0, rig.fsync());
    assertEquals("24", rig.bios().writesKib());
    assertEquals("cached 16 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void aFolioInSeveralBiosEndsOnceWithTheLast() {
    // One channel: each bio of 4 KiB is served 100 us after the one before.
    IomapRig rig =
        new IomapRig(
            IomapRig.FREE,
            FileFixture.FIXED
                .with(DeviceParameter.CHANNELS, 1)
                .with(DeviceParameter.WRITE_IOPS, 10_000),
            LARGE,
            FileLayout.WRITTEN,
            256 * KIB);
    rig.write(0, 64 * KIB);
    rig.fsync();
    rig.bios().clear();
    for (int i = 0; i < 3; i++) {
      rig.write(i * 16 * KIB, 4 * KIB);
    }
    rig.io.start(0, x -> rig.io.cache().flushRange(x, rig.mapping, 0, 64 * KIB));
    rig.io.runForNs(299_999);
    assertEquals("cached 16 dirty 0 writeback 16", rig.io.levels());
    assertEquals(2, rig.bios().writes().stream().filter(bio -> bio.endNs() > 0).count());
    rig.io.runForNs(1);
    assertEquals("cached 16 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void biosThatEndDuringSubmissionDontEndTheFolio() {
    IomapRig rig =
        new IomapRig(IomapRig.FREE, FileFixture.INLINE, LARGE, FileLayout.WRITTEN, 256 * KIB);
    rig.write(0, 64 * KIB);
    rig.fsync();
    rig.write(0, 4 * KIB);
    rig.write(32 * KIB, 4 * KIB);
    assertEquals(0, rig.fsync());
    assertEquals(3, rig.bios().writes().size());
    assertEquals("cached 16 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void aStoreToOnePageWritesAllOfItsFolio() {
    IomapRig rig = rig(FileLayout.WRITTEN, 256 * KIB);
    rig.write(0, 32 * KIB);
    rig.fsync();
    rig.bios().clear();
    Vma vma = rig.io.cache().mapped().map(new Mm("process", 2), rig.mapping, 0, 8);
    PageFaults faults = new PageFaults(rig.io.cache());
    assertEquals(0, rig.io.call(x -> faults.access(x, rig.open, vma, 5, true)));
    assertEquals(0, rig.fsync());
    assertEquals("32", rig.bios().writesKib());
    rig.io.call(x -> rig.io.cache().mapped().unmap(x, vma));
    rig.verifyIdle();
  }

  @Test
  void readaheadReadsAFolioByOneVectorAndEndsItOnce() {
    IomapRig rig = rig(FileLayout.WRITTEN, 256 * KIB);
    for (int page = 0; page < 64; page++) {
      assertEquals(4 * KIB, rig.read(page * 4 * KIB, 4 * KIB));
    }
    assertTrue(orderAt(rig, 32) == 4, "the window of 32 pages from 28 on has a folio of 16");
    assertTrue(rig.test(32, FolioFlag.UPTODATE));
    assertEquals(256 * KIB, readBytes(rig).stream().mapToLong(Long::longValue).sum());
    rig.verifyIdle();
  }

  @Test
  void aDontcacheWriteOfLargeFoliosLeavesNothingBehind() {
    IomapRig rig = rig(FileLayout.SPARSE, 0);
    rig.dontcacheWrite(0, 1000 * KIB + 7);
    rig.io.runForNs(50_000_000);
    // 1000 KiB are 250 pages, and one more.
    assertEquals(251, rig.io.dropped(DropOutcome.DROPPED));
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
    assertEquals(0, rig.fs.states().inUse());
    rig.verifyIdle();
  }
}
