package mm.core.writeback;

import mm.core.reclaim.Memcg;
import mm.core.reclaim.MemorySettings;

/**
 * Which group most of the pages that one writeback of an inode meets belong to, and whether the
 * inode has been another group's for long enough to be moved to that one's wb. Models the part of
 * {@code struct writeback_control} that {@code wbc_account_cgroup_owner} and {@code
 * wbc_detach_inode} work on. Reused.
 */
final class InodeOwner {
  /** {@code WB_FRN_TIME_SHIFT}: a second is 8192 units of I/O time. */
  private static final int TIME_SHIFT = 13;

  /** {@code WB_FRN_TIME_AVG_SHIFT}. */
  private static final int AVERAGE_SHIFT = 3;

  /** {@code WB_FRN_TIME_CUT_DIV}: a shorter writeback than this part of the usual is no vote. */
  private static final int CUT = 8;

  /** {@code WB_FRN_HIST_UNIT}: a slot of history is a sixteenth of two seconds of I/O. */
  private static final int SLOT_TIME = (2 << TIME_SHIFT) / 16;

  /** {@code WB_FRN_HIST_THR_SLOTS}: with more foreign slots than that the inode moves. */
  private static final int FOREIGN_SLOTS_MAX = 8;

  /** {@code WB_FRN_HIST_MAX_SLOTS}: one writeback fills no more slots. */
  private static final int SLOTS_A_ROUND_MAX = 5;

  private static final int HISTORY_MASK = 0xffff;
  private static final long TIME_MAX = 0xffff;
  private static final int NOBODY = -1;

  private InodeWriteback inode;
  private int owner;
  private int lastWinner;
  private int candidate;
  private long ownerBytes;
  private long lastWinnerBytes;
  private long candidateBytes;

  /** {@code wbc_attach_and_unlock_inode}. */
  void attach(InodeWriteback of) {
    inode = of;
    owner = of.wb.memcg().id();
    lastWinner = of.foreignWinner;
    candidate = NOBODY;
    ownerBytes = 0;
    lastWinnerBytes = 0;
    candidateBytes = 0;
  }

  /** {@code wbc_account_cgroup_owner}: a folio of a group is about to be written. */
  void account(int memcgId, long pages) {
    long bytes = pages << MemorySettings.PAGE_SHIFT;
    if (memcgId == owner) {
      ownerBytes += bytes;
      return;
    }
    if (memcgId == lastWinner) {
      lastWinnerBytes += bytes;
    }
    // Boyer and Moore's majority vote.
    if (candidateBytes == 0) {
      candidate = memcgId;
    }
    candidateBytes += memcgId == candidate ? bytes : -Math.min(bytes, candidateBytes);
  }

  /**
   * {@code wbc_detach_inode}: the writeback is over.
   *
   * @return the group whose wb the inode is to move to; {@link Memcg#id}, or below 0 if it stays
   */
  int detach() {
    int winner = candidate;
    long bytes = candidateBytes;
    if (ownerBytes >= lastWinnerBytes && ownerBytes >= candidateBytes) {
      winner = owner;
      bytes = ownerBytes;
    } else if (lastWinnerBytes >= candidateBytes) {
      winner = lastWinner;
      bytes = lastWinnerBytes;
    }
    long bandwidth = inode.wb.avgWriteBandwidthPages();
    long scaled = bytes >> MemorySettings.PAGE_SHIFT << TIME_SHIFT;
    long time = (scaled + bandwidth - 1) / bandwidth;
    long average = inode.foreignAvgTime;
    average = average == 0 ? time : average + (time >> AVERAGE_SHIFT) - (average >> AVERAGE_SHIFT);
    int history = inode.foreignHistory;
    boolean moves = false;
    if (time >= average / CUT) {
      int slots = (int) Math.min((time + SLOT_TIME - 1) / SLOT_TIME, SLOTS_A_ROUND_MAX);
      history = history << slots & HISTORY_MASK;
      history |= winner == owner ? 0 : (1 << slots) - 1;
      moves = Integer.bitCount(history) > FOREIGN_SLOTS_MAX;
    }
    inode.foreignWinner = winner;
    inode.foreignAvgTime = Math.min(average, TIME_MAX);
    inode.foreignHistory = history;
    inode = null;
    return moves ? winner : NOBODY;
  }
}
