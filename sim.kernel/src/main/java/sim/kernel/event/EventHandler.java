package sim.kernel.event;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What happens when an event fires.
 *
 * <p>Handlers are made once and scheduled often: a handler that is allocated per event makes the
 * event loop allocate. What differs from event to event goes into the argument.
 */
@ConsumerType
@FunctionalInterface
public interface EventHandler {
  /**
   * Called by {@link EventQueue#fireNext} at the event's time, which is {@link EventQueue#nowNs}.
   *
   * <p>The event is no longer pending: cancelling it from here answers false. The handler may
   * schedule and cancel any event, at the current instant too. An exception leaves the queue
   * consistent and goes to the caller of {@code fireNext}.
   *
   * @param arg the number given to {@link EventQueue#schedule}
   */
  void fire(long arg);
}
