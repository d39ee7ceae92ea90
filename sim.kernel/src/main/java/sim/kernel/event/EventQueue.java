package sim.kernel.event;

import java.util.Arrays;
import java.util.Objects;

/**
 * The pending events of one run, ordered by (time, sequence), and the run's virtual clock.
 *
 * <p>Events at one time fire in the order in which they were scheduled. Not thread safe: one run is
 * one thread. No operation allocates, but for growth beyond the largest number of events that were
 * ever pending together.
 */
public final class EventQueue {
  /** A handle is the sequence number above 26 bits of slot; slots count from 1, so it is not 0. */
  private static final int SLOT_BITS = 26;

  private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
  private static final int INITIAL_CAPACITY = 64;
  private static final long FREE = -1;

  private long nowNs;
  private long peekTimeNs = Long.MAX_VALUE;
  private long fired;
  private long nextSequence;
  private int size;
  private int freeHead;
  private int slotsUsed = 1;

  private long[] timeNs = new long[INITIAL_CAPACITY];
  private long[] sequence = new long[INITIAL_CAPACITY];
  private long[] arg = new long[INITIAL_CAPACITY];
  private EventHandler[] handler = new EventHandler[INITIAL_CAPACITY];
  private int[] place = new int[INITIAL_CAPACITY];
  private int[] heap = new int[INITIAL_CAPACITY];

  /** Makes an empty queue whose clock stands at 0. */
  public EventQueue() {}

  /** The time of the event being fired, or what {@link #advanceTo} set, whichever came last. */
  public long nowNs() {
    return nowNs;
  }

  /**
   * Makes {@code handler.fire(arg)} happen at a virtual time.
   *
   * @param timeNs not before {@link #nowNs}; below {@link Long#MAX_VALUE}, which means "never"
   * @param handler not null
   * @param arg handed to the handler
   * @return a handle for {@link #cancel}; never 0, and not used again for a later event
   * @throws IllegalArgumentException if the time is in the past or is never
   */
  public long schedule(long timeNs, EventHandler handler, long arg) {
    Objects.requireNonNull(handler, "handler");
    if (timeNs < nowNs || timeNs == Long.MAX_VALUE) {
      throw new IllegalArgumentException(
          "EventQueue.schedule: timeNs is "
              + timeNs
              + "; it must be from now ("
              + nowNs
              + ") to Long.MAX_VALUE - 1");
    }
    int slot = takeSlot();
    this.timeNs[slot] = timeNs;
    this.sequence[slot] = ++nextSequence;
    this.arg[slot] = arg;
    this.handler[slot] = handler;
    siftUp(size++, slot);
    peekTimeNs = this.timeNs[heap[0]];
    return nextSequence << SLOT_BITS | slot;
  }

  /**
   * Takes an event back.
   *
   * @param handle what {@link #schedule} returned; 0 is allowed and is never pending
   * @return false if the event was fired or cancelled before
   */
  public boolean cancel(long handle) {
    if (!isPending(handle)) {
      return false;
    }
    int slot = (int) handle & SLOT_MASK;
    removeAt(place[slot]);
    releaseSlot(slot);
    return true;
  }

  /** Whether the event of this handle will still fire; false for 0. */
  public boolean isPending(long handle) {
    int slot = (int) handle & SLOT_MASK;
    return slot != 0
        && slot < slotsUsed
        && sequence[slot] != FREE
        && (sequence[slot] << SLOT_BITS | slot) == handle;
  }

  /**
   * When a pending event will fire.
   *
   * @throws IllegalArgumentException if the event was fired or cancelled
   */
  public long timeNs(long handle) {
    if (!isPending(handle)) {
      throw new IllegalArgumentException(
          "EventQueue.timeNs: handle " + handle + " is not pending; ask isPending first");
    }
    return timeNs[(int) handle & SLOT_MASK];
  }

