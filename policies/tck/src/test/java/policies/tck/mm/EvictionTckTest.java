package policies.tck.mm;

import java.util.stream.Stream;
import mm.core.spi.eviction.EvictionPolicy;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import policies.tck.OffenderTests;
import policies.tck.TckFamily;
import policies.tck.junit.EvictionPolicyTck;

class EvictionTckTest extends EvictionPolicyTck {
  @Override
  protected EvictionPolicy policy() {
    return new HonestEviction();
  }

  @TestFactory
  Stream<DynamicTest> eachOffenderIsCaughtByItsRuleAlone() {
    return OffenderTests.of(TckFamily.EVICTION, EvictionOffenders.all());
  }
}
