package launcher.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import launcher.cli.ListedPolicies;
import launcher.scenario.policy.PolicyFamily;
import org.junit.jupiter.api.Test;

class PolicyNamesTest {
  private final PolicyNames names =
      new PolicyNames(ListedPolicies.ofDefaults().refuse("completion.broken", "no"));

  @Test
  void aPolicyIsFoundByEitherNameAndARefusedOneToo() {
    assertEquals("completion.rt-thread", names.id(PolicyFamily.COMPLETION, "rt-thread"));
    assertEquals("completion.rt-thread", names.id(PolicyFamily.COMPLETION, "completion.rt-thread"));
    assertEquals("completion.broken", names.id(PolicyFamily.COMPLETION, "broken"));
    assertEquals(
        List.of("completion.workqueue", "completion.rt-thread", "completion.broken"),
        names.ids(PolicyFamily.COMPLETION));
  }

  @Test
  void anUnknownNameIsToldWithTheNearestOne() {
    assertEquals(
        "no policy 'completion.brokn'\n"
            + "  known: completion.workqueue, completion.rt-thread, completion.broken\n"
            + "  did you mean 'completion.broken'?",
        assertThrows(
                IllegalArgumentException.class, () -> names.id(PolicyFamily.COMPLETION, "brokn"))
            .getMessage());
    assertEquals(
        "no family 'evicton'\n  known: completion, dropbehind, writeback, eviction\n"
            + "  did you mean 'eviction'?",
        assertThrows(IllegalArgumentException.class, () -> PolicyNames.family("evicton"))
            .getMessage());
  }
}
