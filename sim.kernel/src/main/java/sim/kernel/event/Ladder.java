package sim.kernel.event;

import java.util.Arrays;

/**
 * The events that are not near, in rungs of buckets: a ladder queue.
 *
 * <p>A rung cuts a span of time into buckets of one width, a power of two; its last bucket takes
 * all that lies beyond, up to the rung's end. Buckets are lists without order. When the near events
 * have run out, the next bucket becomes the near ones, or, if it holds many, a rung of its own with
 * a width that fits what is in it. So widths follow the events without ever being estimated for a
 * whole queue, and nothing is resized: rungs come and go.
 *
 * <p>A rung of {@code n} events has at most {@code 2 n + 1} buckets, and at most a quarter of the
 * events lie in the last one, as the span before it is at least four times their mean distance from
 * its start. So an event is moved from rung to rung a bounded number of times, and looking for the
 * next bucket costs no more, in the sum, than having scheduled the events.
 */
final class Ladder {
  /** A bucket of more events than this becomes a rung. */
  private static final int BUCKET_MAX = 48;

  /** Past so many rungs a bucket becomes the near events whatever its size. */
  private static final int RUNGS_MAX = 12;

  /** A bucket's width, in mean distances of a rung's events from its start over their number. */
  private static final double WIDTH = 4;

  /** Buckets of a rung before its last one, for each of its events. */
  private static final int BUCKETS_PER_EVENT = 2;

  private static final class Rung {
    /** Where the first bucket begins. */
    private long startNs;

    /** Where the last bucket ends, and with it what this rung takes. */
    private long endNs;

    /** Binary logarithm of the buckets' width. */
    private int shift;

    /** Index of the first bucket. */
    private int base;

    /** Number of the last bucket in this rung. */
    private int last;

    /** Number of the first bucket in this rung that has not been near. */
    private int next;
  }

  private final EventSlots slots;

  /** First slot of each bucket, 0 if empty: the buckets of all rungs, one rung after the other. */
  private int[] heads = new int[256];

  private final Rung[] rungs = new Rung[RUNGS_MAX];
  private int rungCount;

  /** The last of the rungs; if there is none, it is not looked at. */
  private Rung inner;

  /** Events before this time are near; all others are in the rungs. */
  long nearEndNs = Long.MAX_VALUE;

  Ladder(EventSlots slots) {
    this.slots = slots;
    for (int i = 0; i < RUNGS_MAX; i++) {
      rungs[i] = new Rung();
    }
    inner = rungs[0];
  }

  /** Adds an event that is not before {@link #nearEndNs}. */
  void push(int slot, long timeNs) {
    Rung rung = inner;
    if (timeNs >= rung.endNs) {
      rung = rungOf(timeNs);
    }
    int index = rung.base + (int) Math.min((timeNs - rung.startNs) >>> rung.shift, rung.last);
    long[] words = slots.words;
    int head = heads[index];
    words[(slot << EventSlots.STRIDE_BITS) + EventSlots.LINK] = link(~index, head);
    if (head != 0) {
      int at = (head << EventSlots.STRIDE_BITS) + EventSlots.LINK;
      words[at] = link(slot, (int) words[at]);
    }
    heads[index] = slot;
  }

  private Rung rungOf(long timeNs) {
    int rung = rungCount - 2;
    while (timeNs >= rungs[rung].endNs) {
      rung--; // Ends: the outermost rung ends with the clock.
    }
    return rungs[rung];
  }

  /** Takes an event out of its bucket. */
  void remove(int slot) {
    long[] words = slots.words;
    long link = words[(slot << EventSlots.STRIDE_BITS) + EventSlots.LINK];
    int previous = (int) (link >> 32);
    int following = (int) link;
    if (previous < 0) {
      heads[~previous] = following;
    } else {
      int at = (previous << EventSlots.STRIDE_BITS) + EventSlots.LINK;
      words[at] = link((int) (words[at] >> 32), following);
    }
    if (following != 0) {
      int at = (following << EventSlots.STRIDE_BITS) + EventSlots.LINK;
      words[at] = link(previous, (int) words[at]);
    }
  }

