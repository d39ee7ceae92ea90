package fs.buffer.internal.jbd2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.BlkStatus;
import block.bio.device.DeviceParameter;
import block.bio.testing.BioLog;
import block.bio.testing.FileFixture;
import java.util.ArrayList;
import java.util.List;
import mm.core.Errno;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.machine.MachineProfile;

/** A journal on a device whose commands take 100 us. */
class JournalTest {
  private static final long COMMAND_NS = 100_000;

  private final FileFixture io =
      new FileFixture(
          MachineProfile.ofCpus(2).withoutCosts(),
          FileFixture.FIXED.with(DeviceParameter.WRITE_CACHE, 1L << 20));

  /** 1024 blocks: a transaction has 256 at most. */
  private final Journal journal = new Journal(io.device(), io.machine(), 8_192, 1_024);

  private final List<JournalBuffer> blocks = new ArrayList<>();

  JournalTest() {
    for (int i = 0; i < 1_200; i++) {
      blocks.add(new JournalBuffer(8L * i));
    }
  }

  private JournalBuffer block(int number) {
    return blocks.get(number);
  }

  private List<String> bios() {
    return io.bios().all().stream().map(bio -> bio.rwbs() + " " + bio.sector()).toList();
  }

  /** Opens a handle; 0 if it is open at once. */
  private FileFixture.Call open(JournalHandle handle, int credits) {
    FileFixture.Call call = io.start(1, x -> handle.start(x, credits, 0));
    io.runForNs(10);
    return call;
  }

  private void modify(JournalHandle handle, int... numbers) {
    for (int number : numbers) {
      handle.add(block(number));
    }
    io.call(handle::modify);
  }

  private void stop(JournalHandle handle) {
    io.call(handle::stop);
  }

  /** A whole handle that changes blocks. */
  private long change(int... numbers) {
    JournalHandle handle = new JournalHandle(journal);
    assertEquals(0, io.call(x -> handle.start(x, numbers.length, 0)));
    modify(handle, numbers);
    long tid = handle.tid();
    stop(handle);
    return tid;
  }

  private long commit(long tid) {
    return io.call(x -> journal.commitAndWait(x, tid));
  }

  @Test
  void commitWritesADescriptorTheBlocksAndThenItsRecord() {
    long tid = change(1, 2, 3);
    assertEquals(tid, change(2, 3), "one transaction for both, and each block once");
    assertEquals(0, commit(tid));
    // A kernel's trace of an append: WSM + 8 four times, of which one request is made, then FWFSM.
    assertEquals(List.of("WSM 8192", "WSM 8200", "WSM 8208", "WSM 8216", "FWFSM 8224"), bios());
    assertTrue(journal.isCommitted(tid));
    assertEquals(0, commit(tid));
    assertEquals(5, io.bios().all().size(), "it is committed already");
    io.verifyIdle();
  }

  @Test
  void commitWaitsForOpenHandlesAndNewOnesForTheNextTransaction() {
    JournalHandle open = new JournalHandle(journal);
    assertTrue(open(open, 4).hasEnded());
    modify(open, 1);
    FileFixture.Call commit = io.start(0, x -> journal.commitAndWait(x, open.tid()));
    io.runForNs(10 * COMMAND_NS);
    assertFalse(commit.hasEnded());
    JournalHandle later = new JournalHandle(journal);
    FileFixture.Call start = open(later, 4);
    assertFalse(start.hasEnded(), "the transaction is locked");
    assertEquals(1, journal.handleWaits());
    long tid = open.tid();
    stop(open);
    assertEquals(0, start.await());
    assertEquals(tid + 1, later.tid());
    assertEquals(0, commit.await());
    stop(later);
    journal.verifyIdle();
  }

  @Test
  void reservedHandleJoinsALockedTransaction() {
    JournalHandle first = new JournalHandle(journal);
    io.call(x -> first.start(x, 4, 8));
    long reserved = first.takeReserved();
    modify(first, 1);
    long tid = first.tid();
    FileFixture.Call commit = io.start(0, x -> journal.commitAndWait(x, tid));
    io.runForNs(10);
    JournalHandle second = new JournalHandle(journal);
    assertEquals(0, io.call(x -> second.startReserved(x, reserved)));
    assertEquals(tid, second.tid());
    stop(first);
    io.runForNs(10 * COMMAND_NS);
    assertFalse(commit.hasEnded());
    stop(second);
    assertEquals(0, commit.await());
    journal.verifyIdle();
  }

