package launcher.cli.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import launcher.cli.Console;
import launcher.cli.ExitStatus;
import launcher.cli.Interrupt;
import launcher.cli.JsonTarget;
import launcher.cli.Progress;
import launcher.cli.run.FinishedRun;
import launcher.cli.run.ProgressLine;
import launcher.cli.run.RefusedRunException;
import launcher.cli.run.RunExecution;
import launcher.cli.run.ScenarioFigures;
import launcher.cli.run.ScenarioOptions;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioException;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RegisteredPolicy;
import launcher.scenario.run.RunOptions;
import launcher.scenario.run.SimulationRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code deferlab check}. */
@Command(
    name = "check",
    description = {
      "Swaps policies and takes CPUs offline at random virtual times, and asks whether anything was"
          + " lost, doubled, miscounted or stuck.",
      "A schedule that does harm is made shorter as long as it still does, and printed as the"
          + " command that repeats it. The swaps and hotplug of the file are not done."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  deferlab check scenarios/soak.yaml --swaps 10000 --hotplug 40 --pending --custody",
      "  deferlab check job.fio --schedules 20 --without completion.inline",
      "  deferlab check job.fio --only completion.mine,completion.workqueue --swaps 1000",
      "",
      "Exit status: 0 nothing was found, 1 something was, 2 bad input, 130 Ctrl-C."
    })
public final class CheckCommand implements Callable<Integer> {
  private final Console console;
  private final PolicyLookup policies;
  private final Interrupt interrupt;

  @Parameters(paramLabel = "FILE", description = "Scenario or fio job file.")
  private Path file;

  @Mixin private ScenarioOptions options;

  @Option(names = "--swaps", paramLabel = "N", description = "Swaps a schedule; 100 by default.")
  private int swaps = 100;

  @Option(
      names = "--hotplug",
      paramLabel = "N",
      description = "How often a CPU goes offline in a schedule; 4 by default.")
  private int trips = 4;

  @Option(names = "--schedules", paramLabel = "N", description = "How many; 1 by default.")
  private int schedules = 1;

