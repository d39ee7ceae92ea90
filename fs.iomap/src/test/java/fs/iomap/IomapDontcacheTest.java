package fs.iomap;

import static fs.iomap.DontcacheCompletion.AS_IT_COMES;
import static fs.iomap.DontcacheCompletion.BIO_BY_FOLIO;
import static fs.iomap.DontcacheCompletion.BIO_BY_IOEND;
import static fs.iomap.DontcacheCompletion.BIO_UNLESS_WORKQUEUE;
import static fs.iomap.DontcacheCompletion.FS_WORKQUEUE;
import static fs.iomap.DontcacheCompletion.NOT_SUPPORTED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.testing.BioLog;
import block.bio.testing.FileFixture;
import java.util.List;
import mm.core.DropOutcome;
import mm.core.Errno;
import mm.core.FolioFlag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sim.kernel.ExecContext;

/** RWF_DONTCACHE, kernel by kernel: who ends the bio, and whether its folios are dropped. */
class IomapDontcacheTest {
  private static final int KIB = IomapRig.KIB;

  private static IomapRig rig(DontcacheCompletion dontcache, FileLayout layout) {
    IomapRig rig =
        new IomapRig(
            IomapSettings.DEFAULT.with(dontcache),
            layout,
            layout == FileLayout.SPARSE ? 0 : 64 * KIB);
    rig.io.withCompletionWorkqueue();
    return rig;
  }

  /** What becomes of a DONTCACHE write of four folios, as the words in the tests below. */
  private static String fateOf(DontcacheCompletion dontcache, FileLayout layout) {
    IomapRig rig = rig(dontcache, layout);
    assertEquals(16 * KIB, rig.dontcacheWrite(0, 16 * KIB));
    rig.io.runForNs(10_000_000);
    rig.verifyIdle();
    List<BioLog.Entry> writes = rig.bios().writes();
    assertEquals(1, writes.size());
    long dropped = rig.io.dropped(DropOutcome.DROPPED);
    long kept = rig.io.dropped(DropOutcome.NOT_TASK);
    assertEquals(4, dropped + kept);
    assertEquals("cached " + kept + " dirty 0 writeback 0", rig.io.levels());
    return (writes.get(0).context() == ExecContext.TASK ? "task " : "irq ")
        + (writes.get(0).wasDeferred() ? "deferred " : "")
        + (dropped == 4 ? "dropped" : "cached");
  }

  @Test
  void untilLinux72TheFsWorkqueueDropsOverwrites() {
    assertEquals("irq dropped", fateOf(FS_WORKQUEUE, FileLayout.WRITTEN));
  }

  @Test
  void withoutAnyMeansOnlyOverwritesStayCached() {
    assertEquals("irq cached", fateOf(AS_IT_COMES, FileLayout.WRITTEN));
    assertEquals("irq dropped", fateOf(AS_IT_COMES, FileLayout.SPARSE));
    assertEquals("irq dropped", fateOf(AS_IT_COMES, FileLayout.PREALLOCATED));
    assertEquals("irq dropped", fateOf(AS_IT_COMES, FileLayout.SHARED));
  }

  @Test
  void bioFlagDefersOverwrites() {
    assertEquals("task deferred dropped", fateOf(BIO_BY_IOEND, FileLayout.WRITTEN));
    assertEquals("task deferred dropped", fateOf(BIO_BY_FOLIO, FileLayout.WRITTEN));
    assertEquals("task deferred dropped", fateOf(BIO_UNLESS_WORKQUEUE, FileLayout.WRITTEN));
  }

  @Test
  void versionFiveHopsTwiceWhereTheFsWorkqueueIsNeeded() {
    assertEquals("task deferred dropped", fateOf(BIO_BY_FOLIO, FileLayout.SPARSE));
    assertEquals("task deferred dropped", fateOf(BIO_BY_FOLIO, FileLayout.PREALLOCATED));
  }

