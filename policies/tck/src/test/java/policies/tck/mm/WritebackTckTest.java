package policies.tck.mm;

import java.util.stream.Stream;
import mm.core.spi.writeback.WritebackPolicy;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import policies.tck.OffenderTests;
import policies.tck.TckFamily;
import policies.tck.junit.WritebackPolicyTck;

class WritebackTckTest extends WritebackPolicyTck {
  @Override
  protected WritebackPolicy policy() {
    return new HonestWriteback();
  }

  @TestFactory
  Stream<DynamicTest> eachOffenderIsCaughtByItsRuleAlone() {
    return OffenderTests.of(TckFamily.WRITEBACK, WritebackOffenders.all());
  }
}
