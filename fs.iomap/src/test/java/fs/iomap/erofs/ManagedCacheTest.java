package fs.iomap.erofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.BlkStatus;
import block.bio.testing.FileFixture;
import mm.core.Errno;
import mm.core.FolioFlag;
import mm.core.ReadAdvice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compressed pages that are kept, pages that come along, and requests that share a cluster. */
class ManagedCacheTest {
  private static final int KIB = ErofsRig.KIB;

  /** Without readahead. */
  private static ErofsRig rig(ErofsSettings settings, long sizeBytes) {
    ErofsRig rig = ErofsRig.of(settings, sizeBytes);
    rig.open.advise(ReadAdvice.RANDOM);
    return rig;
  }

  private static void dropFile(ErofsRig rig) {
    rig.io.call(x -> rig.io.cache().invalidate(x, rig.file.mapping(), 0, Long.MAX_VALUE >> 13));
  }

  /**
   * Clusters of 6 KiB in a block each. Page 3 is in cluster 2, which begins with it; page 4 has the
   * end of cluster 2 and the beginning of cluster 3.
   */
  @Test
  void whatIsKeptNeedsNoDevice() {
    ErofsRig rig = rig(ErofsSettings.DEFAULT.withClusters(6 * KIB, 60), 48 * KIB);
    // The reader 20 us, the device 100, the worker 20, a page of 1 us.
    assertEquals(141_000, rig.readNs(12 * KIB, 4 * KIB));
    // Cluster 2 is there: 1.5 us at once. Then cluster 3: the device 100 us, the reader 20, 0.5.
    assertEquals(142_000, rig.readNs(16 * KIB, 4 * KIB));
    assertEquals(2, rig.io.bios().reads().size());
    assertEquals("cached 4 dirty 0 writeback 0", rig.io.levels());
    dropFile(rig);
    assertEquals("cached 2 dirty 0 writeback 0", rig.io.levels());
    assertEquals(21_000, rig.readNs(12 * KIB, 4 * KIB));
    assertEquals(22_000, rig.readNs(16 * KIB, 4 * KIB));
    assertEquals(2, rig.io.bios().reads().size());
    rig.verifyIdle();
  }

  /**
   * Clusters of 16 KiB in two blocks. Page 3 ends cluster 0, page 4 begins cluster 1; pages 0 to 2
   * come along with page 3.
   */
  @ParameterizedTest
  @CsvSource({"DISABLED, 4, 5", "READAHEAD, 4, 7", "READAROUND, 6, 9"})
  void theEndsOfARequestAreKept(CacheStrategy strategy, int afterPage3, int afterPage4) {
    ErofsRig rig = rig(ErofsSettings.DEFAULT.withClusters(16 * KIB, 50).with(strategy), 64 * KIB);
    rig.readNs(12 * KIB, 4 * KIB);
    assertEquals("cached " + afterPage3 + " dirty 0 writeback 0", rig.io.levels());
    for (int page = 0; page < 4; page++) {
      assertTrue(rig.io.test(rig.file.mapping(), page, FolioFlag.UPTODATE), "page " + page);
    }
    rig.readNs(16 * KIB, 4 * KIB);
    assertEquals("cached " + afterPage4 + " dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void aClusterThatIsBeingReadFillsTheFoliosOfTwoRequests() {
    ErofsRig rig = rig(ErofsSettings.DEFAULT.withClusters(16 * KIB, 50), 64 * KIB);
    FileFixture.Call first = rig.startRead(0, 0, 4 * KIB);
    FileFixture.Call second = rig.startRead(1, 4 * KIB, 4 * KIB);
    assertEquals(4 * KIB, first.await());
    assertEquals(4 * KIB, second.await());
    assertEquals(1, rig.io.bios().reads().size());
    // Both start in 20 us; the device 100, the worker 20, 2 pages for both of 1 us; a reader 20.
    assertEquals(162_000, Math.max(first.endNs(), second.endNs()));
    rig.verifyIdle();
  }

  @Test
  void aClusterThatCouldNotBeReadIsReadAnewIntoThePageThatIsKept() {
    ErofsRig rig = rig(ErofsSettings.DEFAULT.withClusters(16 * KIB, 50), 64 * KIB);
    rig.io.device().setFaults((op, sector, bytes) -> BlkStatus.IOERR);
    FileFixture.Call first = rig.startRead(0, 0, 4 * KIB);
    FileFixture.Call second = rig.startRead(1, 4 * KIB, 4 * KIB);
    assertEquals(-Errno.EIO, first.await());
    assertEquals(-Errno.EIO, second.await());
    rig.io.device().setFaults((op, sector, bytes) -> BlkStatus.OK);
    rig.io.bios().clear();
    rig.readNs(0, 4 * KIB);
    assertEquals(1, rig.io.bios().reads().size());
    assertEquals(8 * KIB, rig.io.bios().reads().get(0).bytes());
    dropFile(rig);
    rig.readNs(0, 4 * KIB);
    assertEquals(1, rig.io.bios().reads().size());
    rig.verifyIdle();
  }

  /** 64 pages in 63 blocks: each block goes into the page that its cluster ends in. */
  @Test
  void clustersOfAnySizeAreReadInPlaceByOneBio() {
    ErofsRig rig = rig(ErofsSettings.DEFAULT.withClusters(4204, 97), 1024 * KIB);
    rig.readNs(0, 256 * KIB);
    assertEquals(1, rig.io.bios().reads().size());
    assertEquals(63 * 4 * KIB, rig.io.bios().reads().get(0).bytes());
    rig.verifyIdle();
  }
}
