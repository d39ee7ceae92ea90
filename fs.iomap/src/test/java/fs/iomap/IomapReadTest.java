package fs.iomap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.device.DeviceFaults;
import block.bio.direct.DirectIo;
import block.bio.testing.BioLog;
import block.bio.testing.FileFixture;
import java.util.List;
import mm.core.DropOutcome;
import mm.core.file.RwFlags;
import org.junit.jupiter.api.Test;

/** Reads through the page cache and past it. */
class IomapReadTest {
  private static final int KIB = IomapRig.KIB;

  private static IomapRig rig(FileLayout layout, long sizeBytes) {
    return new IomapRig(IomapSettings.DEFAULT, layout, sizeBytes);
  }

  private static List<Long> readsKib(IomapRig rig) {
    return rig.bios().reads().stream().map(bio -> bio.bytes() / KIB).toList();
  }

  @Test
  void readaheadDoublesItsWindow() {
    IomapRig rig = rig(FileLayout.WRITTEN, 1024 * KIB);
    assertEquals(16 * KIB, rig.read(0, 16 * KIB));
    // A first read of 4 of at most 32 pages has a window of twice that.
    assertEquals(List.of(32L), readsKib(rig));
    assertEquals(16 * KIB, rig.read(16 * KIB, 16 * KIB));
    // It came to the marker on page 4.
    assertEquals(List.of(32L, 64L), readsKib(rig));
    rig.io.runForNs(1_000_000);
    assertEquals("cached 24 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void holesAndUnwrittenBlocksAreReadWithoutTheDevice() {
    for (FileLayout layout : List.of(FileLayout.SPARSE, FileLayout.PREALLOCATED)) {
      IomapRig rig = rig(layout, 64 * KIB);
      assertEquals(64 * KIB, rig.read(0, 64 * KIB));
      assertEquals(List.of(), readsKib(rig));
      rig.verifyIdle();
    }
  }

  @Test
  void aReadEndsAtTheEndOfTheFile() {
    IomapRig rig = rig(FileLayout.WRITTEN, 5_000);
    assertEquals(5_000, rig.read(0, 64 * KIB));
    assertEquals(0, rig.read(5_000, 4 * KIB));
    rig.verifyIdle();
  }

  @Test
  void theReaderDropsWhatItsDontcacheReadBrought() {
    IomapRig rig = rig(FileLayout.WRITTEN, 64 * KIB);
    long read = rig.io.call(x -> rig.io.cache().read(x, rig.open, 0, 16 * KIB, RwFlags.DONTCACHE));
    assertEquals(16 * KIB, read);
    rig.io.runForNs(1_000_000);
    assertEquals(4, rig.io.dropped(DropOutcome.DROPPED));
    // The other half of the window waits for its reader.
    assertEquals("cached 4 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void aPlainReadPrunesWhatADontcacheReadLeft() {
    IomapRig rig = rig(FileLayout.WRITTEN, 32 * KIB);
    rig.io.call(x -> rig.io.cache().read(x, rig.open, 0, 16 * KIB, RwFlags.DONTCACHE));
    rig.read(16 * KIB, 16 * KIB);
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void aReadOfWhatIsOnlyInThePageCacheNeedsNoDevice() {
    IomapRig rig = rig(FileLayout.SPARSE, 0);
    rig.write(0, 16 * KIB);
    assertEquals(16 * KIB, rig.read(0, 16 * KIB));
    assertEquals(List.of(), rig.bios().all());
    rig.fsync();
    rig.verifyIdle();
  }

  // Direct I/O.

  private static long direct(IomapRig rig, BioOp op, long pos, long bytes) {
    DirectIo io = new DirectIo(rig.io.layer(), rig.file.directMap(), (x, ended) -> {});
    return rig.io.call(
        x -> {
          x.then(io::await);
          io.submit(x, op, pos, bytes, 0);
        });
  }

  @Test
  void aDirectReadSeesWhatWasFlushed() {
    IomapRig rig = rig(FileLayout.SPARSE, 0);
    rig.write(0, 16 * KIB);
    assertEquals(0, rig.io.call(x -> rig.io.cache().writeAndWait(x, rig.mapping, 0, 16 * KIB - 1)));
    assertEquals(16 * KIB, direct(rig, BioOp.READ, 0, 16 * KIB));
    BioLog.Entry read = rig.bios().reads().get(0);
    assertEquals(rig.bios().writes().get(0).sector(), read.sector());
    rig.verifyIdle();
  }

  @Test
  void aDirectReadOfAHoleEndsWithoutTheDevice() {
    IomapRig rig = rig(FileLayout.SPARSE, 64 * KIB);
    assertEquals(16 * KIB, direct(rig, BioOp.READ, 0, 16 * KIB));
    assertEquals(List.of(), rig.bios().all());
  }

  @Test
  void aDirectWriteReplacesWhatIsCached() {
    IomapRig rig = rig(FileLayout.WRITTEN, 64 * KIB);
    rig.read(0, 16 * KIB);
    assertEquals(8 * KIB, direct(rig, BioOp.WRITE, 0, 8 * KIB));
    assertEquals(0, rig.io.call(x -> rig.io.cache().invalidate(x, rig.mapping, 0, 8 * KIB - 1)));
    rig.bios().clear();
    assertEquals(4 * KIB, rig.read(0, 4 * KIB));
    assertTrue(rig.bios().reads().size() > 0, "the page was read again");
    rig.verifyIdle();
  }

  @Test
  void aDirectWriteAllocatesAndMovesTheSize() {
    IomapRig rig = rig(FileLayout.SPARSE, 0);
    assertEquals(64 * KIB, direct(rig, BioOp.WRITE, 0, 64 * KIB));
    assertEquals(64 * KIB, rig.mapping.sizeBytes());
    assertEquals(64 * KIB, rig.file.onDiskSizeBytes());
    assertEquals(ExtentState.WRITTEN, rig.file.stateAt(0));
    rig.verifyIdle();
  }

  @Test
  void aDirectWriteToSharedBlocksGoesElsewhere() {
    IomapRig rig = rig(FileLayout.SHARED, 64 * KIB);
    direct(rig, BioOp.READ, 0, 16 * KIB);
    direct(rig, BioOp.WRITE, 0, 16 * KIB);
    assertTrue(
        rig.bios().reads().get(0).sector() != rig.bios().writes().get(0).sector(),
        "written in place");
    assertEquals(2, rig.file.extentCount());
  }

  @Test
  void aFailedDirectWriteIsItsCallersError() {
    IomapRig rig = rig(FileLayout.WRITTEN, 64 * KIB);
    rig.io.device().setFaults((op, sector, bytes) -> BlkStatus.IOERR);
    assertEquals(-5, direct(rig, BioOp.WRITE, 0, 8 * KIB));
    rig.io.device().setFaults(DeviceFaults.NONE);
    assertEquals(0, rig.fsync());
  }

  @Test
  void nullBlkReadsAreThereAtOnce() {
    IomapRig rig =
        new IomapRig(
            IomapRig.FREE,
            FileFixture.INLINE,
            IomapSettings.DEFAULT,
            FileLayout.WRITTEN,
            1024 * KIB);
    assertEquals(1024 * KIB, rig.read(0, 1024 * KIB));
    assertEquals("cached 256 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }
}
