package mm.core.spi.eviction;

import org.osgi.annotation.versioning.ConsumerType;

/** What a policy keeps in one run. Holds no service. */
@ConsumerType
public interface EvictionDeferral {
  /**
   * Makes an empty batch for a task that evicts. Called once for each, which then uses it for every
   * list of folios.
   */
  EvictionBatch newBatch(EvictionTask task);

  /** The policy is no longer in use. Between two events, after all batches have handed back. */
  void detach();
}
