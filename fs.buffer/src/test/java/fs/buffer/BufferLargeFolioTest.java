package fs.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.BlkStatus;
import block.bio.device.DeviceFaults;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import block.bio.testing.FileFixture;
import java.util.Collections;
import java.util.List;
import mm.core.DropOutcome;
import mm.core.Errno;
import mm.core.FolioFlag;
import mm.core.file.RwFlags;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/** Large folios of a block device: brought by readahead, made by writes, with many buffers. */
class BufferLargeFolioTest {
  private static final int KIB = BufferRig.KIB;

  private static BufferRig rig(int blockBytes) {
    return rig(BufferRig.FREE, FileFixture.FIXED, blockBytes);
  }

  private static BufferRig rig(MachineProfile machine, DeviceProfile device, int blockBytes) {
    return BufferRig.blockDevice(
        machine, device, BufferSettings.DEFAULT.withBlockSizeBytes(blockBytes));
  }

  private static int nrPages(BufferRig rig, long index) {
    return rig.io.cache().folios().nrPages(rig.io.folioAt(rig.mapping, index));
  }

  /**
   * Pages 0 to 7 in folios of one page, 8 to 23 in folios of four: the second window has order 2.
   */
  private static BufferRig withTwoWindows(int blockBytes) {
    BufferRig rig = rig(blockBytes);
    rig.read(0, 16 * KIB);
    rig.read(16 * KIB, 4 * KIB);
    rig.io.runForNs(1_000_000);
    return rig;
  }

  @Test
  void aRunOfLargeFoliosIsOneBioAndHasNoBuffers() {
    BufferRig rig = withTwoWindows(512);
    assertEquals(List.of(32L * KIB, 64L * KIB), rig.readBytes());
    assertEquals(1, nrPages(rig, 7));
    for (long index = 8; index < 24; index++) {
      assertEquals(4, nrPages(rig, index));
    }
    assertEquals("cached 24 dirty 0 writeback 0", rig.io.levels());
    assertEquals(0, rig.heads().ringsInUse());
    rig.verifyIdle();
  }

  @Test
  void before615ABlockDeviceHasSinglePages() {
    BufferRig rig =
        BufferRig.blockDevice(
            BufferRig.FREE, FileFixture.FIXED, BufferSettings.DEFAULT.withFolioOrderMax(0));
    rig.write(0, 64 * KIB);
    assertEquals(1, nrPages(rig, 0));
    assertEquals(16, rig.heads().ringsInUse());
    rig.fsync();
    rig.verifyIdle();
  }

