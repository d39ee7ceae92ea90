package fs.iomap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.device.DeviceParameter;
import block.bio.testing.FileFixture;
import org.junit.jupiter.api.Test;

/** What ends an ioend, rule by rule, and in which order the rules are looked at. */
class IoendRulesTest {
  private static final int KIB = IomapRig.KIB;
  private static final IomapSettings PLAIN = IomapSettings.DEFAULT;

  private static IomapRig rig(IomapSettings settings, FileLayout layout) {
    return new IomapRig(settings, layout, 2 * IomapRig.MIB);
  }

  @Test
  void rulesAreLookedAtInTheOrderOfTheKernel() {
    IomapRig rig =
        rig(PLAIN.withBioSizeMaxBytes(8 * KIB).withIoendFoliosMax(1), FileLayout.WRITTEN);
    Ioend ioend = rig.fs.newIoend(rig.file, 0, 1_000, 0);
    int folio = rig.io.cache().folios().alloc(0);
    assertTrue(ioend.add(folio, 0, 4 * KIB, Long.MAX_VALUE)); // Ends at byte 4096, sector 1008.
    int boundary = IoendFlag.BOUNDARY;
    int unwritten = IoendFlag.UNWRITTEN;
    assertEquals(IoendEnd.BIO_SIZE, ioend.refusal(0, 8 * KIB, 0, boundary | unwritten));
    assertEquals(IoendEnd.BOUNDARY, ioend.refusal(0, 4 * KIB, 0, boundary | unwritten));
    assertEquals(IoendEnd.FLAGS, ioend.refusal(0, 4 * KIB, 0, unwritten));
    assertEquals(IoendEnd.FILE_GAP, ioend.refusal(0, 4 * KIB, 0, 0));
    assertEquals(IoendEnd.DISK_GAP, ioend.refusal(4 * KIB, 4 * KIB, 0, 0));
    assertEquals(IoendEnd.BATCH, ioend.refusal(4 * KIB, 4 * KIB, 1_008, 0));
  }

  @Test
  void nothingFollowsAWriteThatTheEndOfTheFileCut() {
    IomapRig rig = rig(PLAIN, FileLayout.WRITTEN);
    Ioend ioend = rig.fs.newIoend(rig.file, 0, 1_000, 0);
    ioend.add(rig.io.cache().folios().alloc(0), 0, 4 * KIB, 3 * KIB);
    assertEquals(IoendEnd.FILE_GAP, ioend.refusal(4 * KIB, 4 * KIB, 1_008, 0));
    assertEquals(3 * KIB, ioend.sizeBytes);
  }

  @Test
  void theLargestBioEndsAnIoend() {
    IomapRig rig = rig(PLAIN.withBioSizeMaxBytes(16 * KIB), FileLayout.WRITTEN);
    rig.write(0, 40 * KIB);
    rig.flush();
    assertEquals("16 16 8", rig.bios().writesKib());
    assertEquals("bio_size 2 last 1", rig.ioendEnds());
    rig.verifyIdle();
  }

  @Test
  void anotherStateOfTheBlocksEndsAnIoend() {
    IomapRig rig = rig(PLAIN, FileLayout.PREALLOCATED);
    rig.write(0, 16 * KIB);
    rig.flush(); // Blocks 0 to 3 are written now, and those behind them on the device are not.
    rig.bios().clear();
    rig.write(0, 32 * KIB);
    rig.flush();
    assertEquals("16 16", rig.bios().writesKib());
    assertEquals("flags 1 last 2", rig.ioendEnds());
    rig.verifyIdle();
  }

  @Test
  void aCleanFolioBetweenEndsAnIoend() {
    IomapRig rig = rig(PLAIN, FileLayout.WRITTEN);
    rig.write(0, 4 * KIB);
    rig.write(8 * KIB, 4 * KIB);
    rig.flush();
    assertEquals("4 4", rig.bios().writesKib());
    assertEquals("file_gap 1 last 1", rig.ioendEnds());
    rig.verifyIdle();
  }

  @Test
  void anotherPlaceOnTheDeviceEndsAnIoend() {
    IomapRig rig = rig(PLAIN, FileLayout.SHARED);
    // Three copies of shared blocks, allocated in this order and so in this order on the device.
    rig.write(8 * KIB, 8 * KIB);
    rig.flush();
    rig.write(0, 8 * KIB);
    rig.flush();
    rig.write(16 * KIB, 16 * KIB);
    rig.flush();
    rig.bios().clear();
    rig.write(0, 32 * KIB);
    rig.flush();
    assertEquals("8 8 16", rig.bios().writesKib());
    assertEquals("disk_gap 2 last 4", rig.ioendEnds());
    rig.verifyIdle();
  }

  @Test
  void theBatchOfFoliosEndsAnIoend() {
    IomapRig rig = rig(PLAIN.withIoendFoliosMax(4), FileLayout.WRITTEN);
    rig.write(0, 40 * KIB);
    rig.flush();
    assertEquals("16 16 8", rig.bios().writesKib());
    assertEquals("batch 2 last 1", rig.ioendEnds());
    rig.verifyIdle();
  }

  @Test
  void theBiosVectorsEndAnIoend() {
    IomapRig rig = rig(PLAIN, FileLayout.WRITTEN);
    rig.write(0, (1024 + 16) * KIB);
    rig.flush();
    assertEquals("1024 16", rig.bios().writesKib()); // 256 vectors of a page, and 4.
    assertEquals("vectors 1 last 1", rig.ioendEnds());
    rig.verifyIdle();
  }

  @Test
  void fourIoendsThatWaitForTheOnlyTagAreAllWritten() {
    // One tag: submission of each but the first sleeps in the middle of a folio's walk.
    IomapRig rig =
        new IomapRig(
            IomapRig.FREE,
            FileFixture.FIXED.with(DeviceParameter.DEPTH, 1).with(DeviceParameter.QUEUES, 1),
            PLAIN.withBioSizeMaxBytes(4 * KIB),
            FileLayout.WRITTEN,
            64 * KIB);
    rig.write(0, 16 * KIB);
    assertEquals(0, rig.fsync());
    assertEquals("4 4 4 4", rig.bios().writesKib());
    assertEquals("bio_size 3 last 1", rig.ioendEnds());
    rig.verifyIdle();
  }

  @Test
  void foliosBeyondAHugePageAreRefused() {
    String said =
        assertThrows(IllegalArgumentException.class, () -> PLAIN.withFolioOrderMax(10))
            .getMessage();
    assertEquals("fs.iomap: largest folio order is 10; it must be from 0 to 9", said);
  }
}
