package policies.tck;

/** What an examination by one rule came to. */
public enum TckOutcome {
  /** No trial has shown a breach. */
  PASS,
  /** The policy has broken the rule. */
  BREACH,
  /** The policy has broken another rule first, or refuses the machines of the trials. */
  UNJUDGED
}
