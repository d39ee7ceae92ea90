package launcher.scenario.policy;

import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** The configurations of policies, as ConfigAdmin holds them. May be used on any thread. */
@ProviderType
public interface PolicyConfigurations {
  /**
   * What is set of a policy; what is not has its default.
   *
   * @param id whole id
   */
  Map<String, Object> explicit(String id);

  /**
   * Gives a policy a new configuration, and returns when every run that uses it has been told of a
   * new policy of the same id.
   *
   * @param id whole id
   * @param values all that is to be set; none for the defaults
   * @throws IllegalArgumentException with the policy's reason if it refuses; it then is what it was
   *     before
   * @throws IllegalStateException if there is no such policy, or its component does not come up
   */
  void set(String id, Map<String, ?> values);
}
