package launcher.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import launcher.cli.Console;
import launcher.cli.ExitStatus;
import launcher.cli.Interrupt;
import launcher.cli.JsonTarget;
import launcher.cli.Progress;
import launcher.cli.TraceProgress;
import launcher.report.SummaryJson;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioException;
import launcher.scenario.ScenarioReader;
import launcher.scenario.Setting;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.run.Journal;
import launcher.scenario.run.SavedRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code deferlab run}. */
@Command(
    name = "run",
    description = "Runs scenarios or fio job files and prints what came of them.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  deferlab run scenarios/dontcache-seqwrite.yaml",
      "  deferlab run job.fio --era E3 --device hdd --memory '1 GiB'",
      "  deferlab run job.fio --policy completion=rt-thread --json result.json",
      "  deferlab run job.fio --digest --quiet --seed 7",
      "  deferlab run scenarios/regressions/*.yaml",
      "  deferlab run job.fio --repeat 20",
      "",
      "Exit status: 0 all held, 1 an expectation or an invariant failed, 2 bad input,",
      "130 Ctrl-C, after what was done so far was printed."
    })
public final class RunCommand implements Callable<Integer> {
  private final Console console;
  private final PolicyLookup policies;
  private final Interrupt interrupt;

  @Parameters(arity = "0..*", paramLabel = "FILE", description = "Scenario or fio job file.")
  private List<Path> files = new ArrayList<>();

  @Mixin private ScenarioOptions options;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures as JSON; '-': to stdout, in place of the tables.")
  private String json;

  @Option(names = "--digest", description = "Print the SHA-256 of the trace.")
  private boolean digest;

  @Option(names = "--quiet", description = "Print what failed, and the digest if asked for.")
  private boolean quiet;

  @Option(
      names = "--full",
      description = "Print the whole report of each file; of several files it is a line.")
  private boolean full;

  @Option(
      names = "--replay",
      paramLabel = "JOURNAL",
      description =
          "Repeat the commands of a journal that 'sim:journal FILE' wrote; without FILE, the run"
              + " that 'sim:save FILE' or 'shell --journal FILE' did.")
  private Path replay;

  @Mixin private RepeatOptions repeat;

  @Spec private CommandSpec spec;

  /** The command over these policies. */
  public RunCommand(Console console, PolicyLookup policies, Interrupt interrupt) {
    this.console = console;
    this.policies = policies;
    this.interrupt = interrupt;
  }

  @Override
  public Integer call() throws Exception {
    if (replay != null && files.size() > 1) {
      throw new ParameterException(
          spec.commandLine(), "--replay: there are several files; a journal belongs to one");
    }
    repeat.check();
    if (repeat.isWanted()) {
      return repeated();
    }
    Optional<SavedRun> saved = saved();
    Optional<Journal> journal = saved.map(SavedRun::journal);
    List<Scenario> scenarios = scenarios(saved);
    JsonTarget target = JsonTarget.of(json, console);
    List<FinishedRun> finished = new ArrayList<>();
    RunLine line = new RunLine(console, scenarios);
    for (Scenario scenario : scenarios) {
      if (interrupt.isRaised()) {
        break;
      }
      FinishedRun run = execute(scenario, target.isWanted(), journal);
      finished.add(run);
      if (scenarios.size() > 1 && !full && !quiet && !target.isStdout()) {
        line.print(run, digest);
        printRepeating(run);
      } else {
        print(run, target.isStdout(), finished.size() > 1);
      }
    }
    target.write(finished.stream().map(r -> SummaryJson.of(r.facts(), r.summary())).toList());
    if (interrupt.isRaised()) {
      return ExitStatus.INTERRUPTED;
    }
    return finished.stream().allMatch(FinishedRun::isGood) ? ExitStatus.GOOD : ExitStatus.FAILED;
  }

  /**
   * All are read before the first is run: what is wrong with the last is not told an hour later.
   */
  private List<Scenario> scenarios(Optional<SavedRun> saved) throws ScenarioException {
    List<Setting> settings = options.settings();
    ScenarioReader reader = ScenarioFigures.reader(policies);
    List<Scenario> scenarios = new ArrayList<>();
    try (TraceProgress progress = new TraceProgress(console, interrupt)) {
      for (Path file : files) {
        scenarios.add(reader.telling(progress).read(file, settings));
      }
    }
    if (!files.isEmpty()) {
      return scenarios;
    }
    if (saved.isEmpty() || saved.get().files().isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          saved.isEmpty()
              ? "name a FILE: a scenario or a fio job file"
              : replay + ": is a journal alone; name the FILE that it belongs to");
    }
    if (!settings.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          settings.get(0).origin() + ": a saved run is repeated as it was; leave it out");
    }
    Path first = Path.of(saved.get().files().keySet().iterator().next());
    return List.of(reader.reading(saved.get().scenarioFiles()).read(first, saved.get().settings()));
  }

  private int repeated() throws ScenarioException, IOException, InterruptedException {
    if (replay != null) {
      throw new ParameterException(
          spec.commandLine(), "--repeat: a journal belongs to one seed; leave --replay out");
    }
    if (files.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "name a FILE: a scenario or a fio job file");
    }
    return new RepeatedRunning(console, policies, interrupt)
        .run(files, options.settings(), repeat, JsonTarget.of(json, console), digest, quiet);
  }

  private FinishedRun execute(Scenario scenario, boolean forFile, Optional<Journal> journal)
      throws RefusedRunException, InterruptedException {
    try (Progress progress = new Progress(console)) {
      return new RunExecution(policies, interrupt)
          .run(
              scenario,
              digest || forFile,
              journal,
              now -> progress.tell(() -> ProgressLine.of(scenario, now)));
    }
  }

  /** The command that repeats the run of one file. */
  private String repeating(Scenario scenario) {
    String command =
        files.isEmpty() ? "deferlab run" : options.repeating(scenario.file(), List.of());
    return replay == null
        ? command
        : command + " --replay " + ScenarioOptions.quoted(replay.toString());
  }

  private Optional<SavedRun> saved() throws ScenarioException, IOException {
    return replay == null
        ? Optional.empty()
        : Optional.of(SavedRun.read(replay.toString(), Files.readString(replay)));
  }

  private void printRepeating(FinishedRun run) {
    if (!run.outcome().isGood() && !run.isGood()) {
      console.error("repeat with: " + repeating(run.scenario()));
    }
  }

  private void print(FinishedRun run, boolean stdoutIsTaken, boolean follows) {
    RunReport report = new RunReport(console);
    if (!quiet && !stdoutIsTaken) {
      if (follows) {
        console.out().println();
      }
      report.print(run);
    } else {
      report.printFailuresOnly(run);
    }
    printRepeating(run);
    if (digest && !stdoutIsTaken) {
      console.out().println((quiet ? "" : "\ndigest ") + run.outcome().digest());
    }
  }
}
