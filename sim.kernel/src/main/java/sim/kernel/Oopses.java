package sim.kernel;

import java.util.Objects;
import java.util.function.Predicate;

/** Code of one machine that threw: whether the machine goes on without it. */
final class Oopses {
  /** Events at one virtual instant of which one must be of the code that is to blame. */
  private static final int EVENTS_SUSPECTED = 256;

  private final Machine machine;
  private OopsHandler handler = (x, thrown) -> null;

  /** What nobody could answer for; it passes through every CPU's loop that it interrupted. */
  private Throwable fatal;

  Oopses(Machine machine) {
    this.machine = machine;
  }

  void answeredBy(OopsHandler answering) {
    handler = Objects.requireNonNull(answering, "handler");
  }

  void requireSurvivable(Throwable thrown) {
    boolean isSurvivable =
        thrown != fatal
            && (!(thrown instanceof Error)
                || thrown instanceof LinkageError
                || thrown instanceof AssertionError
                || thrown instanceof StackOverflowError);
    if (!isSurvivable && thrown instanceof Error error) {
      throw error;
    }
    if (!isSurvivable && thrown instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /**
   * Abandons the code that threw.
   *
   * @param x whose step it was; null for an event outside any CPU
   * @return false if what was thrown has to be thrown on
   */
  boolean survives(Exec x, Throwable thrown) {
    if (thrown == fatal) {
      return false;
    }
    Predicate<Object> culprit = handler.codeToAbandon(x, thrown);
    if (culprit == null) {
      fatal = thrown;
      return false;
    }
    if (x != null) {
      x.abandon(culprit);
    }
    machine.events().cancelOf(culprit);
    machine.makeRoomForTasks();
    return true;
  }

  /**
   * Finds the code that fires events for ever at this instant, and abandons it.
   *
   * @throws InstantOverrunException if it is not found
   */
  void overrun(String message) {
    for (int i = 0; i < EVENTS_SUSPECTED && machine.events().size() > 0; i++) {
      InstantOverrunException found =
          new InstantOverrunException(message, machine.events().nextHandler());
      Predicate<Object> culprit = handler.codeToAbandon(null, found);
      if (culprit != null) {
        machine.events().cancelOf(culprit);
        return;
      }
      machine.events().fireNext();
    }
    throw new InstantOverrunException(message, null);
  }
}
