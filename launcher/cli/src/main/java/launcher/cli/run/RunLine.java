package launcher.cli.run;

import java.util.List;
import launcher.cli.Console;
import launcher.scenario.Scenario;

/** One of several runs, in one line: whether it is good, and why. */
final class RunLine {
  private static final int REASON_MAX = 90;

  private final Console console;
  private final int nameWidth;

  /** Lines in columns, for these scenarios. */
  RunLine(Console console, List<Scenario> scenarios) {
    this.console = console;
    nameWidth = scenarios.stream().mapToInt(s -> s.name().length()).max().orElse(0);
  }

  /** On stdout the line, on stderr what is wrong. */
  void print(FinishedRun run, boolean withDigest) {
    String verdict = run.isGood() ? "good" : run.outcome().cutShort() ? "partial" : "FAILED";
    String line =
        String.format("%-7s  %-" + nameWidth + "s  %s", verdict, run.scenario().name(), why(run));
    String digest = withDigest ? "  " + run.outcome().digest() : "";
    console.out().println((run.isGood() ? line : console.bad(line)) + digest);
    new RunReport(console).printFailures(run);
  }

  private static String why(FinishedRun run) {
    long holding = run.verdicts().stream().filter(Verdict::holds).count();
    int all = run.verdicts().size();
    String expectations =
        all == 0 ? "expects nothing" : holding + " of " + all + " expectations hold";
    return run.failuresAsExpected().stream()
        .findFirst()
        .map(failure -> expectations + "; fails as expected: " + shortened(failure))
        .orElse(expectations);
  }

  private static String shortened(String failure) {
    String line = failure.lines().findFirst().orElse("");
    return line.length() <= REASON_MAX ? line : line.substring(0, REASON_MAX) + "...";
  }
}