  @Test
  void blockOnItsWayToTheLogIsNotChanged() {
    long tid = change(1);
    FileFixture.Call commit = io.start(0, x -> journal.commitAndWait(x, tid));
    io.runForNs(COMMAND_NS / 2);
    JournalHandle handle = new JournalHandle(journal);
    assertTrue(open(handle, 4).hasEnded());
    handle.add(block(1));
    FileFixture.Call modify = io.start(1, handle::modify);
    io.runForNs(COMMAND_NS / 4);
    assertFalse(modify.hasEnded());
    io.runForNs(COMMAND_NS / 2);
    assertTrue(modify.hasEnded());
    assertFalse(commit.hasEnded(), "its record is still to be written");
    stop(handle);
    commit.await();
  }

  @Test
  void commitWaitsForTheDataOfItsTransaction() {
    JournalHandle handle = new JournalHandle(journal);
    open(handle, 4);
    modify(handle, 1);
    long tid = handle.tid();
    Transaction data = handle.beginOrderedBio();
    stop(handle);
    FileFixture.Call commit = io.start(0, x -> journal.commitAndWait(x, tid));
    io.runForNs(10 * COMMAND_NS);
    assertFalse(commit.hasEnded());
    io.call(x -> journal.endOrderedBio(x, data));
    assertEquals(0, commit.await());
  }

  @Test
  void transactionIsCommittedWhenItIsFiveSecondsOld() {
    long tid = change(1);
    io.runForNs(4_990_000_000L);
    assertFalse(journal.isCommitted(tid));
    // The timer wheel rounds a delay of this length up by an eighth at most.
    io.runForNs(640_000_000L);
    assertTrue(journal.isCommitted(tid));
  }

  @Test
  void handleThatFindsNoRoomHasTheTransactionCommitted() {
    JournalHandle large = new JournalHandle(journal);
    assertTrue(open(large, 200).hasEnded());
    JournalHandle other = new JournalHandle(journal);
    FileFixture.Call start = open(other, 100);
    assertFalse(start.hasEnded(), "300 blocks are more than a quarter of the journal");
    long tid = large.tid();
    stop(large);
    assertEquals(0, start.await());
    assertEquals(tid + 1, other.tid());
    stop(other);
  }

  @Test
  void logThatIsFullIsWrittenInPlaceByWhoeverNeedsIt() {
    int rounds = 40;
    long tid = 0;
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < 100; i++) {
        tid = change(round * 100 % 1_200 + i);
      }
      assertEquals(0, commit(tid));
      assertTrue(journal.spaceLeft() >= 0, "round " + round + " left " + journal.spaceLeft());
    }
    // Seven transactions of 100 blocks leave less than a quarter of the log, and none of their
    // blocks is in a later one.
    assertTrue(bios().stream().anyMatch("WSM 0"::equals), "block 0 was written in place");
    assertTrue(journal.handleWaits() > 0);
    journal.verifyIdle();
    io.verifyIdle();
  }

  @Test
  void blockThatWasChangedAgainIsCommittedBeforeItIsWrittenInPlace() {
    for (int round = 0; round < 40; round++) {
      for (int i = 0; i < 100; i++) {
        change(i);
      }
      long tid = change(100 + round);
      commit(tid);
      // Changed again at once: always in a transaction that is not on the device.
      change(0);
    }
    journal.verifyIdle();
    io.verifyIdle();
  }

  @Test
  void afterAFailedWriteNothingBeginsOrEnds() {
    long tid = change(1);
    io.device().setFaults((op, sector, sizeBytes) -> BlkStatus.IOERR);
    assertEquals(-Errno.EIO, commit(tid));
    JournalHandle handle = new JournalHandle(journal);
    assertEquals(-Errno.EIO, io.call(x -> handle.start(x, 1, 0)));
    assertFalse(handle.isOpen());
  }

  @Test
  void withoutAJournalEveryCallEndsAtOnce() {
    JournalHandle handle = new JournalHandle(null);
    io.call(
        (Exec x) -> {
          handle.start(x, 1, 1);
          handle.add(block(1));
          handle.modify(x);
          handle.stop(x);
        });
    assertEquals(0, handle.tid());
    assertTrue(io.bios().all().stream().map(BioLog.Entry::rwbs).toList().isEmpty());
  }
}
