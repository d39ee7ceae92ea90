package fs.buffer.ext4;

import static fs.buffer.ext4.Ext4Rig.KIB;
import static fs.buffer.ext4.Ext4Rig.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.device.DeviceFaults;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import block.bio.testing.BioLog;
import block.bio.testing.FileFixture;
import fs.buffer.internal.jbd2.JournalHandle;
import java.util.List;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import org.junit.jupiter.api.Test;

/** Files of ext4 with a journal. */
class Ext4JournalTest {
  private static final DeviceProfile CACHED =
      FileFixture.FIXED.with(DeviceParameter.WRITE_CACHE, MIB);

  private static Ext4Rig rig(Ext4Settings settings, Ext4Layout layout, long sizeBytes) {
    return new Ext4Rig(CACHED, settings, layout, sizeBytes);
  }

  private static List<String> rwbs(Ext4Rig rig) {
    return rig.bios().all().stream().map(BioLog.Entry::rwbs).toList();
  }

  @Test
  void fsyncOfAnAppendCommitsInodeBitmapAndDescriptor() {
    Ext4Rig rig = rig(Ext4Settings.DEFAULT, Ext4Layout.SPARSE, 0);
    rig.write(0, 4 * KIB);
    assertEquals(0, rig.fsync());
    // As a kernel's trace has it: a descriptor and three blocks, and the record behind a flush.
    assertEquals(List.of("WS", "WSM", "WSM", "WSM", "WSM", "FWFSM"), rwbs(rig));
    rig.bios().clear();
    assertEquals(0, rig.fsync());
    assertEquals(List.of("FWS"), rwbs(rig), "nothing to commit");
    rig.verifyIdle();
  }

  @Test
  void overwriteLogsItsTimesOnceATick() {
    Ext4Rig rig = rig(Ext4Settings.DEFAULT, Ext4Layout.WRITTEN, MIB);
    rig.write(0, 4 * KIB);
    assertEquals(0, rig.fsync());
    assertEquals(List.of("WS", "WSM", "WSM", "FWFSM"), rwbs(rig), "the inode");
    rig.bios().clear();
    rig.write(0, 4 * KIB);
    rig.fsync();
    assertEquals(List.of("WS", "FWS"), rwbs(rig), "in the same tick nothing has changed");
    rig.io.runForNs(10_000_000);
    rig.bios().clear();
    rig.write(0, 4 * KIB);
    rig.fdatasync();
    assertEquals(List.of("WS", "FWS"), rwbs(rig), "times are of no account to fdatasync");
    rig.verifyIdle();
  }

  @Test
  void writerWaitsWhileTheTransactionIsLocked() {
    Ext4Rig rig = rig(Ext4Settings.DEFAULT, Ext4Layout.SPARSE, 0);
    rig.write(0, 4 * KIB);
    JournalHandle open = rig.fs.newHandle();
    rig.io.start(0, x -> open.start(x, 1, 0));
    FileFixture.Call sync = rig.io.start(0, x -> rig.io.cache().fsync(x, rig.open));
    rig.io.runForNs(10_000_000);
    FileFixture.Call write =
        rig.io.start(1, x -> rig.io.cache().write(x, rig.open, 0, 4 * KIB, RwFlags.NONE));
    rig.io.runForNs(10_000_000);
    assertFalse(write.hasEnded(), "its times are due, and the commit waits for the open handle");
    assertEquals(1, rig.fs.journalWaits());
    rig.io.call(open::stop);
    assertEquals(4 * KIB, write.await());
    assertEquals(0, sync.await());
    rig.settle();
    rig.verifyIdle();
  }

  @Test
  void withDioreadLockTheCommitWaitsForTheData() {
    // Without a cache to flush, which would wait for the data too.
    Ext4Rig rig = new Ext4Rig(Ext4Settings.DEFAULT.with(Dioread.LOCK), Ext4Layout.SPARSE, 0);
    Ext4File other = rig.fs.newFile(Ext4Layout.WRITTEN, MIB);
    OpenFile open = new OpenFile(other.mapping());
    rig.io.call(x -> rig.io.cache().write(x, open, 0, 4 * KIB, RwFlags.NONE));
    rig.io.call(x -> rig.io.cache().writeAndWait(x, other.mapping(), 0, MIB));
    rig.io.device().setFaults(new SlowWrites());
    rig.dontcacheWrite(0, 64 * KIB);
    // The other file's fsync has no data of its own, and waits 1.1 ms for this one's.
    long beginNs = rig.io.machine().nowNs();
    FileFixture.Call sync = rig.io.start(1, x -> rig.io.cache().fsync(x, open));
    assertEquals(0, sync.await());
    assertTrue(sync.endNs() - beginNs >= 1_000_000, "ns to its end: " + (sync.endNs() - beginNs));
    rig.settle();
    rig.verifyIdle();
  }

  @Test
  void journalHasTheSizeThatMkfsGivesIt() {
    // 2 GiB: 64 MiB of journal and 16 MiB of metadata.
    DeviceProfile device = FileFixture.FIXED.with(DeviceParameter.CAPACITY, 2L << 30);
    Ext4Rig rig = new Ext4Rig(device, Ext4Settings.DEFAULT, Ext4Layout.SPARSE, 0);
    assertEquals((2L << 30) - (80L << 20) >> 12, rig.fs.allocator().freeBlocks());
    DeviceProfile small = FileFixture.FIXED.with(DeviceParameter.CAPACITY, 64L << 20);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Ext4Rig(small, Ext4Settings.DEFAULT.withJournal(64L << 20), Ext4Layout.SPARSE, 0));
  }

  @Test
  void journalThatGoesAroundHoldsNobodyUpWhileItsBlocksAreLoggedAgainAndAgain() {
    Ext4Rig rig =
        rig(Ext4Settings.DEFAULT.withJournal(Ext4Settings.JOURNAL_BYTES_MIN), Ext4Layout.SPARSE, 0);
    // 400 commits of 5 blocks: twice around 1024 blocks.
    for (int i = 0; i < 400; i++) {
      rig.dontcacheWrite(i * 64L * KIB, 64 * KIB);
      assertEquals(0, rig.fsync());
    }
    rig.settle();
    assertEquals(0, rig.fs.journalWaits());
    assertEquals("cached 0 dirty 0 writeback 0", rig.io.levels());
    rig.verifyIdle();
  }

  /** Commands of 64 KiB take 1 ms more. */
  private static final class SlowWrites implements DeviceFaults {
    @Override
    public BlkStatus outcome(BioOp op, long sector, int sizeBytes) {
      return BlkStatus.OK;
    }

    @Override
    public long extraNs(BioOp op, long sector, int sizeBytes, long ordinaryNs) {
      return sizeBytes == 64 * KIB ? 1_000_000 : 0;
    }
  }
}
