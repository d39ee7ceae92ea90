package sim.kernel.event;

import java.util.Objects;

/**
 * An event that comes again and again and is pending once at most: the end of what a CPU charges.
 *
 * <p>It has its place among all others by (time, sequence), as if it were scheduled anew each time.
 * Few are set at once, and those stand in a short sorted list: setting one costs a fraction of
 * {@link EventQueue#schedule}.
 */
public final class Alarm {
  final EventHandler handler;
  private final EventQueue queue;

  /** When it goes off, and after which others at that time; of no meaning unless it is set. */
  long timeNs;

  long sequence;
  boolean set;

  Alarm(EventQueue queue, EventHandler handler) {
    this.queue = queue;
    this.handler = Objects.requireNonNull(handler, "handler");
  }

  /**
   * Makes it go off at a virtual time: the handler is then called with 0.
   *
   * @param timeNs not before {@link EventQueue#nowNs}; below {@link Long#MAX_VALUE}
   * @throws IllegalArgumentException if the time is in the past or is never
   * @throws IllegalStateException if it is set already
   */
  public void set(long timeNs) {
    queue.set(this, timeNs);
  }

  /**
   * Takes it back.
   *
   * @return false if it was not set
   */
  public boolean clear() {
    return queue.clear(this);
  }

  /** Whether it will go off; not while it does. */
  public boolean isSet() {
    return set;
  }
}
