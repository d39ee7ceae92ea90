package mm.core.spi.eviction;

import org.osgi.annotation.versioning.ConsumerType;

/** What a policy keeps in one run. Holds no service. */
@ConsumerType
public interface EvictionDeferral {
  /**
   * Makes an empty batch for one task that evicts; called once for each such task, which uses it
   * for every list of folios from then on.
   */
  EvictionBatch newBatch();

  /**
   * The policy is no longer in use. Between two events; every batch is asked to hand back first.
   */
  void detach();
}
