package fs.iomap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.BioOp;
import block.bio.ReqFlag;
import block.bio.direct.DirectIo;
import block.bio.testing.FileFixture;
import fs.iomap.internal.log.LogReservation;
import fs.iomap.internal.log.LogTicket;
import java.util.ArrayList;
import java.util.List;
import mm.core.Errno;
import org.junit.jupiter.api.Test;

/**
 * Direct I/O with RWF_NOWAIT: a write that would allocate or wait gives EAGAIN, and submits none.
 */
class IomapDirectNowaitTest {
  private static final int KIB = IomapRig.KIB;

  private static IomapRig rig(FileLayout layout) {
    return new IomapRig(IomapSettings.DEFAULT.withLogBytes(10L << 20), layout, 64 * KIB);
  }

  private static long direct(IomapRig rig, BioOp op, long pos, long bytes, int reqFlags) {
    DirectIo io = new DirectIo(rig.io.layer(), rig.file.directMap(), (x, ended) -> {});
    return rig.io.call(
        x -> {
          x.then(io::await);
          io.submit(x, op, pos, bytes, reqFlags);
        });
  }

  private static long nowait(IomapRig rig, BioOp op, long pos, long bytes) {
    return direct(rig, op, pos, bytes, ReqFlag.NOWAIT.mask());
  }

  @Test
  void aWriteThatAllocatesGivesEagain() {
    IomapRig hole = rig(FileLayout.SPARSE);
    assertEquals(-Errno.EAGAIN, nowait(hole, BioOp.WRITE, 0, 8 * KIB));
    IomapRig shared = rig(FileLayout.SHARED);
    assertEquals(-Errno.EAGAIN, nowait(shared, BioOp.WRITE, 0, 8 * KIB));
    assertEquals(List.of(), hole.bios().all());
    assertEquals(List.of(), shared.bios().all());
    assertEquals(8 * KIB, direct(hole, BioOp.WRITE, 0, 8 * KIB, 0));
    assertEquals(8 * KIB, nowait(hole, BioOp.WRITE, 0, 8 * KIB)); // It has blocks now.
    hole.verifyIdle();
    shared.verifyIdle();
  }

  @Test
  void aWriteIntoUnwrittenBlocksGoesOn() {
    IomapRig rig = rig(FileLayout.PREALLOCATED);
    assertEquals(8 * KIB, nowait(rig, BioOp.WRITE, 0, 8 * KIB));
    rig.verifyIdle();
  }

  @Test
  void aWriteThatOneMappingDoesNotSpanGivesEagain() {
    IomapRig rig = rig(FileLayout.PREALLOCATED);
    direct(rig, BioOp.WRITE, 0, 4 * KIB, 0);
    // Block 0 is written and block 1 is not: two mappings.
    assertEquals(-Errno.EAGAIN, nowait(rig, BioOp.WRITE, 0, 8 * KIB));
    assertEquals(4 * KIB, nowait(rig, BioOp.WRITE, 0, 4 * KIB));
    rig.verifyIdle();
  }

  @Test
  void readsOfHolesAndUnwrittenBlocksDontWait() {
    assertEquals(8 * KIB, nowait(rig(FileLayout.SPARSE), BioOp.READ, 0, 8 * KIB));
    IomapRig rig = rig(FileLayout.PREALLOCATED);
    assertEquals(8 * KIB, nowait(rig, BioOp.READ, 0, 8 * KIB));
    assertEquals(List.of(), rig.bios().all());
  }

  @Test
  void aContendedIlockGivesEagain() {
    IomapRig rig = rig(FileLayout.WRITTEN);
    FileFixture.Call holder =
        rig.io.start(
            1,
            x -> {
              x.then(y -> rig.file.ilock().unlock(y));
              x.then(y -> rig.io.machine().timers().sleep(y, 500_000));
              rig.file.ilock().lock(x);
            });
    rig.io.runForNs(10_000);
    assertEquals(-Errno.EAGAIN, nowait(rig, BioOp.WRITE, 0, 4 * KIB));
    assertEquals(-Errno.EAGAIN, nowait(rig, BioOp.READ, 0, 4 * KIB));
    holder.await();
    rig.verifyIdle();
  }

  @Test
  void aJournalWithoutSpaceGivesEagainOnlyToATransaction() {
    IomapRig rig = rig(FileLayout.PREALLOCATED);
    direct(rig, BioOp.WRITE, 0, 4 * KIB, 0);
    List<LogTicket> held = new ArrayList<>();
    for (int i = 0; i < 33; i++) {
      LogTicket ticket = new LogTicket(rig.fs.log());
      rig.io.call(x -> ticket.reserve(x, LogReservation.WRITE));
      held.add(ticket);
    }
    assertEquals(4 * KIB, nowait(rig, BioOp.WRITE, 4 * KIB, 4 * KIB)); // The 34th.
    LogTicket ticket = new LogTicket(rig.fs.log());
    rig.io.call(x -> ticket.reserve(x, LogReservation.WRITE));
    held.add(ticket);
    assertEquals(-Errno.EAGAIN, nowait(rig, BioOp.WRITE, 8 * KIB, 4 * KIB));
    assertEquals(4 * KIB, nowait(rig, BioOp.WRITE, 0, 4 * KIB)); // Written before: none needed.
    held.forEach(one -> rig.io.call(one::cancel));
    rig.verifyIdle();
  }
}
