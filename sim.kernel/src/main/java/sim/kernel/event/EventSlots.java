package sim.kernel.event;

import java.util.Arrays;

/**
 * The fields of pending events: 32 bytes and a handler each, at a number that stays theirs.
 *
 * <p>One event's words lie together, since with a million pending each look at one is a cache miss.
 * Slots count from 1, so that 0 can mean "none" in links.
 */
final class EventSlots {
  /** Low bits of a handle that hold the slot; the sequence number stands above them. */
  static final int SLOT_BITS = 24;

  static final int SLOT_MASK = (1 << SLOT_BITS) - 1;

  /** Number of the last event that has a handle: 549 thousand million. */
  static final long SEQUENCE_MAX = Long.MAX_VALUE >> SLOT_BITS;

  /** Words of a slot, from {@code slot << STRIDE_BITS}. */
  static final int STRIDE_BITS = 2;

  static final int TIME = 0;
  static final int HANDLE = 1;
  static final int ARG = 2;

  /** Previous slot or bucket above the next slot; {@link #NEAR}; in a free slot the next free. */
  static final int LINK = 3;

  /** The link of an event that is in no list, but among the near ones. */
  static final long NEAR = -1;

  private static final int INITIAL_SLOTS = 64;

  /** Bound on pending events, a power of two: 40 MB; beyond it somebody schedules for ever. */
  private static final int PENDING_MAX = 1 << 20;

  long[] words = new long[INITIAL_SLOTS << STRIDE_BITS];
  EventHandler[] handlers = new EventHandler[INITIAL_SLOTS];
  private int freeHead;
  private int used = 1;

  /** One more than the highest slot that was ever claimed. */
  int end() {
    return used;
  }

  /** Claims a slot; its words are the caller's to fill. */
  int take() {
    int slot = freeHead;
    if (slot != 0) {
      freeHead = (int) words[(slot << STRIDE_BITS) + LINK];
      return slot;
    }
    if (used == handlers.length) {
      grow();
    }
    return used++;
  }

  void release(int slot) {
    int at = slot << STRIDE_BITS;
    words[at + HANDLE] = 0;
    words[at + LINK] = freeHead;
    handlers[slot] = null;
    freeHead = slot;
  }

  /** Whether this handle is that of a pending event. */
  boolean isPending(long handle) {
    int slot = (int) handle & SLOT_MASK;
    return slot != 0 && slot < used && words[(slot << STRIDE_BITS) + HANDLE] == handle;
  }

  private void grow() {
    if (used >= PENDING_MAX) {
      throw new IllegalStateException(
          "EventQueue: " + (PENDING_MAX - 1) + " events are pending; more can't be");
    }
    int capacity = handlers.length * 2;
    words = Arrays.copyOf(words, capacity << STRIDE_BITS);
    handlers = Arrays.copyOf(handlers, capacity);
  }
}
