package launcher.cli.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
import launcher.cli.run.FinishedRun;
import launcher.cli.run.ProgressLine;
import launcher.cli.run.RefusedRunException;
import launcher.cli.run.RunExecution;
import launcher.cli.run.RunReport;
import launcher.cli.run.ScenarioFigures;
import launcher.cli.run.ScenarioOptions;
import launcher.report.SummaryJson;
import launcher.scenario.Problem;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioException;
import launcher.scenario.Setting;
import launcher.scenario.policy.PolicyLookup;
import launcher.trace.UnreadableTraceException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deferlab replay}: a scenario whose workload is a trace. */
@Command(
    name = "replay",
    description = "Plays what a recorded trace asked for, under any kernel and policy.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  deferlab replay job.iolog --as dontcache --era E2",
      "  deferlab replay capture.trace.gz --device 254:0",
      "  deferlab replay capture.trace.gz --layer files --as buffered --policy completion=skip",
      "  deferlab replay sda.blkparse.txt --speed 2 --set device.capacity=4TiB",
      "  deferlab replay capture.trace.gz --summary",
      "",
      "Exit status: 0 all held, 1 an invariant failed, 2 bad input, 130 Ctrl-C."
    })
public final class ReplayCommand implements Callable<Integer> {
  /** A scenario of which everything comes from the options or is the default. */
  private static final String NOTHING = "{}";

  private final Console console;
  private final PolicyLookup policies;
  private final Interrupt interrupt;

  @Parameters(arity = "1", paramLabel = "TRACE", description = "Recorded trace, gzip or plain.")
  private Path file;

  @Mixin private TraceOptions reading;

  @Mixin private ReplayOptions replay;

  @Mixin private ScenarioOptions options;

  @Option(names = "--summary", description = "Print what the trace holds, and play nothing.")
  private boolean summary;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures as JSON; '-': to stdout, in place of the tables.")
  private String json;

  @Option(names = "--digest", description = "Print the SHA-256 of the simulation's trace.")
  private boolean digest;

  /** The command over these policies. */
  public ReplayCommand(Console console, PolicyLookup policies, Interrupt interrupt) {
    this.console = console;
    this.policies = policies;
    this.interrupt = interrupt;
  }

  @Override
  public Integer call() throws Exception {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (Files.isDirectory(file)) {
      throw new UnreadableTraceException(file + ": is a folder; name a trace in it");
    }
    if (!Files.isRegularFile(file)) {
      throw new UnreadableTraceException(
          file + ": is a pipe or a device, and a trace is read more than once: save it to a file");
    }
    JsonTarget target = JsonTarget.of(json, console);
    return summary ? summarize(target) : play(target);
  }

  private int summarize(JsonTarget target) throws IOException {
    ReadTrace trace = TraceCommand.read(file, reading, console, interrupt);
    if (!target.isStdout()) {
      new TraceText(console).print(trace);
    }
    target.write(List.of(TraceJson.of(trace)));
    return interrupt.isRaised() ? ExitStatus.INTERRUPTED : ExitStatus.GOOD;
  }

  private int play(JsonTarget target)
      throws ScenarioException, IOException, RefusedRunException, InterruptedException {
    List<Setting> settings = settings();
    Scenario scenario;
    try (TraceProgress progress = new TraceProgress(console, interrupt)) {
      scenario =
          ScenarioFigures.reader(policies)
              .telling(progress.of(file))
              .readText(file.toString(), NOTHING, settings);
    } catch (ScenarioException e) {
      if (interrupt.isRaised()) {
        return ExitStatus.INTERRUPTED;
      }
      throw new ScenarioException(e.problems().stream().map(this::ofTrace).toList());
    }
    FinishedRun run;
    try (Progress progress = new Progress(console)) {
      run =
          new RunExecution(policies, interrupt)
              .run(
                  scenario,
                  digest || target.isWanted(),
                  Optional.empty(),
                  now -> progress.tell(() -> ProgressLine.of(scenario, now)));
    }
    RunReport report = new RunReport(console);
    if (target.isStdout()) {
      report.printFailures(run);
    } else {
      report.print(run);
    }
    target.write(List.of(SummaryJson.of(run.facts(), run.summary())));
    if (digest && !target.isStdout()) {
      console.out().println("\ndigest " + run.outcome().digest());
    }
    if (interrupt.isRaised()) {
      return ExitStatus.INTERRUPTED;
    }
    return run.isGood() ? ExitStatus.GOOD : ExitStatus.FAILED;
  }

  /** What is wrong with the trace itself names it already, with the line. */
  private Problem ofTrace(Problem problem) {
    String what = problem.what();
    if (!problem.where().equals(file.toString()) || !what.startsWith(file + ":")) {
      return problem;
    }
    int end = what.indexOf(": ", file.toString().length());
    return new Problem(what.substring(0, end), "", what.substring(end + 2), problem.details());
  }

  private List<Setting> settings() {
    List<Setting> more = new ArrayList<>(replay.settings());
    reading.format().ifPresent(f -> more.add(new Setting("workload.format", f, "--format")));
    if (reading.strict()) {
      more.add(new Setting("workload.strict", "true", "--strict"));
    }
    List<Setting> settings = new ArrayList<>();
    String name = file.getFileName().toString();
    settings.add(new Setting("scenario", quoted(name), file.toString()));
    settings.add(new Setting("workload.trace", quoted(name), file.toString()));
    for (Setting setting : options.settings(more)) {
      settings.add(ReplayOptions.ofTrace(setting));
    }
    return settings;
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
