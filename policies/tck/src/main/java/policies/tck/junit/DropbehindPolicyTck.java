package policies.tck.junit;

import mm.core.spi.dropbehind.DropbehindPolicy;
import policies.tck.TckFamily;

/** Tests of a dropbehind policy: extend it and say which. */
public abstract class DropbehindPolicyTck extends PolicyTck<DropbehindPolicy> {
  /** One test a rule. */
  protected DropbehindPolicyTck() {
    super(TckFamily.DROPBEHIND);
  }
}