  private static long link(int previous, int following) {
    return (long) previous << 32 | following;
  }

  /** Forgets the rungs, which have to be empty: all times are near. */
  void clear() {
    rungCount = 0;
    nearEndNs = Long.MAX_VALUE;
  }

  /** Makes the first bucket near that holds anything; some bucket has to. */
  void refill(NearEvents near) {
    while (true) {
      Rung rung = inner;
      int last = rung.base + rung.last;
      int index = rung.base + rung.next;
      while (index < last && heads[index] == 0) {
        index++;
      }
      int head = heads[index];
      heads[index] = 0;
      int bucket = index - rung.base;
      long fromNs = rung.startNs + ((long) bucket << rung.shift);
      long toNs = index == last ? rung.endNs : fromNs + (1L << rung.shift);
      rung.next = bucket + 1;
      if (index == last) {
        inner = rungs[Math.max(0, --rungCount - 1)];
      }
      if (head == 0) {
        continue;
      }
      int count = countUpTo(head, BUCKET_MAX + 1);
      if (count <= BUCKET_MAX) {
        near.load(head, count);
        nearEndNs = toNs;
        return;
      }
      if (!split(head, toNs)) {
        near.load(head, countUpTo(head, Integer.MAX_VALUE));
        nearEndNs = toNs;
        return;
      }
    }
  }

  private int countUpTo(int head, int most) {
    long[] words = slots.words;
    int count = 0;
    for (int slot = head; slot != 0 && count < most; count++) {
      slot = (int) words[(slot << EventSlots.STRIDE_BITS) + EventSlots.LINK];
    }
    return count;
  }

  /** Makes a bucket a rung; false if that is of no use. */
  private boolean split(int head, long toNs) {
    long[] words = slots.words;
    long headNs = words[(head << EventSlots.STRIDE_BITS) + EventSlots.TIME];
    long leastNs = headNs;
    long mostNs = headNs;
    double sum = 0;
    int count = 0;
    int tail = 0;
    for (int slot = head; slot != 0; count++) {
      int at = slot << EventSlots.STRIDE_BITS;
      long timeNs = words[at + EventSlots.TIME];
      leastNs = Math.min(leastNs, timeNs);
      mostNs = Math.max(mostNs, timeNs);
      sum += timeNs - headNs;
      tail = slot;
      slot = (int) words[at + EventSlots.LINK];
    }
    if (leastNs == mostNs || !hasRoom()) {
      return false;
    }
    addRung(leastNs, toNs, count, sum / count + (headNs - leastNs));
    // From the tail, so that events at one time keep their order, which makes them quick to sort.
    for (int slot = tail; slot >= 0; ) {
      int at = slot << EventSlots.STRIDE_BITS;
      int previous = (int) (words[at + EventSlots.LINK] >> 32);
      push(slot, words[at + EventSlots.TIME]);
      slot = previous;
    }
    return true;
  }

  /** Whether another rung may be made. */
  boolean hasRoom() {
    return rungCount < RUNGS_MAX;
  }

  /** Makes a rung of too many near events, and its first bucket near. */
  void spill(NearEvents near) {
    int count = near.count();
    addRung(near.firstTimeNs(), nearEndNs, count, near.spreadNs() / count);
    near.drainTo(this);
    refill(near);
  }

  private void addRung(long fromNs, long toNs, int count, double meanNs) {
    Rung outer = inner;
    int base = rungCount == 0 ? 0 : outer.base + outer.last + 1;
    Rung rung = rungs[rungCount++];
    long widthNs = (long) (WIDTH * meanNs / count);
    rung.shift = widthNs < 2 ? 0 : 63 - Long.numberOfLeadingZeros(widthNs);
    rung.startNs = fromNs;
    rung.endNs = toNs;
    rung.base = base;
    rung.last = (int) Math.min((long) count * BUCKETS_PER_EVENT, toNs - 1 - fromNs >>> rung.shift);
    rung.next = 0;
    inner = rung;
    if (base + rung.last >= heads.length) {
      heads = Arrays.copyOf(heads, Math.max(base + rung.last + 1, heads.length * 2));
    }
  }
}
