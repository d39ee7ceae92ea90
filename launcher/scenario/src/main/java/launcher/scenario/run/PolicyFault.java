package launcher.scenario.run;

/**
 * A rule that a policy has broken.
 *
 * @param timeNs virtual time
 * @param family key of its family
 * @param policyId whole id of the policy
 * @param what what it did, with the rule's number if it has one
 */
public record PolicyFault(long timeNs, String family, String policyId, String what) {
  /** One line. */
  public String text() {
    return "%s: %s, at %d ns".formatted(policyId, what, timeNs);
  }
}
