package launcher.scenario.policy;

import java.util.Map;

/**
 * A policy that can be used.
 *
 * @param family key of its family
 * @param id whole id
 * @param description what its bundle says about it; may be empty
 * @param bundle symbolic name and version of its bundle; empty without a framework
 * @param kernelSource the part of Linux that it models; may be empty
 * @param configuration its configuration, by key in the order of the keys
 */
public record RegisteredPolicy(
    String family,
    String id,
    String description,
    String bundle,
    String kernelSource,
    Map<String, String> configuration) {
  /** Copies the configuration. */
  public RegisteredPolicy {
    configuration = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(configuration));
  }
}
