package launcher.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import launcher.cli.Console;
import launcher.cli.ExitStatus;
import launcher.cli.Interrupt;
import launcher.cli.JsonTarget;
import launcher.cli.Progress;
import launcher.report.repeat.RepeatJson;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioException;
import launcher.scenario.ScenarioReader;
import launcher.scenario.Setting;
import launcher.scenario.policy.PolicyLookup;

/** {@code deferlab run --repeat N}: each file with several seeds. */
final class RepeatedRunning {
  private final Console console;
  private final PolicyLookup policies;
  private final Interrupt interrupt;

  RepeatedRunning(Console console, PolicyLookup policies, Interrupt interrupt) {
    this.console = console;
    this.policies = policies;
    this.interrupt = interrupt;
  }

  /** Reads all files, runs them one after the other, prints each as soon as it is done. */
  int run(
      List<Path> files,
      List<Setting> settings,
      RepeatOptions repeat,
      JsonTarget target,
      boolean digest,
      boolean quiet)
      throws ScenarioException, IOException, InterruptedException {
    ScenarioReader reader = ScenarioFigures.reader(policies);
    List<List<Scenario>> scenarios = new ArrayList<>();
    for (Path file : files) {
      scenarios.add(repeat.read(reader, file, settings));
    }
    List<Repetition> done = new ArrayList<>();
    for (List<Scenario> seeds : scenarios) {
      if (interrupt.isRaised()) {
        break;
      }
      try (Progress progress = new Progress(console)) {
        ParallelRuns runs = new ParallelRuns(policies, interrupt, progress, repeat.threads());
        done.add(new Repetition(runs.run(seeds, digest || target.isWanted())));
      }
      print(done.get(done.size() - 1), done.size() > 1, quiet || target.isStdout());
      if (digest && !target.isStdout()) {
        printDigests(done.get(done.size() - 1));
      }
    }
    target.write(done.stream().map(of -> RepeatJson.of(of.variant(Map.of()))).toList());
    if (interrupt.isRaised()) {
      console.error("stopped by Ctrl-C: the figures are of the runs that had come to their end");
      return ExitStatus.INTERRUPTED;
    }
    boolean good = done.stream().flatMap(of -> of.attempts().stream()).allMatch(Attempt::isGood);
    return good ? ExitStatus.GOOD : ExitStatus.FAILED;
  }

  private void print(Repetition repetition, boolean follows, boolean remarksOnly) {
    RepeatReport report = new RepeatReport(console);
    if (remarksOnly) {
      report.printRemarks(repetition);
      return;
    }
    if (follows) {
      console.out().println();
    }
    report.print(repetition);
  }

  private void printDigests(Repetition repetition) {
    for (Attempt attempt : repetition.attempts()) {
      attempt
          .run()
          .ifPresent(
              run ->
                  console
                      .out()
                      .println(
                          "digest "
                              + run.outcome().digest()
                              + " seed "
                              + attempt.scenario().seed()));
    }
  }
}
