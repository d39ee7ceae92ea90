package launcher.scenario.policy;

import org.osgi.annotation.versioning.ConsumerType;

/** Told of policies that come and go. */
@ConsumerType
public interface PolicyListener {
  /**
   * A policy can be used from now on.
   *
   * @param id whole id
   */
  void arrived(PolicyFamily<?> family, String id);

  /**
   * A policy has come and refuses to work; {@link PolicyLookup#refused} has the reason.
   *
   * @param id whole id
   */
  default void refused(PolicyFamily<?> family, String id) {}

  /**
   * A policy must not be used once this call has returned. Its bundle stops after that.
   *
   * @param id whole id
   * @param policy the object that goes
   */
  void leaving(PolicyFamily<?> family, String id, Object policy);
}
