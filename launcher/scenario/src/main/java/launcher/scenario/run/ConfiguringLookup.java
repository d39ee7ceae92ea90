package launcher.scenario.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyListener;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;

/**
 * The lookup of a live run, which knows when that run has a policy configured for itself: the
 * policy of before leaves then, on another thread, and the run can't answer that.
 */
final class ConfiguringLookup implements PolicyLookup {
  private final PolicyLookup lookup;
  private volatile boolean configuring;

  ConfiguringLookup(PolicyLookup lookup) {
    this.lookup = lookup;
  }

  /** Whether the run waits for a configuration; it never does so for a policy in use. */
  boolean isConfiguring() {
    return configuring;
  }

  @Override
  public void configure(PolicyFamily<?> family, String id, Map<String, String> configuration) {
    configuring = true;
    try {
      lookup.configure(family, id, configuration);
    } finally {
      configuring = false;
    }
  }

  @Override
  public <P> Optional<P> find(PolicyFamily<P> family, String id) {
    return lookup.find(family, id);
  }

  @Override
  public Map<String, String> configuration(PolicyFamily<?> family, String id) {
    return lookup.configuration(family, id);
  }

  @Override
  public List<RegisteredPolicy> registered() {
    return lookup.registered();
  }

  @Override
  public List<RefusedPolicy> refused() {
    return lookup.refused();
  }

  @Override
  public AutoCloseable listen(PolicyListener listener) {
    return lookup.listen(listener);
  }

  @Override
  public boolean isTold() {
    return lookup.isTold();
  }
}
