package fs.iomap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import block.bio.testing.BioLog;
import block.bio.testing.FileFixture;
import fs.iomap.internal.log.LogItem;
import fs.iomap.internal.log.LogReservation;
import fs.iomap.internal.log.LogTicket;
import fs.iomap.internal.log.XfsLog;
import java.util.ArrayList;
import java.util.List;
import mm.core.Errno;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.machine.Cost;

/**
 * Space in a journal of 10 MiB, 10,485,760 bytes. A ticket of a size is 9,720 bytes, one of extents
 * 307,200; a record 4096. Commands take 100 us, transactions 60 us, all else nothing.
 */
class LogSpaceTest {
  private static final int KIB = IomapRig.KIB;
  private static final long LOG_BYTES = 10L << 20;
  private static final int RECORD = 4096;

  /** A device that may lose what it was not told to flush. */
  private static final DeviceProfile CACHED =
      FileFixture.FIXED.with(DeviceParameter.WRITE_CACHE, 64L << 20);

  private static IomapRig rig(FileLayout layout) {
    return rig(layout, FileFixture.FIXED);
  }

  private static IomapRig rig(FileLayout layout, DeviceProfile device) {
    return new IomapRig(
        IomapRig.FREE.with(Cost.FS_TRANSACTION, 60_000),
        device,
        IomapSettings.DEFAULT.withLogBytes(LOG_BYTES),
        layout,
        64 * KIB);
  }

  /** 34 tickets of 307,200: 10,444,800 bytes, which leave 40,960. */
  private static List<LogTicket> fill(IomapRig rig) {
    List<LogTicket> held = new ArrayList<>();
    for (int i = 0; i < 34; i++) {
      LogTicket ticket = new LogTicket(rig.fs.log());
      assertEquals(0, rig.io.call(x -> ticket.reserve(x, LogReservation.WRITE)));
      held.add(ticket);
    }
    assertEquals(40_960, rig.fs.log().freeBytes());
    return held;
  }

  private static void giveBack(IomapRig rig, List<LogTicket> held) {
    held.forEach(ticket -> rig.io.call(ticket::cancel));
  }

  @Test
  void whatATransactionDoesNotUseIsFreeAgain() {
    IomapRig rig = rig(FileLayout.SPARSE);
    rig.write(64 * KIB, 16 * KIB);
    rig.fsync();
    // Allocation, conversion and times: 1170 of free space and 520 of the inode, once each, and
    // 512 of headers fill a record of 4096; all reservations have been given back.
    assertEquals(LOG_BYTES - RECORD, rig.fs.log().freeBytes());
    assertEquals(0, rig.fs.logSpaceWaits());
    rig.verifyIdle();
  }

  @Test
  void nobodyOvertakesWhoeverWaitsForSpace() {
    IomapRig rig = rig(FileLayout.WRITTEN);
    final List<LogTicket> held = fill(rig);
    List<String> order = new ArrayList<>();
    waitFor(rig, 0, "large", LogReservation.WRITE, order);
    rig.io.runForNs(10_000);
    waitFor(rig, 1, "small", LogReservation.INODE, order); // 9,720 of 40,960 would fit.
    rig.io.runForNs(1_000_000);
    assertEquals(List.of(), order);
    assertEquals(2, rig.fs.logSpaceWaits());
    rig.io.call(held.remove(0)::cancel);
    rig.io.runForNs(10_000);
    assertEquals(List.of("large", "small"), order);
    giveBack(rig, held);
    rig.verifyIdle();
  }

  private static void waitFor(
      IomapRig rig, int cpu, String name, LogReservation kind, List<String> order) {
    LogTicket ticket = new LogTicket(rig.fs.log());
    rig.io.start(
        cpu,
        x -> {
          x.then(
              y -> {
                order.add(name);
                ticket.cancel(y);
              });
          ticket.reserve(x, kind);
        });
  }

