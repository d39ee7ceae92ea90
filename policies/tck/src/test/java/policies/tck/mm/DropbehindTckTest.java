package policies.tck.mm;

import java.util.stream.Stream;
import mm.core.spi.dropbehind.DropbehindPolicy;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import policies.tck.OffenderTests;
import policies.tck.TckFamily;
import policies.tck.junit.DropbehindPolicyTck;

class DropbehindTckTest extends DropbehindPolicyTck {
  @Override
  protected DropbehindPolicy policy() {
    return new HonestDropbehind();
  }

  @TestFactory
  Stream<DynamicTest> eachOffenderIsCaughtByItsRuleAlone() {
    return OffenderTests.of(TckFamily.DROPBEHIND, DropbehindOffenders.all());
  }
}
