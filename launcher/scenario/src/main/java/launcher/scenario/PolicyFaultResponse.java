package launcher.scenario;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import launcher.scenario.policy.PolicyFamily;

/**
 * What a run does when a policy breaks a rule.
 *
 * @param fallbacks id of the policy that takes a faulty one's place, by family
 * @param otherwise what happens where there is none, or where it is the fallback that is faulty
 */
public record PolicyFaultResponse(Map<String, String> fallbacks, Otherwise otherwise) {
  /** The run fails, whichever policy it is. */
  public static final PolicyFaultResponse FAIL = new PolicyFaultResponse(Map.of(), Otherwise.FAIL);

  /** What happens without a policy to fall back to. */
  public enum Otherwise {
    /** The run fails, with the fault as its result. */
    FAIL,
    /** The layer takes custody back and the run waits, clock stopped, for another policy. */
    SUSPEND
  }

  /** Copies the map, in its order. */
  public PolicyFaultResponse {
    fallbacks = Collections.unmodifiableMap(new LinkedHashMap<>(fallbacks));
    Objects.requireNonNull(otherwise, "otherwise");
  }

  /**
   * The policy that takes a faulty one's place.
   *
   * @param faultyId of the policy that broke a rule; none falls back to itself
   */
  public Optional<String> fallbackFor(PolicyFamily<?> family, String faultyId) {
    return Optional.ofNullable(fallbacks.get(family.key())).filter(id -> !id.equals(faultyId));
  }
}
