package policies.tck.junit;

import mm.core.spi.eviction.EvictionPolicy;
import policies.tck.TckFamily;

/** Tests of an eviction policy: extend it and say which. */
public abstract class EvictionPolicyTck extends PolicyTck<EvictionPolicy> {
  /** One test a rule. */
  protected EvictionPolicyTck() {
    super(TckFamily.EVICTION);
  }
}
