package launcher.cli.run;

import java.util.List;
import java.util.Map;
import launcher.cli.Console;
import launcher.report.TextTable;
import launcher.report.TextTable.Side;
import launcher.report.repeat.RepeatText;
import launcher.report.repeat.RepeatedRuns;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioFacts;

/** Prints the runs of one scenario for people. */
final class RepeatReport {
  private final Console console;

  RepeatReport(Console console) {
    this.console = console;
  }

  /** What was run, the medians with their intervals, and how often each expectation held. */
  void print(Repetition repetition) {
    Scenario scenario = repetition.scenario();
    RepeatedRuns runs = repetition.runs();
    int asked = repetition.attempts().size();
    int done = runs.bySeed().size();
    console.out().println(scenario.name() + ": " + ScenarioFacts.line(scenario));
    if (!scenario.description().isEmpty()) {
      console.out().println("  " + scenario.description());
    }
    console.out().println("  " + String.join(", ", scenario.policies().values()));
    String count = done + " of " + asked + " runs came to their end, seeds from " + scenario.seed();
    console
        .out()
        .println(
            "  "
                + (done < asked
                    ? console.bad(count)
                    : asked
                        + " runs, seeds "
                        + scenario.seed()
                        + " to "
                        + (scenario.seed() + asked - 1)));
    console.out().println();
    if (done > 0) {
      console.out().print(RepeatText.of(runs, repetition.expected(), console.colour()));
      printExpectations(repetition.expectations());
    }
    printRemarks(repetition);
  }

  private void printExpectations(List<Map<String, Object>> expectations) {
    if (expectations.isEmpty()) {
      return;
    }
    TextTable table = new TextTable().column("expected", Side.LEFT).column("", Side.LEFT);
    table.column("holds in", Side.LEFT);
    for (Map<String, Object> expectation : expectations) {
      table.row().cell(String.valueOf(expectation.get("figure")));
      table.cell(String.valueOf(expectation.get("condition")));
      table.cell(expectation.get("holds") + " of " + expectation.get("of"));
    }
    console.out().println();
    console.out().print(table.text(console.colour()));
  }

  /** On stderr: what is wrong, with the seeds of the runs in which it is. */
  void printRemarks(Repetition repetition) {
    console.out().flush();
    repetition.remarks().forEach(console::error);
  }
}
