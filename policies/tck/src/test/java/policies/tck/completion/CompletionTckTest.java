package policies.tck.completion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import block.bio.spi.completion.CompletionPolicy;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import policies.tck.TckFamily;
import policies.tck.TckRule;
import policies.tck.TckVerdict;
import policies.tck.junit.CompletionPolicyTck;

/** Each offender is caught by its rule, and by no other; who keeps all is not. */
class CompletionTckTest extends CompletionPolicyTck {
  @Override
  protected CompletionPolicy policy() {
    return new HonestPolicy();
  }

  @TestFactory
  Stream<DynamicTest> everyRuleCatchesItsOffenders() {
    assertEquals(
        TckFamily.COMPLETION.rules().stream().map(TckRule::id).toList(),
        List.copyOf(CompletionOffenders.all().keySet()));
    return CompletionOffenders.all().entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().stream()
                    .map(
                        offender ->
                            dynamicTest(entry.getKey(), () -> caught(entry.getKey(), offender))));
  }

  private static void caught(String rule, CompletionPolicy offender) {
    List<TckVerdict> breaches =
        TckFamily.COMPLETION.examine(offender).judgeAll().stream()
            .filter(TckVerdict::isBreach)
            .toList();
    assertEquals(
        List.of(rule), breaches.stream().map(v -> v.rule().id()).toList(), breaches::toString);
  }
}
