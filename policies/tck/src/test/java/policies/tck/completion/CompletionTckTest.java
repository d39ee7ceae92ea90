package policies.tck.completion;

import block.bio.spi.completion.CompletionPolicy;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import policies.tck.OffenderTests;
import policies.tck.TckFamily;
import policies.tck.junit.CompletionPolicyTck;

class CompletionTckTest extends CompletionPolicyTck {
  @Override
  protected CompletionPolicy policy() {
    return new HonestPolicy();
  }

  @TestFactory
  Stream<DynamicTest> eachOffenderIsCaughtByItsRuleAlone() {
    return OffenderTests.of(TckFamily.COMPLETION, CompletionOffenders.all());
  }
}
