package launcher.cli.catalogue;

import java.util.Map;

/** What the keys of policies' configurations mean. */
@FunctionalInterface
public interface PolicyAttributes {
  /**
   * What each key means, by key.
   *
   * @param id whole id of the policy, which is the PID of its configuration
   */
  Map<String, String> of(String id);
}
