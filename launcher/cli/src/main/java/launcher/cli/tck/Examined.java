package launcher.cli.tck;

import java.util.List;
import policies.tck.TckOutcome;
import policies.tck.TckVerdict;

/**
 * A policy with its verdicts.
 *
 * @param subject the policy
 * @param verdicts one a rule
 */
record Examined(Subject<?> subject, List<TckVerdict> verdicts) {
  long count(TckOutcome outcome) {
    return verdicts.stream().filter(verdict -> verdict.outcome() == outcome).count();
  }

  /** Whether it has kept every rule. */
  boolean isGood() {
    return count(TckOutcome.PASS) == verdicts.size();
  }
}
