package fs.iomap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.testing.FileFixture;
import mm.core.Errno;
import mm.core.file.RwFlag;
import mm.core.file.RwFlags;
import org.junit.jupiter.api.Test;
import sim.kernel.Step;

/** RWF_NOWAIT below write_begin: what would wait for a lock or a read gives EAGAIN. */
class IomapNowaitTest {
  private static final int KIB = IomapRig.KIB;
  private static final RwFlags NOWAIT = RwFlags.of(RwFlag.NOWAIT);

  private static IomapRig rig(FileLayout layout, long sizeBytes) {
    return new IomapRig(IomapSettings.DEFAULT, layout, sizeBytes);
  }

  private static Step write(IomapRig rig, long pos, long bytes) {
    return x -> rig.io.cache().write(x, rig.open, pos, bytes, NOWAIT);
  }

  @Test
  void wholePagesAreWrittenAndAReservationDoesNotWait() {
    IomapRig rig = rig(FileLayout.SPARSE, 0);
    assertEquals(8 * KIB, rig.io.call(write(rig, 0, 8 * KIB)));
    rig.fsync();
    rig.verifyIdle();
  }

  @Test
  void aBlockThatWouldHaveToBeReadGivesEagainAndReadsNothing() {
    IomapRig rig = rig(FileLayout.WRITTEN, 64 * KIB);
    assertEquals(-Errno.EAGAIN, rig.io.call(write(rig, 100, 1 * KIB)));
    assertEquals(0, rig.bios().reads().size());
    assertEquals("cached 1 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void theWriteIsShortByWhatWouldHaveToBeRead() {
    IomapRig rig = rig(FileLayout.WRITTEN, 64 * KIB);
    // Pages 0 and 1 are whole, of page 2 only 100 bytes.
    assertEquals(8 * KIB, rig.io.call(write(rig, 0, 8 * KIB + 100)));
    assertEquals("cached 3 dirty 2 writeback 0", rig.io.levels());
    rig.fsync();
    rig.verifyIdle();
  }

  @Test
  void aContendedIlockGivesEagainAndAFreeOneDoesNot() {
    IomapRig rig = rig(FileLayout.WRITTEN, 64 * KIB);
    FileFixture.Call holder =
        rig.io.start(
            1,
            x -> {
              x.then(y -> rig.file.ilock().unlock(y));
              x.then(y -> rig.io.machine().timers().sleep(y, 50_000));
              rig.file.ilock().lock(x);
            });
    rig.io.runForNs(10_000);
    assertEquals(-Errno.EAGAIN, rig.io.call(write(rig, 0, 4 * KIB)));
    holder.await();
    assertEquals(4 * KIB, rig.io.call(write(rig, 0, 4 * KIB)));
    rig.fsync();
    rig.verifyIdle();
  }
}
