package sim.kernel.event;

import java.util.Arrays;

/**
 * A yardstick: Brown's calendar queue on arrays, without cancelling and without a bound on its
 * worst case.
 *
 * <p>Buckets are sorted lists, as many as there are events to within a factor of two. Their width
 * is a power of two near three times the mean gap of the first events.
 */
final class CalendarQueue {
  private static final int SAMPLE = 64;

  /** Time, argument and next slot of each event; slots count from 1. */
  private long[] words = new long[64 << 2];

  private EventHandler[] handlers = new EventHandler[64];
  private int[] heads = new int[2];
  private int free;
  private int used = 1;
  private int size;
  private int shift = 10;

  /** Day that is looked at: the time of its begin without the lowest bits. */
  private long day;

  private long nowNs;

  long nowNs() {
    return nowNs;
  }

  void schedule(long timeNs, EventHandler handler, long arg) {
    int slot = free;
    if (slot != 0) {
      free = (int) words[(slot << 2) + 2];
    } else {
      slot = used++;
      if (slot == handlers.length) {
        words = Arrays.copyOf(words, slot * 2 << 2);
        handlers = Arrays.copyOf(handlers, slot * 2);
      }
    }
    words[slot << 2] = timeNs;
    words[(slot << 2) + 1] = arg;
    handlers[slot] = handler;
    insert(slot, timeNs);
    if (++size > heads.length * 2) {
      resize(heads.length * 2);
    }
  }

  void fireNext() {
    int slot = removeFirst();
    nowNs = words[slot << 2];
    if (--size < heads.length / 2 && heads.length > 4) {
      resize(heads.length / 2);
    }
    long arg = words[(slot << 2) + 1];
    EventHandler handler = handlers[slot];
    handlers[slot] = null;
    words[(slot << 2) + 2] = free;
    free = slot;
    handler.fire(arg);
  }

  private void insert(int slot, long timeNs) {
    long slotDay = timeNs >>> shift;
    if (slotDay < day) {
      day = slotDay;
    }
    int bucket = (int) slotDay & heads.length - 1;
    int previous = 0;
    int following = heads[bucket];
    while (following != 0 && words[following << 2] <= timeNs) {
      previous = following;
      following = (int) words[(following << 2) + 2];
    }
    words[(slot << 2) + 2] = following;
    if (previous == 0) {
      heads[bucket] = slot;
    } else {
      words[(previous << 2) + 2] = slot;
    }
  }

  private int removeFirst() {
    int mask = heads.length - 1;
    for (int i = 0; i <= mask; i++) {
      int bucket = (int) day & mask;
      int slot = heads[bucket];
      if (slot != 0 && words[slot << 2] >>> shift == day) {
        heads[bucket] = (int) words[(slot << 2) + 2];
        return slot;
      }
      day++;
    }
    // Nothing within a year: the first of all buckets' heads.
    int first = 0;
    for (int head : heads) {
      if (head != 0 && (first == 0 || words[head << 2] < words[first << 2])) {
        first = head;
      }
    }
    day = words[first << 2] >>> shift;
    heads[(int) day & mask] = (int) words[(first << 2) + 2];
    return first;
  }

  private void resize(int buckets) {
    int[] old = heads;
    shift = suitableShift();
    day = nowNs >>> shift;
    heads = new int[buckets];
    for (int head : old) {
      int slot = head;
      while (slot != 0) {
        int following = (int) words[(slot << 2) + 2];
        insert(slot, words[slot << 2]);
        slot = following;
      }
    }
  }

  /** As Brown has it: takes the first events out, looks at their gaps, puts them back. */
  private int suitableShift() {
    int count = Math.min(SAMPLE, size);
    int[] slots = new int[count];
    for (int i = 0; i < count; i++) {
      slots[i] = removeFirst();
    }
    long firstNs = words[slots[0] << 2];
    long meanNs = (words[slots[count - 1] << 2] - firstNs) / (count - 1);
    long sumNs = 0;
    int gaps = 0;
    for (int i = 1; i < count; i++) {
      long gapNs = words[slots[i] << 2] - words[slots[i - 1] << 2];
      if (gapNs <= 2 * meanNs) {
        sumNs += gapNs;
        gaps++;
      }
    }
    day = firstNs >>> shift;
    for (int i = count - 1; i >= 0; i--) {
      insert(slots[i], words[slots[i] << 2]);
    }
    long widthNs = 3 * sumNs / gaps;
    return widthNs < 2 ? 0 : 63 - Long.numberOfLeadingZeros(widthNs);
  }
}