  @Test
  void completionsOfOtherInodesWaitForLogSpaceAndOverwritesDont() {
    IomapRig rig = rig(FileLayout.PREALLOCATED);
    IomapFile other = rig.fs.newFile(FileLayout.PREALLOCATED, 64 * KIB);
    IomapFile written = rig.fs.newFile(FileLayout.WRITTEN, 64 * KIB);
    List<LogTicket> held = fill(rig);
    for (IomapFile file : List.of(rig.file, other, written)) {
      OpenFile open = new OpenFile(file.mapping());
      rig.io.call(x -> rig.io.cache().write(x, open, 0, 8 * KIB, RwFlags.NONE));
      rig.io.call(x -> rig.io.cache().flushRange(x, file.mapping(), 0, 8 * KIB));
    }
    rig.io.runForNs(50_000_000);
    // Both workers sleep; the overwrite has ended in its interrupt.
    assertEquals("cached 6 dirty 0 writeback 4", rig.io.levels());
    assertEquals(2, rig.fs.logSpaceWaits());
    long beginNs = rig.io.machine().nowNs();
    FileFixture.Call one = rig.io.start(1, held.remove(0)::cancel);
    FileFixture.Call two = rig.io.start(1, held.remove(0)::cancel);
    one.await();
    two.await();
    rig.io.machine().runUntil(beginNs + 2 * 60_000 - 1);
    assertTrue(!rig.io.levels().endsWith("writeback 0"), rig.io.levels());
    rig.io.machine().runUntil(beginNs + 2 * 60_000); // One worker behind the other on their CPU.
    assertEquals("cached 6 dirty 0 writeback 0", rig.io.levels());
    giveBack(rig, held);
    rig.verifyIdle();
  }

  @Test
  void theAilWritesTheTailOnceLessThanAQuarterIsFree() {
    IomapRig rig = rig(FileLayout.WRITTEN);
    IomapFile old = rig.fs.newFile(FileLayout.WRITTEN, 64 * KIB);
    OpenFile oldOpen = new OpenFile(old.mapping());
    rig.io.call(x -> rig.io.cache().write(x, oldOpen, 0, 4 * KIB, RwFlags.NONE));
    rig.io.call(x -> rig.io.cache().fsync(x, oldOpen)); // Record 1, at byte 0: the tail.
    // Records 2 to 1921; the last begins at 1920 * 4096, three quarters of the log behind the tail.
    fsyncs(rig, 1920);
    assertEquals(LOG_BYTES - 1921 * RECORD, rig.fs.log().freeBytes());
    assertEquals(List.of(), metadataWrites(rig));
    rig.bios().clear();
    fsyncs(rig, 1);
    rig.io.runForNs(30_000_000);
    // Both inodes are in one cluster, which is written once: nothing is needed any more.
    assertEquals(List.of(16L * KIB), metadataWrites(rig));
    assertEquals(LOG_BYTES, rig.fs.log().freeBytes());
    rig.verifyIdle();
  }

