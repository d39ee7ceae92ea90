package example.completion.adaptive;

import block.bio.spi.completion.CompletionPolicy;
import policies.tck.junit.CompletionPolicyTck;

/** One test for each rule of the family; the same that 'deferlab tck' asks. */
class AdaptiveTckTest extends CompletionPolicyTck {
  @Override
  protected CompletionPolicy policy() {
    return new AdaptiveCompletionPolicy(TestConfig.DEFAULT);
  }
}
