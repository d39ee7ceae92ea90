package sim.kernel.event;

import java.util.Objects;
import java.util.function.Predicate;

/**
 * The pending events of one run, ordered by (time, sequence), and the run's virtual clock.
 *
 * <p>Events at one time fire in the order in which they were scheduled. Not thread safe: one run is
 * one thread. No operation allocates, but for growth beyond the largest number of events that were
 * ever pending together.
 */
public final class EventQueue {
  /** So many near events are always left alone. */
  private static final int NEAR_MAX = 64;

  private final EventSlots slots = new EventSlots();
  private final NearEvents near = new NearEvents(slots);
  private final Ladder ladder = new Ladder(slots);
  private final SetAlarms alarms = new SetAlarms();
  private long nowNs;
  private long peekTimeNs = Long.MAX_VALUE;
  private long fired;
  private long sequence;

  /** Events of the near and of the ladder; alarms are none of them. */
  private int size;

  /** Number of near events from which some are moved to the ladder. */
  private int nearMax = NEAR_MAX;

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
   * @throws IllegalStateException if a million events are pending: nobody honest has so many
   */
  public long schedule(long timeNs, EventHandler handler, long arg) {
    Objects.requireNonNull(handler, "handler");
    long handleSequence = nextSequence(timeNs);
    int slot = slots.take();
    long handle = handleSequence << EventSlots.SLOT_BITS | slot;
    int at = slot << EventSlots.STRIDE_BITS;
    long[] words = slots.words;
    words[at + EventSlots.TIME] = timeNs;
    words[at + EventSlots.HANDLE] = handle;
    words[at + EventSlots.ARG] = arg;
    slots.handlers[slot] = handler;
    size++;
    if (timeNs >= ladder.nearEndNs) {
      ladder.push(slot, timeNs);
      return handle;
    }
    words[at + EventSlots.LINK] = EventSlots.NEAR;
    near.add(timeNs, handle);
    if (near.count() > nearMax) {
      spill();
    }
    peek();
    return handle;
  }

  /** Checks a time, and gives the event that is to fire then its place among those of that time. */
  private long nextSequence(long timeNs) {
    if (timeNs < nowNs || timeNs == Long.MAX_VALUE) {
      throw new IllegalArgumentException(
          "EventQueue: timeNs is "
              + timeNs
              + "; it must be from now ("
              + nowNs
              + ") to Long.MAX_VALUE - 1");
    }
    if (sequence == EventSlots.SEQUENCE_MAX) {
      throw new IllegalStateException(
          "EventQueue: " + sequence + " events were scheduled; more have no handle");
    }
    return ++sequence;
  }

  private void peek() {
    peekTimeNs = Math.min(near.firstTimeNs(), alarms.firstTimeNs());
  }

  /**
   * An alarm, which is not set.
   *
   * @param handler what it calls each time, with 0
   */
  public Alarm newAlarm(EventHandler handler) {
    return new Alarm(this, handler);
  }

  void set(Alarm alarm, long timeNs) {
    if (alarm.set) {
      throw new IllegalStateException(
          "Alarm.set: it is set to " + alarm.timeNs + "; clear it first");
    }
    alarm.sequence = nextSequence(timeNs);
    alarm.timeNs = timeNs;
    alarm.set = true;
    alarms.add(alarm);
    peek();
  }

  boolean clear(Alarm alarm) {
    if (!alarm.set) {
      return false;
    }
    alarms.remove(alarm);
    peek();
    return true;
  }

  /**
   * Takes an event back.
   *
   * @param handle what {@link #schedule} returned; 0 is allowed and is never pending
   * @return false if the event was fired or cancelled before
   */
  public boolean cancel(long handle) {
    if (!slots.isPending(handle)) {
      return false;
    }
    int slot = (int) handle & EventSlots.SLOT_MASK;
    boolean isNear =
        slots.words[(slot << EventSlots.STRIDE_BITS) + EventSlots.LINK] == EventSlots.NEAR;
    size--;
    if (isNear) {
      slots.release(slot);
      near.cancelled(handle);
      settle();
    } else {
      ladder.remove(slot);
      slots.release(slot);
    }
    return true;
  }

  /**
   * Takes back every event whose handler somebody disowns. Looks at each event ever pending at one
   * time: for code that broke, not for a hot path.
   */
  public void cancelOf(Predicate<Object> isDisowned) {
    for (int slot = 1; slot < slots.end(); slot++) {
      EventHandler handler = slots.handlers[slot];
      if (handler != null && isDisowned.test(handler)) {
        cancel(slots.words[(slot << EventSlots.STRIDE_BITS) + EventSlots.HANDLE]);
      }
    }
  }

  /** What the next event will call; null if there is none. */
  public EventHandler nextHandler() {
    return size == 0 ? null : slots.handlers[(int) near.firstHandle() & EventSlots.SLOT_MASK];
  }

  /** Whether the event of this handle will still fire; false for 0. */
  public boolean isPending(long handle) {
    return slots.isPending(handle);
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
    int slot = (int) handle & EventSlots.SLOT_MASK;
    return slots.words[(slot << EventSlots.STRIDE_BITS) + EventSlots.TIME];
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
    Alarm alarm = alarms.first();
    if (alarm != null && firesBeforeTheOthers(alarm)) {
      goOff(alarm);
      return true;
    }
    if (size == 0) {
      return false;
    }
    int slot = (int) near.firstHandle() & EventSlots.SLOT_MASK;
    EventHandler handler = slots.handlers[slot];
    long arg = slots.words[(slot << EventSlots.STRIDE_BITS) + EventSlots.ARG];
    nowNs = peekTimeNs;
    fired++;
    size--;
    slots.release(slot);
    near.removeFirst();
    settle();
    handler.fire(arg);
    return true;
  }

  private boolean firesBeforeTheOthers(Alarm alarm) {
    long nearNs = near.firstTimeNs();
    return alarm.timeNs < nearNs
        || alarm.timeNs == nearNs && alarm.sequence < near.firstHandle() >>> EventSlots.SLOT_BITS;
  }

  private void goOff(Alarm alarm) {
    nowNs = peekTimeNs;
    fired++;
    alarms.removeFirst();
    peek();
    alarm.handler.fire(0);
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

  /** Number of pending events, the alarms that are set among them. */
  public int size() {
    return size + alarms.count();
  }

  /** Number of events fired so far. */
  public long fired() {
    return fired;
  }

  /** The first of the near events may have gone: fetches others if none is left. */
  private void settle() {
    if (near.isEmpty()) {
      if (size > 0) {
        refill();
      } else {
        ladder.clear();
      }
    }
    peek();
  }

  private void refill() {
    ladder.refill(near);
    nearMax = Math.max(NEAR_MAX, 2 * near.count());
  }

  /** So many near events have come that a rung is worth while, unless they are all at one time. */
  private void spill() {
    if (near.spreadNs() > 0 && ladder.hasRoom()) {
      ladder.spill(near);
    }
    nearMax = Math.max(NEAR_MAX, 2 * near.count());
  }
}
