package launcher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyListener;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;

/** Policies that can be named and listed, not used. */
public final class ListedPolicies implements PolicyLookup {
  private final List<RegisteredPolicy> registered = new ArrayList<>();
  private final List<RefusedPolicy> refused = new ArrayList<>();

  /** The policies that the era E4 names, and one more. */
  public static ListedPolicies ofDefaults() {
    return new ListedPolicies()
        .add("completion.workqueue", Map.of())
        .add("completion.rt-thread", Map.of("priority", "50"))
        .add("dropbehind.task-only", Map.of())
        .add("writeback.kick-counted", Map.of())
        .add("eviction.batched", Map.of());
  }

  /** Adds one that can be used. */
  public ListedPolicies add(String id, Map<String, String> configuration) {
    String family = id.substring(0, id.indexOf('.'));
    registered.add(
        new RegisteredPolicy(
            family, id, "does " + id, "a.bundle 1.0.0", "mm/" + family + ".c", configuration));
    return this;
  }

  /** Adds one that can't. */
  public ListedPolicies refuse(String id, String reason) {
    refused.add(new RefusedPolicy(id, "b.bundle 1.0.0", reason));
    return this;
  }

  @Override
  public <P> Optional<P> find(PolicyFamily<P> family, String id) {
    return Optional.empty();
  }

  @Override
  public List<RegisteredPolicy> registered() {
    return registered;
  }

  @Override
  public List<RefusedPolicy> refused() {
    return refused;
  }

  @Override
  public AutoCloseable listen(PolicyListener listener) {
    return () -> {};
  }
}
