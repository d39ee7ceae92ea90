package policies.tck.internal;

import java.util.List;
import policies.tck.TckRule;
import sim.kernel.spi.PolicyRefusedException;

/**
 * Runs a policy in a way that would show the breach of some rules.
 *
 * @param <P> the policy interface of the family
 */
public final class Trial<P> {
  /**
   * What is done.
   *
   * @param <P> the policy interface of the family
   */
  @FunctionalInterface
  public interface Body<P> {
    /** Runs the policy; what it breaks goes to the findings. */
    void run(P policy, Findings findings);
  }

  private final CommonRules common;
  private final List<TckRule> judged;
  private final Body<P> body;

  /**
   * A trial.
   *
   * @param judged what it tells of, besides the rules that every trial does
   */
  public Trial(CommonRules common, List<TckRule> judged, Body<P> body) {
    this.common = common;
    this.judged = judged;
    this.body = body;
  }

  /** Whether it tells of a rule. */
  public boolean judges(TckRule rule) {
    return common.isCommon(rule) || judged.contains(rule);
  }

  /** Runs it. */
  public Findings run(P policy) {
    Findings findings = new Findings();
    try {
      body.run(policy, findings);
    } catch (Stopped stopped) {
      // The findings have it.
    } catch (PolicyRefusedException refused) {
      findings.refused(refused.getMessage());
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError thrown) {
      findings.stop(common.brokenBy(thrown), describe(thrown));
    }
    return findings;
  }

  /** What was thrown, and from where. */
  public static String describe(Throwable thrown) {
    StackTraceElement[] stack = thrown.getStackTrace();
    String text = "threw " + thrown;
    for (StackTraceElement frame : stack) {
      String owner = frame.getClassName();
      boolean ours =
          owner.startsWith("java.")
              || owner.startsWith("sim.kernel.")
              || owner.startsWith("policies.tck.internal.");
      if (!ours) {
        return "%s at %s.%s, line %d"
            .formatted(text, owner, frame.getMethodName(), frame.getLineNumber());
      }
    }
    return text;
  }
}
