package launcher.scenario.run;

/**
 * The policy of one family in a run.
 *
 * @param family key of the family
 * @param policyId whole id of the policy in use; if {@code missing}, of the one that is awaited
 * @param missing whether the family has no policy now, which suspends the run
 * @param pending bios or folios that the policy has, or that wait for one; 0 for a family that
 *     keeps nothing
 * @param unanswered tasks that have asked the family's question and have not gone on: their policy
 *     is in the middle of its answer, or they wait for one; 0 for a family whose answers take no
 *     time
 */
public record PolicySeatSnapshot(
    String family, String policyId, boolean missing, int pending, int unanswered) {
  /** Whether a swap would come in the middle of something. */
  public boolean isBusy() {
    return pending > 0 || unanswered > 0;
  }
}
