package fs.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.testing.BioLog;
import java.util.Set;
import mm.core.DropOutcome;
import mm.core.Errno;
import mm.core.FolioFlag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sim.kernel.ExecContext;

/** RWF_DONTCACHE on a block device, kernel by kernel. */
class BufferDontcacheTest {
  private static final int KIB = BufferRig.KIB;

  private static BufferRig rig(int blockBytes, BufferDontcache dontcache) {
    BufferRig rig = BufferRig.blockDevice(BufferRig.blocksOf(blockBytes).with(dontcache));
    rig.io.withCompletionWorkqueue();
    return rig;
  }

  @Test
  void untilLinux72ItIsRefusedBeforeAnyWork() {
    BufferRig rig = rig(4096, BufferDontcache.NOT_SUPPORTED);
    assertEquals(-Errno.EOPNOTSUPP, rig.dontcacheWrite(0, 16 * KIB));
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
  }

  @Test
  void withTheGateOpenAndNothingElseEveryFolioStaysCached() {
    BufferRig rig = rig(1024, BufferDontcache.AS_IT_COMES);
    assertEquals(16 * KIB, rig.dontcacheWrite(0, 16 * KIB));
    rig.io.runForNs(10_000_000);
    assertEquals(Set.of(ExecContext.HARDIRQ), rig.bios().writeContexts());
    assertEquals(4, rig.io.dropped(DropOutcome.NOT_TASK));
    assertEquals("cached 4 dirty 0 writeback 0", rig.io.levels());
    assertTrue(rig.test(0, FolioFlag.DROPBEHIND));
    rig.verifyIdle();
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096})
  void fromLinux73EveryBufferIsDeferredAndEveryFolioDropped(int blockBytes) {
    BufferRig rig = rig(blockBytes, BufferDontcache.BIO_MARKED);
    rig.dontcacheWrite(0, 16 * KIB);
    rig.io.runForNs(10_000_000);
    // A folio with 8 buffers costs 8 deferred bios.
    assertEquals(16 * KIB / blockBytes, rig.bios().writes().size());
    assertTrue(rig.bios().writes().stream().allMatch(BioLog.Entry::wasDeferred));
    assertEquals(Set.of(ExecContext.TASK), rig.bios().writeContexts());
    assertEquals(4, rig.io.dropped(DropOutcome.DROPPED));
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
    assertEquals(0, rig.heads().ringsInUse());
    rig.verifyIdle();
  }

  @Test
  void biosOfPlainFoliosAreNotMarked() {
    BufferRig rig = rig(1024, BufferDontcache.BIO_MARKED);
    rig.write(0, 8 * KIB);
    rig.fsync();
    assertTrue(rig.bios().writes().stream().noneMatch(BioLog.Entry::wasDeferred));
    assertEquals("cached 2 dirty 0 writeback 0", rig.io.levels());
  }

  @Test
  void aHeldBufferKeepsItsFolioForGood() {
    BufferRig rig = rig(1024, BufferDontcache.BIO_MARKED);
    rig.io.withoutDontcacheWriteback();
    rig.dontcacheWrite(0, 4 * KIB);
    int buffer = rig.buffer(0) + 3;
    rig.heads().hold(buffer); // As by a CPU's cache of recent buffers.
    rig.flush();
    assertEquals(1, rig.io.dropped(DropOutcome.BUSY));
    assertEquals("cached 1 dirty 0 writeback 0", rig.io.levels());
    assertFalse(rig.test(0, FolioFlag.DROPBEHIND));
    rig.heads().release(buffer);
    rig.verifyIdle();
    assertEquals("cached 1 dirty 0 writeback 0", rig.io.levels());
  }

  @Test
  void aFolioThatWasRedirtiedForALockedBufferIsDroppedTheNextTime() {
    BufferRig rig = rig(1024, BufferDontcache.BIO_MARKED);
    rig.io.withoutDontcacheWriteback();
    rig.dontcacheWrite(0, 4 * KIB);
    int buffer = rig.buffer(0) + 1;
    rig.heads().trylock(buffer);
    rig.flush();
    assertEquals(1, rig.io.dropped(DropOutcome.DIRTY_OR_WRITEBACK));
    assertTrue(rig.test(0, FolioFlag.DROPBEHIND));
    assertEquals("cached 1 dirty 1 writeback 0", rig.io.levels());
    rig.io.call(x -> rig.heads().unlock(x, buffer));
    rig.flush();
    assertEquals(1, rig.io.dropped(DropOutcome.DROPPED));
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void ext2IsDroppedAsABlockDeviceIs() {
    BufferRig rig = BufferRig.ext2(BufferRig.blocksOf(1024), FileLayout.SPARSE, 0);
    rig.io.withCompletionWorkqueue();
    rig.dontcacheWrite(0, 16 * KIB);
    rig.io.runForNs(10_000_000);
    assertEquals(16, rig.bios().writes().size());
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }
}
