package launcher.scenario;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyListener;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;

/** Policies put there by hand; they come and go as a test says. */
public final class NamedPolicies implements PolicyLookup {
  private final Map<String, Object> policies = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<String, Map<String, String>> configurations = new ConcurrentHashMap<>();
  private final Map<String, Function<Map<String, String>, ?>> makers = new ConcurrentHashMap<>();
  private final List<RefusedPolicy> refused = new ArrayList<>();
  private final List<PolicyListener> listeners = new CopyOnWriteArrayList<>();

  /** A policy comes; tells the runs. */
  public <P> NamedPolicies add(PolicyFamily<P> family, String id, P policy) {
    policies.put(id, policy);
    listeners.forEach(listener -> listener.arrived(family, id));
    return this;
  }

  /** A policy goes; returns when every run has let go of it. */
  public void remove(PolicyFamily<?> family, String id) {
    Object policy = policies.remove(id);
    listeners.forEach(listener -> listener.leaving(family, id, policy));
  }

  /**
   * A policy comes that can be configured.
   *
   * @param maker makes it from its configuration
   */
  public <P> NamedPolicies add(
      PolicyFamily<P> family,
      String id,
      Map<String, String> configuration,
      Function<Map<String, String>, P> maker) {
    makers.put(id, maker);
    configurations.put(id, configuration);
    return add(family, id, maker.apply(configuration));
  }

  /** Another configuration makes another policy: the one before goes first, as with DS. */
  public void set(PolicyFamily<?> family, String id, Map<String, String> configuration) {
    remove(family, id);
    configurations.put(id, configuration);
    policies.put(id, makers.get(id).apply(configuration));
    listeners.forEach(listener -> listener.arrived(family, id));
  }

  @Override
  public Map<String, String> configuration(PolicyFamily<?> family, String id) {
    return configurations.getOrDefault(id, Map.of());
  }

  /** On another thread, as a framework does it. */
  @Override
  public void configure(PolicyFamily<?> family, String id, Map<String, String> configuration) {
    if (!configuration.isEmpty() && !configuration.equals(configuration(family, id))) {
      CompletableFuture.runAsync(() -> set(family, id, configuration)).join();
    }
  }

  /** A policy that can't be used. */
  public NamedPolicies refuse(String id, String reason) {
    refused.add(new RefusedPolicy(id, "a.bundle", reason));
    return this;
  }

  @Override
  public <P> Optional<P> find(PolicyFamily<P> family, String id) {
    return Optional.ofNullable(policies.get(id)).map(family.type()::cast);
  }

  @Override
  public List<RegisteredPolicy> registered() {
    return policies.keySet().stream()
        .map(id -> new RegisteredPolicy(id.substring(0, id.indexOf('.')), id, "", "", "", Map.of()))
        .sorted(Comparator.comparing(RegisteredPolicy::id))
        .toList();
  }

  @Override
  public List<RefusedPolicy> refused() {
    return refused;
  }

  @Override
  public AutoCloseable listen(PolicyListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
