package policies.tck.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import policies.tck.TckRule;

/** What one trial has shown: the first breach of each rule. */
public final class Findings {
  private final Map<TckRule, String> reasons = new LinkedHashMap<>();
  private String hindrance = "";
  private String place = "";

  /** Names what is being tried, for the reasons that follow. */
  public void at(String what) {
    place = what;
  }

  /** Records a breach. */
  public void breach(TckRule rule, String reason) {
    reasons.putIfAbsent(rule, place.isEmpty() ? reason : place + ": " + reason);
  }

  /** Records a breach behind which nothing more can be learned; to be thrown. */
  public Stopped stop(TckRule rule, String reason) {
    breach(rule, reason);
    hindrance = rule.id() + " is broken first";
    return new Stopped(hindrance);
  }

  /** Says that the policy can't be tried here; to be thrown. */
  public Stopped refused(String reason) {
    hindrance = "the policy refuses the machine: " + reason;
    return new Stopped(hindrance);
  }

  /** How a rule was broken; empty if it was not. */
  public String reasonOf(TckRule rule) {
    return reasons.getOrDefault(rule, "");
  }

  /** Why the trial came to no end; empty if it did. */
  public String hindrance() {
    return hindrance;
  }
}
