package policies.tck.junit;

import mm.core.spi.dropbehind.DropbehindPolicy;
import org.osgi.annotation.versioning.ConsumerType;
import policies.tck.TckFamily;

/** Tests of a dropbehind policy: extend it and say which. */
@ConsumerType
public abstract class DropbehindPolicyTck extends PolicyTck<DropbehindPolicy> {
  /** One test a rule. */
  protected DropbehindPolicyTck() {
    super(TckFamily.DROPBEHIND);
  }
}
