package fs.buffer.ext4;

import static fs.buffer.ext4.Ext4Rig.KIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import mm.core.FolioFlag;
import mm.core.PageCache;
import mm.core.reclaim.Memcg;
import mm.core.spi.mapping.ReadaheadControl;
import org.junit.jupiter.api.Test;

/** Reads of a file of ext4. */
class Ext4ReadTest {
  @Test
  void contiguousFoliosShareABio() {
    Ext4Rig rig = Ext4Rig.written(64 * KIB);
    assertEquals(64 * KIB, rig.read(0, 64 * KIB));
    assertEquals(List.of(64L), rig.readKib());
    assertEquals("cached 16 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void holesAndUnwrittenBlocksReadAsZerosWithoutTheDevice() {
    for (Ext4Layout layout : List.of(Ext4Layout.SPARSE, Ext4Layout.PREALLOCATED)) {
      Ext4Rig rig = new Ext4Rig(Ext4Rig.PLAIN, layout, 64 * KIB);
      assertEquals(64 * KIB, rig.read(0, 64 * KIB));
      assertTrue(rig.bios().all().isEmpty());
      assertTrue(rig.test(15, FolioFlag.UPTODATE));
      rig.verifyIdle();
    }
  }

  @Test
  void largeFolioInPiecesIsReadBlockByBlock() {
    Ext4Rig rig = Ext4Rig.written(64 * KIB);
    // Of four pages the second is a hole, and the fourth is not where the third would go on.
    rig.file.status().set(1, 2, BlockState.HOLE, 0);
    rig.file.status().set(3, 4, BlockState.WRITTEN, 100_000);
    ReadaheadControl rac = new ReadaheadControl(rig.io.cache().folios());
    rig.io.call(
        x -> {
          PageCache cache = rig.io.cache();
          Memcg memcg = cache.memory().memcgOf(x.task());
          assertTrue(cache.memory().tryCharge(x, memcg, 4));
          // Without its creator's reference: the lock keeps it from here on.
          cache.put(cache.addFolio(x, rig.mapping, 0, 2, memcg));
          rac.begin(rig.mapping, 0, 4, false);
          rig.mapping.operations().readahead(x, rig.mapping, rac);
        });
    rig.io.runForNs(1_000_000);
    assertEquals(List.of(4L, 4L, 4L), rig.readKib());
    assertTrue(rig.test(0, FolioFlag.UPTODATE));
    assertFalse(rig.test(0, FolioFlag.LOCKED));
    rig.verifyIdle();
  }
}
