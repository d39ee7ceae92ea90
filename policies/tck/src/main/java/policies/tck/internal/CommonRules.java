package policies.tck.internal;

import java.util.List;
import policies.tck.TckRule;

/**
 * The rules of a family, and which of them name the faults that any code can have.
 *
 * @param all by number
 * @param boundedWork broken by work without end
 * @param boundedState broken by memory without end
 * @param throwsNothing broken by exceptions
 */
public record CommonRules(
    List<TckRule> all, TckRule boundedWork, TckRule boundedState, TckRule throwsNothing) {
  /** Whether any trial can tell of a rule. */
  public boolean isCommon(TckRule rule) {
    return rule == boundedWork || rule == boundedState || rule == throwsNothing;
  }

  /** The rule that whatever came out of a policy's code has broken. */
  TckRule brokenBy(Throwable thrown) {
    if (thrown instanceof OutOfMemoryError) {
      return boundedState;
    }
    String message = thrown.getMessage() == null ? "" : thrown.getMessage();
    // What sim.kernel says of a loop that never charges, and of one that names itself twice.
    boolean endless =
        message.contains(" steps at virtual time ") || message.contains(" steps pending");
    return thrown instanceof StackOverflowError || endless ? boundedWork : throwsNothing;
  }
}
