package launcher.scenario.policy;

/**
 * A policy that is installed and can't be used.
 *
 * @param id whole id
 * @param bundle symbolic name and version of its bundle
 * @param reason what it said
 */
public record RefusedPolicy(String id, String bundle, String reason) {}
