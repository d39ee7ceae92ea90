package sim.kernel.event;

import java.util.Arrays;

/**
 * The events that fire next, in order, each as its time and its handle.
 *
 * <p>Sorted with the first to fire at the end, which suits the handful that there mostly are, and a
 * long run of equal times too. An event that would have to be put far from that end makes a 4-ary
 * heap of it, so that no insertion costs more than the logarithm of the size. A cancelled event
 * stays as a dead entry, whose slot no longer has its handle, until it comes to the front or the
 * dead outnumber the living. The first entry is never dead.
 */
final class NearEvents {
  /** How far an insertion moves entries before a heap is cheaper. */
  private static final int SHIFT_MAX = 32;

  private static final int DEAD_MIN = 32;

  private final EventSlots slots;

  /** Time and handle of each entry, in turn. */
  private long[] entries = new long[256];

  private int count;
  private int dead;
  private boolean heap;

  NearEvents(EventSlots slots) {
    this.slots = slots;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Number of entries, the dead included. */
  int count() {
    return count;
  }

  /** Time of the first; {@link Long#MAX_VALUE} if there is none. */
  long firstTimeNs() {
    return count == 0 ? Long.MAX_VALUE : entries[first()];
  }

  /** Handle of the first; one has to be there. */
  long firstHandle() {
    return entries[first() + 1];
  }

  private int first() {
    return heap ? 0 : (count - 1) << 1;
  }

  /** Adds an event that was scheduled after all others. */
  void add(long timeNs, long handle) {
    if (count << 1 == entries.length) {
      entries = Arrays.copyOf(entries, entries.length * 2);
    }
    if (!heap && count > SHIFT_MAX && entries[(count - SHIFT_MAX) << 1] <= timeNs) {
      reverse();
      heap = true;
    }
    if (heap) {
      siftUp(count++, timeNs, handle);
      return;
    }
    long[] to = entries;
    int at = count++ << 1;
    while (at > 0 && to[at - 2] <= timeNs) {
      to[at] = to[at - 2];
      to[at + 1] = to[at - 1];
      at -= 2;
    }
    to[at] = timeNs;
    to[at + 1] = handle;
  }

  /** Removes the first; one has to be there. */
  void removeFirst() {
    removeEntry();
    if (dead > 0) {
      skipDead();
    }
  }

  /** The slot of an entry has just been released. */
  void cancelled(long handle) {
    if (entries[first() + 1] == handle) {
      removeFirst();
    } else if (++dead > DEAD_MIN && dead > count >> 1) {
      purge();
    }
  }

  private void skipDead() {
    while (count > 0 && !slots.isPending(entries[first() + 1])) {
      removeEntry();
      dead--;
    }
  }

  private void removeEntry() {
    count--;
    if (heap) {
      if (count == 0) {
        heap = false;
      } else {
        siftDown(0, entries[count << 1], entries[(count << 1) + 1]);
      }
    }
  }

  private void purge() {
    int live = 0;
    for (int i = 0; i < count << 1; i += 2) {
      if (slots.isPending(entries[i + 1])) {
        entries[live] = entries[i];
        entries[live + 1] = entries[i + 1];
        live += 2;
      }
    }
    count = live >> 1;
    dead = 0;
    if (heap) {
      heapify();
    }
  }

  /** Fills these, which have to be empty, with a list of events. */
  void load(int head, int size) {
    if (size << 1 > entries.length) {
      entries = new long[Integer.highestOneBit(size) << 2];
    }
    long[] words = slots.words;
    long[] to = entries;
    boolean few = size <= SHIFT_MAX;
    boolean sorted = true;
    int end = 0;
    int slot = head;
    while (slot != 0) {
      int from = slot << EventSlots.STRIDE_BITS;
      long timeNs = words[from + EventSlots.TIME];
      long handle = words[from + EventSlots.HANDLE];
      slot = (int) words[from + EventSlots.LINK];
      words[from + EventSlots.LINK] = EventSlots.NEAR;
      int at = end;
      if (few) {
        while (at > 0 && before(to[at - 2], to[at - 1], timeNs, handle)) {
          to[at] = to[at - 2];
          to[at + 1] = to[at - 1];
          at -= 2;
        }
      } else if (at > 0 && before(to[at - 2], to[at - 1], timeNs, handle)) {
        sorted = false;
      }
      to[at] = timeNs;
      to[at + 1] = handle;
      end += 2;
    }
    count = size;
    if (!sorted) {
      heap = true;
      heapify();
    }
  }

  /** Empties these into a ladder, the first to fire last if they are sorted. */
  void drainTo(Ladder ladder) {
    for (int i = (count - 1) << 1; i >= 0; i -= 2) {
      if (slots.isPending(entries[i + 1])) {
        ladder.push((int) entries[i + 1] & EventSlots.SLOT_MASK, entries[i]);
      }
    }
    count = 0;
    dead = 0;
    heap = false;
  }

  /** Sum of the distances of all times from the first's. */
  double spreadNs() {
    long firstNs = firstTimeNs();
    double sum = 0;
    for (int i = 0; i < count << 1; i += 2) {
      sum += entries[i] - firstNs;
    }
    return sum;
  }

  private static boolean before(long timeNs, long handle, long otherTimeNs, long otherHandle) {
    return timeNs < otherTimeNs || timeNs == otherTimeNs && handle < otherHandle;
  }

  private void reverse() {
    for (int i = 0, j = (count - 1) << 1; i < j; i += 2, j -= 2) {
      long timeNs = entries[i];
      long handle = entries[i + 1];
      entries[i] = entries[j];
      entries[i + 1] = entries[j + 1];
      entries[j] = timeNs;
      entries[j + 1] = handle;
    }
  }

  private void heapify() {
    for (int i = (count - 2) >> 2; i >= 0; i--) {
      siftDown(i, entries[i << 1], entries[(i << 1) + 1]);
    }
  }

  private void siftUp(int from, long timeNs, long handle) {
    long[] to = entries;
    int index = from;
    while (index > 0) {
      int parent = (index - 1) >> 2;
      if (!before(timeNs, handle, to[parent << 1], to[(parent << 1) + 1])) {
        break;
      }
      to[index << 1] = to[parent << 1];
      to[(index << 1) + 1] = to[(parent << 1) + 1];
      index = parent;
    }
    to[index << 1] = timeNs;
    to[(index << 1) + 1] = handle;
  }

  private void siftDown(int from, long timeNs, long handle) {
    long[] to = entries;
    int index = from;
    for (int child = 4 * index + 1; child < count; child = 4 * index + 1) {
      int least = child;
      int end = Math.min(child + 4, count);
      for (int i = child + 1; i < end; i++) {
        if (before(to[i << 1], to[(i << 1) + 1], to[least << 1], to[(least << 1) + 1])) {
          least = i;
        }
      }
      if (!before(to[least << 1], to[(least << 1) + 1], timeNs, handle)) {
        break;
      }
      to[index << 1] = to[least << 1];
      to[(index << 1) + 1] = to[(least << 1) + 1];
      index = least;
    }
    to[index << 1] = timeNs;
    to[(index << 1) + 1] = handle;
  }
}
