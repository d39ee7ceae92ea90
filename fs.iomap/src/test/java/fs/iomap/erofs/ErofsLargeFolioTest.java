package fs.iomap.erofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.testing.FileFixture;
import mm.core.FolioFlag;
import org.junit.jupiter.api.Test;

/** Folios that are larger than a cluster, and clusters that several folios share. */
class ErofsLargeFolioTest {
  private static final int KIB = ErofsRig.KIB;

  private final ErofsRig rig =
      ErofsRig.of(ErofsSettings.DEFAULT.withClusters(8 * KIB, 50), 256 * KIB);

  private boolean isUptodate(long page) {
    return rig.io.test(rig.file.mapping(), page, FolioFlag.UPTODATE);
  }

  private void readUpTo(long pages) {
    for (long page = 0; page < pages; page++) {
      rig.readNs(page * 4 * KIB, 4 * KIB);
    }
    rig.io.runForNs(10_000_000);
  }

  @Test
  void aFolioEndsWithTheLastOfItsClusters() {
    readUpTo(24);
    rig.io.bios().clear();
    // The marker in the folio of pages 24 to 31 starts a window of one folio, pages 32 to 47.
    FileFixture.Call read = rig.startRead(0, 24 * 4 * KIB, 4 * KIB);
    assertEquals(4 * KIB, read.await());
    assertEquals(4, rig.io.cache().folios().order(rig.file.mapping().pages().load(32)));
    // 100 us for the device, 20 for the worker, 2 for each of 8 clusters.
    rig.io.machine().runUntil(read.endNs() + 135_999);
    assertFalse(isUptodate(32));
    rig.io.machine().runUntil(read.endNs() + 136_000);
    assertTrue(isUptodate(32));
    assertEquals(1, rig.io.bios().reads().size());
    assertEquals(8 * 4 * KIB, rig.io.bios().reads().get(0).bytes());
    rig.verifyIdle();
  }

  @Test
  void everyFolioOfAFileIsReadToItsEnd() {
    readUpTo(64);
    for (int page = 0; page < 64; page++) {
      assertTrue(isUptodate(page), "page " + page);
    }
    rig.verifyIdle();
  }
}