  @Test
  void theWriteOfTheTailWakesWhoeverWaits() {
    IomapRig rig = rig(FileLayout.WRITTEN);
    fsyncs(rig, 1);
    IomapFile other = rig.fs.newFile(FileLayout.WRITTEN, 64 * KIB);
    OpenFile open = new OpenFile(other.mapping());
    for (int i = 0; i < 1900; i++) {
      rig.io.call(x -> rig.io.cache().write(x, open, 0, 4 * KIB, RwFlags.NONE));
      rig.io.call(x -> rig.io.cache().fsync(x, open));
    }
    // 1901 records leave 2,699,264 bytes: eight tickets of 307,200, and 241,664 for the ninth.
    List<LogTicket> held = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      held.add(new LogTicket(rig.fs.log()));
    }
    held.subList(0, 8).forEach(ticket -> rig.io.call(x -> ticket.reserve(x, LogReservation.WRITE)));
    assertEquals(241_664, rig.fs.log().freeBytes());
    long beginNs = rig.io.machine().nowNs();
    FileFixture.Call ninth = rig.io.start(0, x -> held.get(8).reserve(x, LogReservation.WRITE));
    assertEquals(0, ninth.await());
    assertEquals(100_000, ninth.endNs() - beginNs); // xfsaild's write, and nobody's commit.
    giveBack(rig, held);
    rig.verifyIdle();
  }

  private static void fsyncs(IomapRig rig, int count) {
    for (int i = 0; i < count; i++) {
      rig.write(0, 4 * KIB);
      assertEquals(0, rig.fsync());
    }
  }

  /** Bytes of each write behind the journal and before the data: 64 MiB. */
  private static List<Long> metadataWrites(IomapRig rig) {
    return rig.bios().all().stream()
        .filter(w -> w.sector() >= LOG_BYTES / 512 && w.sector() < (LOG_BYTES + (64L << 20)) / 512)
        .map(BioLog.Entry::bytes)
        .toList();
  }

  @Test
  void aCheckpointIsWrittenByItsWorkerButForItsCommitRecord() {
    // 20 changes of 4160 bytes and 4608 of headers, less 4096 kept for rounding: 83,712 bytes,
    // which 21 blocks hold: two full iclogs and 20 KiB.
    IomapRig rig = rig(FileLayout.WRITTEN);
    XfsLog log = rig.fs.log();
    LogTicket ticket = new LogTicket(log);
    List<String> steps = new ArrayList<>();
    rig.io.call(x -> ticket.reserve(x, LogReservation.WRITE));
    rig.io.call(
        x -> {
          for (int i = 0; i < 20; i++) {
            ticket.log(new LogItem(log.newBuffer(4096), 4096));
          }
          long lsn = ticket.commit(x);
          x.then(y -> force(y, log, lsn));
          x.then(
              y -> {
                steps.add("pushed " + recordsKib(rig));
                log.writeOrWait(y);
                steps.add("stable " + log.isStable(lsn));
              });
          log.writeOrWait(x);
        });
    assertEquals(List.of("pushed [32, 32]", "stable false"), steps);
    assertEquals(List.of(32L, 32L, 20L), recordsKib(rig));
    List<BioLog.Entry> records = rig.bios().all();
    // Both full iclogs are on their way at one time, and the commit record when they have ended.
    assertEquals(0, records.get(1).endNs() - records.get(0).endNs());
    assertEquals(100_000, records.get(2).endNs() - records.get(1).endNs());
    rig.io.runForNs(1_000_000_000);
    rig.verifyIdle();
  }

  @Test
  void aWorkerWritesACheckpointWhenMoreThanAnEighthHasGathered() {
    // An eighth of the log is 1,310,720 bytes: 313 changes of 4160 and 4608 of headers are
    // 1,306,688, and one more 1,310,848.
    IomapRig rig = rig(FileLayout.WRITTEN, CACHED);
    XfsLog log = rig.fs.log();
    List<LogItem> changed = changes(log, 313);
    commit(rig, changed);
    rig.io.runForNs(10_000_000);
    assertEquals(0, log.checkpoints());
    assertEquals(LOG_BYTES - 1_306_688, log.freeBytes());
    commit(rig, changed); // They have their space already.
    rig.io.runForNs(10_000_000);
    assertEquals(0, log.checkpoints());
    assertEquals(LOG_BYTES - 1_306_688, log.freeBytes());
    commit(rig, changes(log, 1));
    rig.io.runForNs(10_000_000);
    assertEquals(1, log.checkpoints());
    assertTrue(log.isStable(3));
    // 320 blocks are 40 iclogs. Nobody forces the log: the worker writes the commit record as well.
    List<String> rwbs = rig.bios().all().stream().map(BioLog.Entry::rwbs).toList();
    assertEquals(40, rwbs.size());
    assertEquals(List.of("FWSM", "WSM"), rwbs.subList(0, 2));
    assertEquals(List.of("WSM", "FWFSM"), rwbs.subList(38, 40));
    rig.verifyIdle();
  }

  @Test
  void noRecordCrossesTheEndOfTheLog() {
    // 121 checkpoints of 84 KiB leave 76 KiB of 10,240: two full iclogs and 12 KiB, into which the
    // 20 KiB of the last do not fit.
    IomapRig rig = rig(FileLayout.WRITTEN);
    XfsLog log = rig.fs.log();
    List<LogItem> changed = changes(log, 20);
    for (int i = 0; i < 121; i++) {
      long lsn = commit(rig, changed);
      rig.io.call(x -> force(x, log, lsn));
    }
    rig.bios().clear();
    long lsn = commit(rig, changed);
    rig.io.call(x -> force(x, log, lsn));
    assertTrue(log.isStable(lsn));
    assertEquals(List.of(32L, 32L, 12L, 8L), recordsKib(rig));
    assertEquals(0, rig.bios().all().get(3).sector());
    rig.verifyIdle();
  }

  private static List<LogItem> changes(XfsLog log, int count) {
    List<LogItem> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(new LogItem(log.newBuffer(4096), 4096));
    }
    return items;
  }

  /** A transaction of these changes; its number. */
  private static long commit(IomapRig rig, List<LogItem> changed) {
    LogTicket ticket = new LogTicket(rig.fs.log());
    long[] lsn = new long[1];
    rig.io.call(x -> ticket.reserve(x, LogReservation.WRITE));
    rig.io.call(
        x -> {
          changed.forEach(ticket::log);
          lsn[0] = ticket.commit(x);
        });
    return lsn[0];
  }

  private static List<Long> recordsKib(IomapRig rig) {
    return rig.bios().all().stream()
        .filter(w -> w.sector() < LOG_BYTES / 512)
        .map(w -> w.bytes() / KIB)
        .toList();
  }

  /** As fsync does: looks again after each step of the force. */
  private static void force(Exec x, XfsLog log, long lsn) {
    if (!log.isStable(lsn) && log.errno() == 0) {
      x.then(y -> force(y, log, lsn));
      log.writeOrWait(x);
    }
  }

  @Test
  void aLogThatFailsEndsTheWaitAndTheFoliosWithAnError() {
    IomapRig rig = rig(FileLayout.PREALLOCATED);
    final List<LogTicket> held = fill(rig);
    rig.io
        .device()
        .setFaults(
            (op, sector, bytes) ->
                op == BioOp.WRITE && sector < LOG_BYTES / 512 ? BlkStatus.IOERR : BlkStatus.OK);
    rig.write(0, 8 * KIB);
    rig.flush();
    assertEquals("cached 2 dirty 0 writeback 2", rig.io.levels());
    LogItem item = new LogItem(rig.fs.log().newBuffer(4096), 128);
    LogTicket last = held.remove(0);
    rig.io.call(
        x -> {
          last.log(item);
          force(x, rig.fs.log(), Long.MAX_VALUE); // Until it fails.
        });
    rig.io.runForNs(1_000_000);
    assertEquals("cached 2 dirty 0 writeback 0", rig.io.levels());
    assertEquals(ExtentState.UNWRITTEN, rig.file.stateAt(0));
    assertEquals(-Errno.EIO, rig.fsync());
    assertFalse(rig.io.call(x -> last.reserve(x, LogReservation.INODE)) == 0);
  }

  /** 16 tasks that change one of 4000 blocks each time: a record in 32 of them each. */
  @Test
  void theSpaceAlwaysAddsUpAndEveryWaitEnds() {
    IomapRig rig = rig(FileLayout.WRITTEN);
    XfsLog log = rig.fs.log();
    List<LogItem> items = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      items.add(new LogItem(log.newBuffer(4096), 4096));
    }
    List<FileFixture.Call> calls = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      calls.add(rig.io.start(i % 2, new Changer(log, items, i + 1)::next));
    }
    calls.forEach(FileFixture.Call::await);
    rig.io.runForNs(1_000_000_000);
    assertTrue(rig.fs.logSpaceWaits() > 0, "no task ever waited");
    rig.verifyIdle();
  }

  private static final class Changer {
    private final XfsLog log;
    private final List<LogItem> items;
    private final LogTicket ticket;
    private long draw;
    private int left = 1_000;

    Changer(XfsLog log, List<LogItem> items, long seed) {
      this.log = log;
      this.items = items;
      ticket = new LogTicket(log);
      draw = seed;
    }

    void next(Exec x) {
      if (left-- == 0) {
        return;
      }
      x.then(this::next);
      x.then(this::change);
      ticket.reserve(x, LogReservation.WRITE);
    }

    private void change(Exec x) {
      log.verify();
      for (int i = 0; i < 8; i++) {
        draw = draw * 6364136223846793005L + 1442695040888963407L;
        ticket.log(items.get((int) ((draw >>> 33) % items.size())));
      }
      long lsn = ticket.commit(x);
      log.verify();
      if (draw >>> 59 == 0) {
        force(x, log, lsn);
      }
    }
  }
}
