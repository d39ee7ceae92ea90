package mm.core.spi.eviction;

import org.osgi.annotation.versioning.ConsumerType;

/** An answer to the question of this package; an immutable factory. */
@ConsumerType
public interface EvictionPolicy {
  /**
   * Makes the state of this policy for one run. Called before the run's first step, or between two
   * events when a swap makes this policy the one in use.
   *
   * @throws sim.kernel.spi.PolicyRefusedException if this machine can't be served
   */
  EvictionDeferral attach(EvictionHost host);
}
