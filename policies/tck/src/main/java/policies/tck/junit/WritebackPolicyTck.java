package policies.tck.junit;

import mm.core.spi.writeback.WritebackPolicy;
import policies.tck.TckFamily;

/** Tests of a writeback policy: extend it and say which. */
public abstract class WritebackPolicyTck extends PolicyTck<WritebackPolicy> {
  /** One test a rule. */
  protected WritebackPolicyTck() {
    super(TckFamily.WRITEBACK);
  }
}
