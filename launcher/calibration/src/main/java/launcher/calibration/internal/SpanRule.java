package launcher.calibration.internal;

import java.util.Set;
import sim.kernel.machine.Cost;

/**
 * A stretch of the kernel's code between two events, and the costs that the model charges there.
 *
 * @param cost what is fitted: the span less the other costs
 * @param from the event that begins it
 * @param between events that may lie in it
 * @param to the event that ends it, on the same CPU, by the same task and in the same context
 * @param others charged in the same stretch, one time each
 * @param text what it is, for people
 */
record SpanRule(
    Cost cost, String from, Set<String> between, String to, Set<Cost> others, String text) {
  SpanRule {
    between = Set.copyOf(between);
    others = Set.copyOf(others);
  }
}
