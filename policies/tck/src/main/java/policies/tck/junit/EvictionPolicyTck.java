package policies.tck.junit;

import mm.core.spi.eviction.EvictionPolicy;
import org.osgi.annotation.versioning.ConsumerType;
import policies.tck.TckFamily;

/** Tests of an eviction policy: extend it and say which. */
@ConsumerType
public abstract class EvictionPolicyTck extends PolicyTck<EvictionPolicy> {
  /** One test a rule. */
  protected EvictionPolicyTck() {
    super(TckFamily.EVICTION);
  }
}
