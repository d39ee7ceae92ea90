package sim.kernel;

import java.util.function.Predicate;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Asked what becomes of simulated code that threw, as {@code die()} is: whoever composes the run
 * knows whose code it is.
 */
@ConsumerType
@FunctionalInterface
public interface OopsHandler {
  /**
   * Names the code that is to blame and is to be abandoned, after it was taken out of use. Called
   * in the middle of an event, once for what one piece of code threw. Steps of that code are taken
   * off the stack of the execution, and its events are cancelled; whatever called it goes on.
   *
   * @param x whose step threw; null for an event outside any CPU
   * @param thrown may be an {@link InstantOverrunException}, which names code and not a stack
   * @return tells whether a step or an event's handler is that code's; null if nobody is to blame,
   *     or if a layer was in the middle of something: what was thrown is then thrown on, and the
   *     machine can't be used any more
   */
  Predicate<Object> codeToAbandon(Exec x, Throwable thrown);
}