  /** The time of the next event, or {@link Long#MAX_VALUE} if there is none. Reads one field. */
  public long peekTimeNs() {
    return peekTimeNs;
  }

  /**
   * Moves the clock to the next event and fires it.
   *
   * @return false if there was none; the clock then stays
   */
  public boolean fireNext() {
    if (size == 0) {
      return false;
    }
    int slot = heap[0];
    removeAt(0);
    EventHandler next = handler[slot];
    long nextArg = arg[slot];
    nowNs = timeNs[slot];
    fired++;
    releaseSlot(slot);
    next.fire(nextArg);
    return true;
  }

  /**
   * Moves the clock without firing anything.
   *
   * @param timeNs from {@link #nowNs} to {@link #peekTimeNs}
   * @throws IllegalArgumentException if the time is in the past
   * @throws IllegalStateException if an event is due before that time
   */
  public void advanceTo(long timeNs) {
    if (timeNs < nowNs) {
      throw new IllegalArgumentException(
          "EventQueue.advanceTo: timeNs is " + timeNs + "; it must not be before now, " + nowNs);
    }
    if (timeNs > peekTimeNs) {
      throw new IllegalStateException(
          "EventQueue.advanceTo: timeNs is "
              + timeNs
              + "; an event is pending at "
              + peekTimeNs
              + ": fire it first");
    }
    nowNs = timeNs;
  }

  /** Number of pending events. */
  public int size() {
    return size;
  }

  /** Number of events fired so far. */
  public long fired() {
    return fired;
  }

  private int takeSlot() {
    if (freeHead != 0) {
      int slot = freeHead;
      freeHead = place[slot];
      return slot;
    }
    if (slotsUsed == timeNs.length) {
      grow();
    }
    return slotsUsed++;
  }

  private void releaseSlot(int slot) {
    sequence[slot] = FREE;
    handler[slot] = null;
    place[slot] = freeHead;
    freeHead = slot;
  }

  private void grow() {
    int capacity = timeNs.length * 2;
    if (capacity > SLOT_MASK + 1) {
      throw new IllegalStateException(
          "EventQueue: " + size + " events are pending; at most " + SLOT_MASK + " can be");
    }
    timeNs = Arrays.copyOf(timeNs, capacity);
    sequence = Arrays.copyOf(sequence, capacity);
    arg = Arrays.copyOf(arg, capacity);
    handler = Arrays.copyOf(handler, capacity);
    place = Arrays.copyOf(place, capacity);
    heap = Arrays.copyOf(heap, capacity);
  }

  private boolean before(int slot, int other) {
    return timeNs[slot] != timeNs[other]
        ? timeNs[slot] < timeNs[other]
        : sequence[slot] < sequence[other];
  }

  private void removeAt(int index) {
    int last = heap[--size];
    if (index != size) {
      if (index > 0 && before(last, heap[(index - 1) >> 2])) {
        siftUp(index, last);
      } else {
        siftDown(index, last);
      }
    }
    peekTimeNs = size == 0 ? Long.MAX_VALUE : timeNs[heap[0]];
  }

  private void siftUp(int from, int slot) {
    int index = from;
    while (index > 0) {
      int parent = (index - 1) >> 2;
      int other = heap[parent];
      if (!before(slot, other)) {
        break;
      }
      put(index, other);
      index = parent;
    }
    put(index, slot);
  }

  private void siftDown(int from, int slot) {
    int index = from;
    for (int child = 4 * index + 1; child < size; child = 4 * index + 1) {
      int least = child;
      int end = Math.min(child + 4, size);
      for (int i = child + 1; i < end; i++) {
        if (before(heap[i], heap[least])) {
          least = i;
        }
      }
      if (!before(heap[least], slot)) {
        break;
      }
      put(index, heap[least]);
      index = least;
    }
    put(index, slot);
  }

  private void put(int index, int slot) {
    heap[index] = slot;
    place[slot] = index;
  }
}
