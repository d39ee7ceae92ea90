package policies.tck.junit;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.osgi.annotation.versioning.ConsumerType;
import policies.tck.TckExamination;
import policies.tck.TckFamily;
import policies.tck.TckOutcome;
import policies.tck.TckRule;
import policies.tck.TckVerdict;

/**
 * One test for each rule of a family; extended by the class of each family, not by authors.
 *
 * @param <P> the policy interface of the family
 */
@ConsumerType
public abstract class PolicyTck<P> {
  /** Wall time that a rule may take; a few seconds are enough on a machine that is not busy. */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final TckFamily<P> family;

  PolicyTck(TckFamily<P> family) {
    this.family = family;
  }

  /** The policy to be examined. Called once; what it returns serves all rules. */
  protected abstract P policy();

  /** The rules; JUnit calls it. */
  @TestFactory
  Stream<DynamicTest> rules() {
    TckExamination<P> examination = family.examine(policy());
    return family.rules().stream()
        .map(rule -> dynamicTest(rule.toString(), () -> check(examination, rule)));
  }

  private void check(TckExamination<P> examination, TckRule rule) {
    TckVerdict verdict =
        Assertions.assertTimeoutPreemptively(
            LIMIT,
            () -> examination.judge(rule),
            () -> family.boundedWork() + "\n  the policy loops in a step: see the stack below");
    Assumptions.assumeFalse(verdict.outcome() == TckOutcome.UNJUDGED, verdict.reason());
    if (verdict.isBreach()) {
      Assertions.fail(verdict.reason());
    }
  }
}
