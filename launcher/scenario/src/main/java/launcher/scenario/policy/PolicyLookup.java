package launcher.scenario.policy;

import java.util.List;
import java.util.Optional;

/** Where policies are found: the framework's services, or a list made by hand in a test. */
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
}
