package sim.kernel.trace;

import java.util.EnumSet;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes a run's events as they happen: a report, a digest, a file.
 *
 * <p>Called by the run's thread in the middle of the simulation, so a sink only looks: it changes
 * nothing of the run, and the fewer kinds it wants the less it costs.
 */
@ConsumerType
public interface TraceSink {
  /** Kinds of events this sink wants; asked once, when it is added. All by default. */
  default Set<Tracepoint> interest() {
    return EnumSet.allOf(Tracepoint.class);
  }

  /**
   * One event. Called in virtual-time order.
   *
   * @param timeNs virtual time
   * @param cpu CPU number; -1 outside any CPU
   * @param type kind of event
   * @param a first field, and so on to {@code f}; 0 where the kind has fewer
   */
  void event(long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f);

  /** A new entry of the name table; comes before the first event that uses it. */
  default void name(int id, String name) {}

  /**
   * The run is over; called once, and nothing after it.
   *
   * @param timeNs the last virtual time
   */
  default void end(long timeNs) {}
}
