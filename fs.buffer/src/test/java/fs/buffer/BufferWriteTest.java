package fs.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.device.DeviceFaults;
import block.bio.device.DeviceParameter;
import block.bio.testing.BioLog;
import block.bio.testing.FileFixture;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import mm.core.Errno;
import mm.core.FolioFlag;
import mm.core.NodeStat;
import mm.core.file.RwFlag;
import mm.core.file.RwFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sim.kernel.ExecContext;
import sim.kernel.machine.Cost;

/** Writes through buffer heads, on a device that takes 100 us for each command. */
class BufferWriteTest {
  private static final int KIB = BufferRig.KIB;

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096})
  void eachBufferHasABioOfItsOwn(int blockBytes) {
    BufferRig rig = BufferRig.blockDevice(BufferRig.blocksOf(blockBytes));
    assertEquals(8 * KIB, rig.write(0, 8 * KIB));
    assertEquals("cached 2 dirty 2 writeback 0", rig.io.levels());
    assertEquals(0, rig.fsync());
    assertEquals(Collections.nCopies(8 * KIB / blockBytes, (long) blockBytes), rig.writeBytes());
    assertEquals(Set.of(ExecContext.HARDIRQ), rig.bios().writeContexts());
    assertEquals("cached 2 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void whatWasWrittenIsReadFromTheCache() {
    BufferRig rig = BufferRig.blockDevice(BufferRig.blocksOf(1024));
    rig.write(0, 8 * KIB);
    rig.fsync();
    assertEquals(8 * KIB, rig.read(0, 8 * KIB));
    assertEquals(List.of(), rig.readBytes());
    rig.verifyIdle();
  }

  @Test
  void aWriteThatMayNotWaitIsRefusedBeforeItTouchesAnything() {
    BufferRig rig = BufferRig.blockDevice(BufferRig.blocksOf(512));
    RwFlags nowait = RwFlags.of(RwFlag.NOWAIT);
    assertEquals(
        -Errno.EOPNOTSUPP, rig.io.call(x -> rig.io.cache().write(x, rig.open, 0, 512, nowait)));
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void onlyDirtyBuffersAreWritten() {
    BufferRig rig = BufferRig.blockDevice(BufferRig.blocksOf(512));
    rig.write(1_024, 512);
    assertFalse(rig.test(0, FolioFlag.UPTODATE));
    rig.fsync();
    assertEquals(List.of(), rig.readBytes());
    assertEquals(List.of(512L), rig.writeBytes());
    assertEquals(2, rig.bios().writes().get(0).sector());
    rig.verifyIdle();
  }

  @Test
  void buffersThatAWriteCoversInPartAreReadFirst() {
    BufferRig rig = BufferRig.blockDevice(BufferRig.blocksOf(512));
    rig.write(100, 1_000); // Parts of buffers 0 and 2, all of buffer 1.
    assertEquals(List.of(512L, 512L), rig.readBytes());
    rig.fsync();
    assertEquals(List.of(512L, 512L, 512L), rig.writeBytes());
    rig.verifyIdle();
  }

  @Test
  void theLastOfTwoBuffersEndsTheFolioThoughTheyEndAtOnceOnTwoCpus() {
    BufferRig rig =
        BufferRig.blockDevice(
            BufferRig.FREE.with(Cost.SPINLOCK, 40), FileFixture.FIXED, BufferRig.blocksOf(2048));
    rig.write(0, 4 * KIB);
    int folio = rig.io.folioAt(rig.mapping, 0);
    int first = rig.buffer(0);
    rig.io.call(
        x -> {
          rig.io.cache().trylock(folio);
          rig.io.cache().clearDirtyForIo(x, folio);
          rig.io.cache().startWriteback(x, folio);
          for (int b = first; b < first + 2; b++) {
            rig.heads().clear(b, BufferFlag.DIRTY);
            rig.heads().set(b, BufferFlag.LOCK | BufferFlag.ASYNC_WRITE);
          }
          rig.io.cache().unlock(x, folio);
        });
    rig.io.start(0, x -> rig.buffers.submitWrite(x, first, 0));
    rig.io.start(1, x -> rig.buffers.submitWrite(x, first + 1, 0));
    rig.io.runForNs(1_000_000);
    List<BioLog.Entry> writes = rig.bios().writes();
    assertEquals(0, writes.get(0).endCpu());
    assertEquals(1, writes.get(1).endCpu());
    assertEquals(writes.get(0).endNs(), writes.get(1).endNs());
    assertEquals(1, rig.io.cache().stats().get(NodeStat.WRITTEN));
    rig.verifyIdle();
  }

  @Test
  void aFolioIsUnderWritebackUntilItsLastBufferHasEnded() {
    BufferRig rig =
        BufferRig.blockDevice(
            BufferRig.FREE,
            FileFixture.FIXED
                .with(DeviceParameter.CHANNELS, 1)
                .with(DeviceParameter.WRITE_IOPS, 10_000)
                .with(DeviceParameter.MAX_REQUEST, 4_096),
            BufferRig.blocksOf(2048));
    // Buffers 1 and 2 are neighbours on the device and of two folios: they share a request.
    rig.write(0, 8 * KIB);
    rig.io.start(0, x -> rig.io.cache().flushRange(x, rig.mapping, 0, 8 * KIB));
    rig.io.runForNs(100_000);
    assertEquals("cached 2 dirty 0 writeback 1", rig.io.levels());
    rig.io.runForNs(100_000);
    assertEquals("cached 2 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  /** Four buffers of 1 KiB, all dirty, of which somebody holds the lock of the second. */
  private static BufferRig withLockedBuffer() {
    BufferRig rig = BufferRig.blockDevice(BufferRig.blocksOf(1024));
    rig.write(0, 4 * KIB);
    assertTrue(rig.heads().trylock(rig.buffer(0) + 1));
    return rig;
  }

  private static void unlockBuffer(BufferRig rig) {
    rig.io.call(x -> rig.heads().unlock(x, rig.buffer(0) + 1));
  }

  @Test
  void aFlusherRedirtiesAFolioWhoseBufferIsLocked() {
    BufferRig rig = withLockedBuffer();
    rig.flush();
    assertEquals(List.of(1_024L, 1_024L, 1_024L), rig.writeBytes());
    assertEquals("cached 1 dirty 1 writeback 0", rig.io.levels());
    unlockBuffer(rig);
    rig.flush();
    assertEquals(4, rig.writeBytes().size());
    assertEquals("cached 1 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void fsyncWaitsForALockedBuffer() {
    BufferRig rig = withLockedBuffer();
    FileFixture.Call fsync = rig.io.start(0, x -> rig.io.cache().fsync(x, rig.open));
    rig.io.runForNs(10_000_000);
    assertFalse(fsync.hasEnded());
    assertEquals(List.of(), rig.writeBytes());
    unlockBuffer(rig);
    assertEquals(0, fsync.await());
    assertEquals(4, rig.writeBytes().size());
    rig.verifyIdle();
  }

  @Test
  void aFolioOfWhichAllIsLockedEndsAtOnceAndStaysDirty() {
    BufferRig rig = BufferRig.blockDevice(BufferRig.blocksOf(4096));
    rig.write(0, 4 * KIB);
    rig.heads().trylock(rig.buffer(0));
    rig.flush();
    assertEquals(List.of(), rig.writeBytes());
    assertEquals("cached 1 dirty 1 writeback 0", rig.io.levels());
    rig.io.call(x -> rig.heads().unlock(x, rig.buffer(0)));
    rig.fsync();
    rig.verifyIdle();
  }

  @Test
  void fsyncReportsAFailedWriteOnce() {
    BufferRig rig = BufferRig.blockDevice(BufferRig.blocksOf(1024));
    // The third KiB of the device can't be written.
    rig.io
        .device()
        .setFaults(
            (op, sector, bytes) ->
                op == BioOp.WRITE && sector <= 4 && 4 < sector + bytes / 512
                    ? BlkStatus.IOERR
                    : BlkStatus.OK);
    rig.write(2 * KIB, 1 * KIB);
    assertEquals(-Errno.EIO, rig.fsync());
    assertEquals(0, rig.fsync());
    assertEquals("cached 1 dirty 0 writeback 0", rig.io.levels());
    assertTrue(rig.heads().test(rig.buffer(0) + 2, BufferFlag.WRITE_EIO));
    assertFalse(rig.heads().test(rig.buffer(0) + 2, BufferFlag.UPTODATE));
    rig.verifyIdle();
  }

  @Test
  void aWriteWhoseBufferCannotBeReadFails() {
    BufferRig rig = BufferRig.blockDevice(BufferRig.blocksOf(4096));
    rig.io.device().setFaults((op, sector, bytes) -> BlkStatus.IOERR);
    assertEquals(-Errno.EIO, rig.write(100, 100));
    rig.io.device().setFaults(DeviceFaults.NONE);
    assertEquals(100, rig.write(100, 100));
    rig.fsync();
    rig.verifyIdle();
  }

  @Test
  void aTruncatedFolioLeavesNoBufferBehind() {
    BufferRig rig = BufferRig.ext2(BufferRig.blocksOf(1024), FileLayout.WRITTEN, 64 * KIB);
    rig.write(0, 8 * KIB);
    rig.io.call(x -> rig.io.cache().truncate(x, rig.mapping, 0));
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
    assertEquals(0, rig.heads().ringsInUse());
    rig.verifyIdle();
  }

  @Test
  void nullBlkEndsEveryBufferInItsSubmitter() {
    BufferRig rig =
        BufferRig.blockDevice(BufferRig.FREE, FileFixture.INLINE, BufferRig.blocksOf(512));
    rig.write(0, 64 * KIB);
    assertEquals(0, rig.fsync());
    assertEquals(128, rig.writeBytes().size());
    assertEquals(Set.of(ExecContext.TASK), rig.bios().writeContexts());
    rig.verifyIdle();
  }

  @Test
  void aDirectWriteReplacesWhatIsCached() {
    BufferRig rig = BufferRig.blockDevice(BufferRig.blocksOf(1024));
    rig.write(0, 4 * KIB);
    assertEquals(0, rig.io.call(x -> rig.io.cache().writeAndWait(x, rig.mapping, 0, 4 * KIB - 1)));
    assertEquals(4 * KIB, rig.direct(BioOp.WRITE, 0, 4 * KIB));
    assertEquals(0, rig.io.call(x -> rig.io.cache().invalidate(x, rig.mapping, 0, 4 * KIB - 1)));
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
    assertEquals(0, rig.heads().ringsInUse());
    rig.read(0, 4 * KIB);
    assertTrue(rig.readBytes().size() > 0, "the page was read again");
    rig.verifyIdle();
  }
}
