package launcher.cli.shell;

import java.util.ArrayList;
import java.util.List;
import launcher.scenario.DidYouMean;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;

/** Policies and families as a user names them. */
final class PolicyNames {
  private final PolicyLookup policies;

  PolicyNames(PolicyLookup policies) {
    this.policies = policies;
  }

  /**
   * A family by its name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static PolicyFamily<?> family(String name) {
    return PolicyFamily.of(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no family '"
                        + name
                        + "'"
                        + DidYouMean.lines(
                            name, PolicyFamily.all().stream().map(PolicyFamily::key).toList())));
  }

  /**
   * Whole id of a policy that is there or refused.
   *
   * @throws IllegalArgumentException if there is none
   */
  String id(PolicyFamily<?> family, String name) {
    String id = family.idOf(name);
    List<String> ids = ids(family);
    if (!ids.contains(id)) {
      throw new IllegalArgumentException("no policy '" + id + "'" + DidYouMean.lines(id, ids));
    }
    return id;
  }

  /** Whole ids of all policies of a family, refused ones behind the others. */
  List<String> ids(PolicyFamily<?> family) {
    List<String> ids = new ArrayList<>();
    policies.registered().stream()
        .filter(policy -> policy.family().equals(family.key()))
        .map(RegisteredPolicy::id)
        .forEach(ids::add);
    policies.refused().stream()
        .map(RefusedPolicy::id)
        .filter(id -> id.startsWith(family.key() + ".") && !ids.contains(id))
        .forEach(ids::add);
    return ids;
  }
}
