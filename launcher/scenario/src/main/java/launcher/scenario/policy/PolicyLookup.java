package launcher.scenario.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Where policies are found: the framework's services, or a list made by hand in a test. */
@ProviderType
public interface PolicyLookup {
  /**
   * The policy that has this id now. Of several with one id, the one with the highest service
   * ranking, then the oldest.
   *
   * @param id whole id, {@code completion.workqueue}
   * @return empty if there is none
   */
  <P> Optional<P> find(PolicyFamily<P> family, String id);

  /** What can be used now, by family and then by id. */
  List<RegisteredPolicy> registered();

  /** What refused to work, by id. */
  List<RefusedPolicy> refused();

  /**
   * Tells a run of policies that come and go, until the returned registration is closed.
   *
   * @param listener called on whatever thread a policy comes or goes on
   */
  AutoCloseable listen(PolicyListener listener);

  /**
   * Whether every listener has been told of all that has come and gone so far: what {@link
   * #registered} and {@link #refused} said before this call is then known to every run. Never true
   * within a listener's call.
   */
  default boolean isTold() {
    return true;
  }

  /**
   * The configuration of the policy that {@link #find} gives now, by key; empty if it has none.
   *
   * @param id whole id
   */
  default Map<String, String> configuration(PolicyFamily<?> family, String id) {
    return registered().stream()
        .filter(policy -> policy.family().equals(family.key()) && policy.id().equals(id))
        .map(RegisteredPolicy::configuration)
        .findFirst()
        .orElse(Map.of());
  }

  /**
   * Sees to it that a policy has the configuration that it had in a run that is repeated. Called on
   * that run's thread, before the policy comes into use.
   *
   * @param id whole id
   * @param configuration all of it; empty if the journal says nothing of it
   * @throws IllegalStateException if it can't be had
   * @throws IllegalArgumentException if the policy refuses it
   */
  default void configure(PolicyFamily<?> family, String id, Map<String, String> configuration) {
    if (!configuration.isEmpty() && !configuration.equals(configuration(family, id))) {
      throw new IllegalStateException(
          id + ": had " + configuration + " and has " + configuration(family, id));
    }
  }
}
