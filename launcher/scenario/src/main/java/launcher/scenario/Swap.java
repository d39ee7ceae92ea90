package launcher.scenario;

import launcher.scenario.policy.PolicyFamily;

/**
 * A change of policy in the middle of a run.
 *
 * @param atNs virtual time
 * @param family whose policy changes
 * @param id whole id of the policy in use from then on
 */
public record Swap(long atNs, PolicyFamily<?> family, String id) {}
