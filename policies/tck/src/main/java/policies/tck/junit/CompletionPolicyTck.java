package policies.tck.junit;

import block.bio.spi.completion.CompletionPolicy;
import org.osgi.annotation.versioning.ConsumerType;
import policies.tck.TckFamily;

/** Tests of a completion policy: extend it and say which. */
@ConsumerType
public abstract class CompletionPolicyTck extends PolicyTck<CompletionPolicy> {
  /** One test a rule. */
  protected CompletionPolicyTck() {
    super(TckFamily.COMPLETION);
  }
}