  @Test
  void aWriteMakesOneFolioOfWhichEachBufferHasABio() {
    BufferRig rig = rig(2048);
    assertEquals(64 * KIB, rig.write(0, 64 * KIB));
    assertEquals(16, nrPages(rig, 15));
    assertEquals(1, rig.heads().ringsInUse());
    assertEquals("cached 16 dirty 16 writeback 0", rig.io.levels());
    assertEquals(0, rig.fsync());
    assertEquals(Collections.nCopies(32, 2_048L), rig.writeBytes());
    assertEquals(List.of(), rig.readBytes());
    assertEquals("cached 16 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void ofAFolioThatWasReadOnlyTheBuffersThatWereWrittenAreWritten() {
    BufferRig rig = withTwoWindows(4096);
    rig.bios().clear();
    rig.write(13 * 4 * KIB, 4 * KIB); // Page 1 of the folio of pages 12 to 15.
    assertEquals("cached 24 dirty 4 writeback 0", rig.io.levels());
    assertEquals(1, rig.heads().ringsInUse());
    assertEquals(0, rig.fsync());
    assertEquals(List.of(4L * KIB), rig.writeBytes());
    assertEquals(13 * 8, rig.bios().writes().get(0).sector());
    assertEquals(List.of(), rig.readBytes());
    rig.verifyIdle();
  }

  @Test
  void aFolioIsUnderWritebackUntilTheLastOfItsBuffersHasEnded() {
    BufferRig rig =
        rig(
            BufferRig.FREE,
            FileFixture.FIXED
                .with(DeviceParameter.CHANNELS, 1)
                .with(DeviceParameter.WRITE_IOPS, 10_000)
                .with(DeviceParameter.MAX_REQUEST, 4_096),
            4096);
    rig.write(0, 16 * KIB);
    rig.io.start(0, x -> rig.io.cache().flushRange(x, rig.mapping, 0, 16 * KIB));
    rig.io.runForNs(399_999); // Four requests, 100 us each.
    assertEquals("cached 4 dirty 0 writeback 4", rig.io.levels());
    rig.io.runForNs(1);
    assertEquals("cached 4 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void aWritePassesTwiceOverTheBuffersBeyondThoseOfAPage() {
    BufferRig rig = rig(BufferRig.FREE.with(Cost.BUFFER_SCAN, 100), FileFixture.FIXED, 4096);
    long from = rig.io.machine().nowNs();
    FileFixture.Call write =
        rig.io.start(0, x -> rig.io.cache().write(x, rig.open, 0, 16 * KIB, RwFlags.NONE));
    assertEquals(16 * KIB, write.await());
    // Four buffers: three more than a page has. write_begin, write_end.
    assertEquals(2 * 3 * 100, write.endNs() - from);
    rig.fsync();
    rig.verifyIdle();
  }

  @Test
  void theBufferThatIsMissingIsReadByItself() {
    BufferRig rig = rig(512);
    // 16 KiB from byte 512 on: a folio of four pages without its first buffer, and one of a page.
    rig.write(512, 16 * KIB);
    assertEquals(4, nrPages(rig, 0));
    assertEquals(1, nrPages(rig, 4));
    assertFalse(rig.test(0, FolioFlag.UPTODATE));
    assertEquals(4 * KIB, rig.read(0, 4 * KIB));
    assertEquals(List.of(512L), rig.readBytes());
    assertTrue(rig.test(0, FolioFlag.UPTODATE));
    rig.fsync();
    assertEquals(Collections.nCopies(31 + 1, 512L), rig.writeBytes());
    rig.verifyIdle();
  }

  @Test
  void aFolioWhoseBuffersCannotAllBeReadIsRefusedWhole() {
    BufferRig rig = rig(512);
    rig.write(512, 16 * KIB);
    rig.io.device().setFaults((op, sector, bytes) -> BlkStatus.MEDIUM);
    assertEquals(-Errno.EIO, rig.read(0, 4 * KIB));
    assertFalse(rig.test(0, FolioFlag.UPTODATE));
    rig.io.device().setFaults(DeviceFaults.NONE);
    assertEquals(4 * KIB, rig.read(0, 4 * KIB));
    rig.fsync();
    rig.verifyIdle();
  }

  @Test
  void aLockedBufferLeavesAllPagesOfItsFolioDirty() {
    BufferRig rig = rig(4096);
    rig.write(0, 16 * KIB);
    assertTrue(rig.heads().trylock(rig.buffer(0) + 2));
    rig.flush();
    assertEquals(3, rig.writeBytes().size());
    assertEquals("cached 4 dirty 4 writeback 0", rig.io.levels());
    rig.io.call(x -> rig.heads().unlock(x, rig.buffer(0) + 2));
    rig.fsync();
    assertEquals(4, rig.writeBytes().size());
    assertEquals("cached 4 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  @Test
  void aHeldBufferKeepsItsWholeFolio() {
    BufferRig rig = rig(4096);
    rig.write(0, 16 * KIB);
    rig.fsync();
    rig.heads().hold(rig.buffer(0) + 3);
    rig.io.call(x -> rig.io.cache().invalidate(x, rig.mapping, 0, Long.MAX_VALUE));
    assertEquals("cached 4 dirty 0 writeback 0", rig.io.levels());
    rig.heads().release(rig.buffer(0) + 3);
    rig.io.call(x -> rig.io.cache().invalidate(x, rig.mapping, 0, Long.MAX_VALUE));
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
    assertEquals(0, rig.heads().ringsInUse());
    rig.verifyIdle();
  }

  @Test
  void aRingIsUsedAgainForAFolioOfItsSizeOnly() {
    BufferRig rig = rig(1024);
    rig.write(0, 16 * KIB);
    int large = rig.buffer(0);
    rig.fsync();
    rig.io.call(x -> rig.io.cache().invalidate(x, rig.mapping, 0, Long.MAX_VALUE));
    rig.write(0, 4 * KIB);
    assertNotEquals(large, rig.buffer(0));
    rig.write(16 * KIB, 16 * KIB);
    assertEquals(large, rig.buffer(4));
    rig.fsync();
    rig.verifyIdle();
  }

  @Test
  void aDontcacheFolioIsDroppedWholeWhenItsLastBufferHasEnded() {
    BufferRig rig = rig(BufferRig.FREE, FileFixture.INLINE, 512);
    assertEquals(64 * KIB, rig.dontcacheWrite(0, 64 * KIB));
    rig.io.runForNs(1_000_000);
    assertEquals(Collections.nCopies(128, 512L), rig.writeBytes());
    assertEquals(16, rig.io.dropped(DropOutcome.DROPPED)); // Pages.
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
    assertEquals(0, rig.heads().ringsInUse());
    rig.verifyIdle();
  }

  @Test
  void anOrderThatNoFolioHasIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> BufferSettings.DEFAULT.withFolioOrderMax(10));
  }
}
