package launcher.cli;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyListener;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;

/**
 * The policies of the era E4 in a run that never asks them, as one with direct I/O alone: they can
 * be attached, and say nothing whatever becomes of the run.
 */
public final class IdlePolicies implements PolicyLookup {
  private final PolicyLookup listed = ListedPolicies.ofDefaults();

  @Override
  public <P> Optional<P> find(PolicyFamily<P> family, String id) {
    return listed.registered().stream().anyMatch(policy -> policy.id().equals(id))
        ? Optional.of(silent(family.type()))
        : Optional.empty();
  }

  /** Each method answers with another silent object, or with nothing, false or 0. */
  private static <T> T silent(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Class<?> result = method.getReturnType();
              if (result.isInterface()) {
                return silent(result);
              }
              return result == boolean.class ? (Object) false : result == int.class ? 0 : null;
            }));
  }

  @Override
  public List<RegisteredPolicy> registered() {
    return listed.registered();
  }

  @Override
  public List<RefusedPolicy> refused() {
    return listed.refused();
  }

  @Override
  public AutoCloseable listen(PolicyListener listener) {
    return () -> {};
  }
}