  @Test
  void fromLinux73IoendsForTheFsWorkqueueLoseTheFlag() {
    assertEquals("irq dropped", fateOf(BIO_UNLESS_WORKQUEUE, FileLayout.SPARSE));
    assertEquals("irq dropped", fateOf(BIO_UNLESS_WORKQUEUE, FileLayout.PREALLOCATED));
    assertEquals("irq dropped", fateOf(BIO_UNLESS_WORKQUEUE, FileLayout.SHARED));
  }

  @Test
  void kernelsWithoutItRefuseBeforeAnyWork() {
    IomapRig rig = rig(NOT_SUPPORTED, FileLayout.WRITTEN);
    assertEquals(-Errno.EOPNOTSUPP, rig.dontcacheWrite(0, 16 * KIB));
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
  }

  /** Pages 0 to 3 written plainly, 4 to 7 with DONTCACHE, all written back together. */
  private static IomapRig halfDontcache(DontcacheCompletion dontcache) {
    IomapRig rig = rig(dontcache, FileLayout.WRITTEN);
    rig.io.withoutDontcacheWriteback();
    rig.write(0, 16 * KIB);
    rig.dontcacheWrite(16 * KIB, 16 * KIB);
    assertEquals("cached 8 dirty 8 writeback 0", rig.io.levels());
    rig.flush();
    rig.verifyIdle();
    return rig;
  }

  @ParameterizedTest
  @EnumSource(names = {"FS_WORKQUEUE", "BIO_BY_IOEND"})
  void anIoendFlagSplitsWhereDontcacheBegins(DontcacheCompletion dontcache) {
    IomapRig rig = halfDontcache(dontcache);
    assertEquals("16 16", rig.bios().writesKib());
    assertEquals("flags 1 last 1", rig.ioendEnds());
    assertFalse(rig.bios().writes().get(0).wasDeferred());
    assertEquals(dontcache == BIO_BY_IOEND, rig.bios().writes().get(1).wasDeferred());
    assertEquals("cached 4 dirty 0 writeback 0", rig.io.levels());
  }

  @ParameterizedTest
  @EnumSource(names = {"BIO_BY_FOLIO", "BIO_UNLESS_WORKQUEUE"})
  void oneDropbehindFolioDefersTheWholeBio(DontcacheCompletion dontcache) {
    IomapRig rig = halfDontcache(dontcache);
    assertEquals("32", rig.bios().writesKib());
    assertEquals("last 1", rig.ioendEnds());
    assertTrue(rig.bios().writes().get(0).wasDeferred());
    // The plain folios end in the worker as well, and stay.
    assertEquals("cached 4 dirty 0 writeback 0", rig.io.levels());
  }

  @Test
  void foliosThatWereCachedBeforeStay() {
    IomapRig rig = rig(BIO_UNLESS_WORKQUEUE, FileLayout.WRITTEN);
    rig.write(0, 8 * KIB);
    rig.dontcacheWrite(0, 16 * KIB);
    rig.io.runForNs(10_000_000);
    assertEquals("cached 2 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void aPlainWriteDuringWritebackKeepsTheFolio() {
    IomapRig rig = rig(FS_WORKQUEUE, FileLayout.WRITTEN);
    rig.dontcacheWrite(0, 8 * KIB);
    rig.io.runForNs(50_000);
    rig.write(0, 4 * KIB);
    rig.flush();
    assertEquals("cached 1 dirty 0 writeback 0", rig.io.levels());
    assertFalse(rig.test(0, FolioFlag.DROPBEHIND));
    rig.verifyIdle();
  }

  @Test
  void nullBlkDropsInTheSubmitterWithoutAnyMeans() {
    IomapRig rig =
        new IomapRig(
            IomapRig.FREE,
            FileFixture.INLINE,
            IomapSettings.DEFAULT.with(AS_IT_COMES),
            FileLayout.WRITTEN,
            64 * KIB);
    rig.dontcacheWrite(0, 64 * KIB);
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }
}
