package launcher.scenario.run;

/**
 * The policy of one family in a run.
 *
 * @param family key of the family
 * @param policyId whole id of the policy in use; if {@code missing}, of the one that is awaited
 * @param missing whether the family has no policy now, which suspends the run
 * @param pending bios or folios that the policy has, or that wait for one; 0 for a family that
 *     keeps nothing
 */
public record PolicySeatSnapshot(String family, String policyId, boolean missing, int pending) {}