  @Option(
      names = "--first",
      paramLabel = "N",
      description = "Number of the first schedule, which is what it is drawn with; 1 by default.")
  private long first = 1;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "ID",
      description = "Policies to choose from, in their families; by default all.")
  private List<String> only = List.of();

  @Option(
      names = "--without",
      split = ",",
      paramLabel = "ID",
      description = "Policies not to choose, such as those that are wrong on purpose.")
  private List<String> without = List.of();

  @Option(
      names = "--custody",
      description = "Broken context rules are counted and fail nothing; only custody does.")
  private boolean custodyOnly;

  @Option(
      names = "--pending",
      description =
          "Each swap waits until something is pending in its family, or a task is in the middle of"
              + " its policy's answer, or until the time of the next swap.")
  private boolean pending;

  @Option(
      names = "--shrink",
      paramLabel = "N",
      description = "Runs to make a harmful schedule shorter, at most; 100 by default.")
  private int shrinkRuns = 100;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures as JSON; '-': to stdout, in place of the lines.")
  private String json;

  @Spec private CommandSpec spec;

  /** The command over these policies. */
  public CheckCommand(Console console, PolicyLookup policies, Interrupt interrupt) {
    this.console = console;
    this.policies = policies;
    this.interrupt = interrupt;
  }

  @Override
  public Integer call() throws Exception {
    requireAtLeast("--swaps", swaps, 0);
    requireAtLeast("--hotplug", trips, 0);
    requireAtLeast("--schedules", schedules, 1);
    requireAtLeast("--shrink", shrinkRuns, 0);
    Scenario scenario = read(Schedule.EMPTY);
    if (trips > 0 && scenario.cpus() == 1) {
      throw wrong("--hotplug: the machine has one CPU; give it --cpus 2 or say --hotplug 0");
    }
    Map<String, List<String>> choice = choice();
    JsonTarget target = JsonTarget.of(json, console);
    long lengthNs = scenario.durationNs() > 0 ? scenario.durationNs() : lengthNs(scenario);
    ScheduleDraw draw = new ScheduleDraw(choice, scenario.cpus(), lengthNs);
    List<CheckedRun> checked = new ArrayList<>();
    for (int i = 0; i < schedules && !interrupt.isRaised(); i++) {
      CheckedRun run = check(first + i, draw.draw(first + i, swaps, trips));
      checked.add(run);
      print(run, target.isStdout());
    }
    target.write(List.of(text(checked)));
    if (interrupt.isRaised()) {
      return ExitStatus.INTERRUPTED;
    }
    return checked.stream().allMatch(run -> run.breaches().isEmpty())
        ? ExitStatus.GOOD
        : ExitStatus.FAILED;
  }

  private void requireAtLeast(String option, int value, int least) {
    if (value < least) {
      throw wrong(option + ": is " + value + "; it must be at least " + least);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** What the swaps choose from, by family. */
  private Map<String, List<String>> choice() {
    List<String> known = policies.registered().stream().map(RegisteredPolicy::id).toList();
    for (String id : only) {
      requireKnown("--only", id, known);
    }
    for (String id : without) {
      requireKnown("--without", id, known);
    }
    Map<String, List<String>> choice = new LinkedHashMap<>();
    for (PolicyFamily<?> family : PolicyFamily.all()) {
      List<String> ids =
          known.stream()
              .filter(id -> id.startsWith(family.key() + "."))
              .filter(id -> only.isEmpty() || only.contains(id))
              .filter(id -> !without.contains(id))
              .toList();
      if (!ids.isEmpty()) {
        choice.put(family.key(), ids);
      }
    }
    if (choice.isEmpty() && swaps > 0) {
      throw wrong("--without: leaves no policy to swap to");
    }
    return choice;
  }

  private void requireKnown(String option, String id, List<String> known) {
    if (!known.contains(id)) {
      throw wrong(option + ": no policy '" + id + "'; 'deferlab policies' lists them");
    }
  }

  private Scenario read(Schedule schedule) throws ScenarioException {
    return ScenarioFigures.reader(policies).read(file, options.settings(schedule.settings()));
  }

  /** How long it lasts with nothing done to it. */
  private long lengthNs(Scenario scenario) throws RefusedRunException, InterruptedException {
    return execute(scenario).outcome().endNs();
  }

  private CheckedRun check(long number, ScheduleDraw.Drawn drawn) throws Exception {
    if (!pending) {
      return check(number, drawn.schedule(), 0);
    }
    SimulationRun run =
        new SimulationRun(read(drawn.withoutSwaps()), policies, RunOptions.DEFAULT.withoutDigest());
    PendingSearch search = new PendingSearch(run, interrupt::isRaised);
    Schedule schedule = drawn.with(search.moved(drawn.swaps())).schedule();
    return check(number, schedule, search.withTasksInside());
  }

  private CheckedRun check(long number, Schedule schedule, int withTasksInside) throws Exception {
    return new CheckedRun(number, schedule, execute(read(schedule)), withTasksInside, custodyOnly);
  }

  private FinishedRun execute(Scenario scenario) throws RefusedRunException, InterruptedException {
    try (Progress progress = new Progress(console)) {
      return new RunExecution(policies, interrupt)
          .run(
              scenario,
              true,
              Optional.empty(),
              now -> progress.tell(() -> ProgressLine.of(scenario, now)));
    }
  }

  private void print(CheckedRun run, boolean stdoutIsTaken) throws Exception {
    if (!stdoutIsTaken) {
      console.out().println(run.line());
      run.complaints()
          .forEach((first, count) -> console.out().println("  " + count + " times: " + first));
      console.out().flush();
    }
    run.breaches().forEach(console::error);
    if (!run.breaches().isEmpty() && !interrupt.isRaised()) {
      shrink(run);
    }
  }

  private void shrink(CheckedRun harmful) throws Exception {
    ScheduleShrinker shrinker =
        new ScheduleShrinker(
            shorter ->
                !interrupt.isRaised() && !check(harmful.seed(), shorter, 0).breaches().isEmpty(),
            shrinkRuns);
    Schedule shortest = shrinker.shrink(harmful.schedule());
    console.error(
        "shortest schedule found in %d runs: %d of %d"
            .formatted(
                shrinker.attempts(), shortest.items().size(), harmful.schedule().items().size()));
    console.error("repeat with: " + options.repeating(file.toString(), shortest.settings()));
  }

  private String text(List<CheckedRun> checked) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("format", 1);
    root.put("file", file.toString());
    root.put("custody_only", custodyOnly);
    root.put("schedules", checked.stream().map(CheckedRun::facts).toList());
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain maps could not be written", e);
    }
  }
}
