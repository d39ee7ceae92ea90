package policies.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** One test for each offender: caught by its rule, and by no other. */
public final class OffenderTests {
  private OffenderTests() {}

  /** The tests of a family whose offenders are these, by the number of the rule. */
  public static <P> Stream<DynamicTest> of(TckFamily<P> family, Map<String, List<P>> offenders) {
    assertEquals(
        family.rules().stream().map(TckRule::id).toList(), List.copyOf(offenders.keySet()));
    return offenders.entrySet().stream()
        .flatMap(
            entry ->
                entry.getValue().stream()
                    .map(
                        offender ->
                            dynamicTest(
                                entry.getKey(), () -> caught(family, entry.getKey(), offender))));
  }

  private static <P> void caught(TckFamily<P> family, String rule, P offender) {
    List<TckVerdict> breaches =
        family.examine(offender).judgeAll().stream().filter(TckVerdict::isBreach).toList();
    assertEquals(
        List.of(rule), breaches.stream().map(v -> v.rule().id()).toList(), breaches::toString);
  }
}
