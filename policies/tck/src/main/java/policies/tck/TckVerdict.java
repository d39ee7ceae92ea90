package policies.tck;

/**
 * What an examination by one rule came to.
 *
 * @param rule the rule
 * @param outcome kept or not
 * @param reason what the policy did, with trial and virtual time; empty if the rule is kept
 */
public record TckVerdict(TckRule rule, TckOutcome outcome, String reason) {
  /** Whether the rule was broken. */
  public boolean isBreach() {
    return outcome == TckOutcome.BREACH;
  }

  @Override
  public String toString() {
    return rule.id() + " " + outcome + (reason.isEmpty() ? "" : ": " + reason);
  }
}
