package policies.tck.junit;

import mm.core.spi.writeback.WritebackPolicy;
import org.osgi.annotation.versioning.ConsumerType;
import policies.tck.TckFamily;

/** Tests of a writeback policy: extend it and say which. */
@ConsumerType
public abstract class WritebackPolicyTck extends PolicyTck<WritebackPolicy> {
  /** One test a rule. */
  protected WritebackPolicyTck() {
    super(TckFamily.WRITEBACK);
  }
}
