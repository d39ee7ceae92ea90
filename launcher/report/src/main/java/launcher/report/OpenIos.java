package launcher.report;

import java.util.Arrays;

/** I/Os or bios that have begun and have not ended, by number. Allocates only to grow. */
final class OpenIos {
  private static final long FREE = -1;

  private long[] io = new long[64];
  private long[] startNs = new long[64];
  private long[] submitNs = new long[64];
  private int size;

  /** Begin of the I/O that was taken out last. */
  long takenStartNs;

  /** End of the submission of the I/O that was taken out last. */
  long takenSubmitNs;

  OpenIos() {
    Arrays.fill(io, FREE);
  }

  int size() {
    return size;
  }

  /** Number of those that began before a time. */
  int startedBefore(long timeNs) {
    int count = 0;
    for (int slot = 0; slot < io.length; slot++) {
      count += io[slot] != FREE && startNs[slot] < timeNs ? 1 : 0;
    }
    return count;
  }

  void put(long number, long start, long submit) {
    if (size * 2 >= io.length) {
      grow();
    }
    int slot = find(number);
    if (io[slot] == FREE) {
      size++;
    }
    io[slot] = number;
    startNs[slot] = start;
    submitNs[slot] = submit;
  }

  /** False if there is no such I/O. */
  boolean take(long number) {
    int slot = find(number);
    if (io[slot] == FREE) {
      return false;
    }
    takenStartNs = startNs[slot];
    takenSubmitNs = submitNs[slot];
    size--;
    int hole = slot;
    int mask = io.length - 1;
    // Ends at the first free slot, and at least half are free.
    for (int next = hole + 1 & mask; io[next] != FREE; next = next + 1 & mask) {
      int home = home(io[next]);
      boolean between = hole <= next ? hole < home && home <= next : hole < home || home <= next;
      if (!between) {
        io[hole] = io[next];
        startNs[hole] = startNs[next];
        submitNs[hole] = submitNs[next];
        hole = next;
      }
    }
    io[hole] = FREE;
    return true;
  }

  private int home(long number) {
    return (int) (number * 0x9E3779B97F4A7C15L >>> 32) & io.length - 1;
  }

  private int find(long number) {
    int slot = home(number);
    // Ends: at least half of the slots are free.
    while (io[slot] != FREE && io[slot] != number) {
      slot = slot + 1 & io.length - 1;
    }
    return slot;
  }

  private void grow() {
    long[] oldIo = io;
    long[] oldStart = startNs;
    long[] oldSubmit = submitNs;
    io = new long[oldIo.length * 2];
    startNs = new long[io.length];
    submitNs = new long[io.length];
    Arrays.fill(io, FREE);
    size = 0;
    for (int i = 0; i < oldIo.length; i++) {
      if (oldIo[i] != FREE) {
        put(oldIo[i], oldStart[i], oldSubmit[i]);
      }
    }
  }
}
