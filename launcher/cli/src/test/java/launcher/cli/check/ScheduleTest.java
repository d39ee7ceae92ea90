package launcher.cli.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import launcher.cli.ListedPolicies;
import launcher.cli.check.Schedule.Item;
import launcher.cli.check.Schedule.Section;
import launcher.cli.run.ScenarioFigures;
import launcher.scenario.HotplugOperation;
import launcher.scenario.Scenario;
import launcher.scenario.Swap;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final long LENGTH_NS = 1_000_000;

  private static ScheduleDraw draw() {
    Map<String, List<String>> policies = new LinkedHashMap<>();
    policies.put("completion", List.of("completion.workqueue"));
    policies.put("writeback", List.of("writeback.inline"));
    return new ScheduleDraw(policies, 4, LENGTH_NS);
  }

  private static Item item(int number) {
    return new Item(Section.SWAPS, List.of(String.valueOf(number)));
  }

  private static Schedule ofItems(int count) {
    return new Schedule(IntStream.range(0, count).mapToObj(ScheduleTest::item).toList());
  }

  @Test
  void aScheduleIsDrawnAnewFromItsNumberAlone() {
    assertEquals(draw().draw(3, 50, 5), draw().draw(3, 50, 5));
    assertNotEquals(draw().draw(3, 50, 5), draw().draw(4, 50, 5));
  }

  @Test
  void moreSwapsLeaveTheHotplugWhereItWas() {
    List<Item> few = draw().draw(3, 1, 5).schedule().items();
    List<Item> many = draw().draw(3, 50, 5).schedule().items();
    assertEquals(few.subList(1, 6), many.subList(50, 55));
  }

  @Test
  void theReaderOfScenariosTakesWhatIsDrawn() throws Exception {
    String text =
        """
        scenario: one
        machine: {cpus: 4}
        swaps: [{at: 5 s, completion: listed}]
        workload: [{writer: {io-size: 4 KiB, file-size: 1 MiB}}]
        """;
    Map<String, List<String>> policies = Map.of("completion", List.of("completion.workqueue"));
    Schedule schedule = new ScheduleDraw(policies, 4, LENGTH_NS).draw(1, 40, 8).schedule();
    Scenario scenario =
        ScenarioFigures.reader(ListedPolicies.ofDefaults())
            .readText("one.yaml", text, schedule.settings());
    assertEquals(40, scenario.swaps().size());
    assertTrue(scenario.swaps().stream().mapToLong(Swap::atNs).max().orElseThrow() < LENGTH_NS);
    // Eight trips of which some were refused, and have no way back.
    long refused = scenario.hotplug().stream().filter(o -> o.failAt().isPresent()).count();
    assertTrue(refused > 0 && refused < 8, refused + " of 8");
    assertEquals(2 * 8 - refused, scenario.hotplug().size());
    assertTrue(scenario.hotplug().stream().mapToInt(HotplugOperation::cpu).min().orElseThrow() > 0);
  }

  @Test
  void aScheduleShrinksToTheTwoItemsThatDoHarmTogether() throws Exception {
    ScheduleShrinker shrinker =
        new ScheduleShrinker(
            s -> s.items().contains(item(13)) && s.items().contains(item(77)), 1_000);
    assertEquals(List.of(item(13), item(77)), shrinker.shrink(ofItems(100)).items());
    // Bisection of both places, and not one run an item: that would be at least 98.
    assertTrue(shrinker.attempts() < 60, shrinker.attempts() + " runs");
  }

  @Test
  void harmThatNeedsNothingShrinksToNothing() throws Exception {
    assertEquals(List.of(), new ScheduleShrinker(s -> true, 100).shrink(ofItems(9)).items());
  }

  @Test
  void shrinkingStopsAfterSoManyRuns() throws Exception {
    ScheduleShrinker shrinker = new ScheduleShrinker(s -> s.items().contains(item(0)), 3);
    // 64 items less the last 32, of which the first 32 are tried in vain, less the last 16.
    assertEquals(16, shrinker.shrink(ofItems(64)).items().size());
    assertEquals(3, shrinker.attempts());
  }
}
