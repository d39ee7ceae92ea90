package launcher.cli.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import launcher.cli.Console;
import launcher.cli.ExitStatus;
import launcher.cli.run.FinishedRun;
import launcher.cli.run.RunReport;
import launcher.cli.run.ScenarioFigures;
import launcher.cli.run.ScenarioOptions;
import launcher.scenario.Scenario;
import launcher.scenario.policy.PolicyLookup;
import org.osgi.framework.BundleContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code deferlab shell}. */
@Command(
    name = "shell",
    description = {
      "Runs one scenario or fio job file live, with a shell beside it.",
      "The run begins at once and slowly: 10 ms of virtual time a second of wall time, so that its"
          + " policies can be changed while it goes on. Commands: sim:status, sim:pause,"
          + " sim:resume, sim:step, sim:speed, sim:await, sim:journal, sim:result, policy:list,"
          + " policy:use, and the framework's lb, stop, start, update, install. 'help sim:step'"
          + " says more.",
      "Without a terminal on its stdin it obeys the lines of that, without a prompt, and stops at"
          + " the first one that fails."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  deferlab shell scenarios/dontcache-seqwrite.yaml",
      "  deferlab shell job.fio --paused --deploy deploy",
      "  deferlab shell job.fio --script swap.gogo",
      "  printf 'sim:await 5 ms\\npolicy:use completion skip\\nsim:await\\n' | deferlab shell job.fio",
      "",
      "When the shell is left the run ends, and what it came to is printed.",
      "Exit status: 0 good, 1 an expectation or an invariant failed, 2 bad input."
    })
public final class ShellCommand implements Callable<Integer> {
  private final Console console;
  private final PolicyLookup policies;
  private final BundleContext context;

  @Parameters(paramLabel = "FILE", description = "Scenario or fio job file.")
  private Path file;

  @Mixin private ScenarioOptions options;

  @Option(
      names = "--speed",
      paramLabel = "X",
      description = "Virtual seconds a wall second at most, or 'max'; 0.01 by default.")
  private String speed = "0.01";

  @Option(names = "--paused", description = "Begin with the clock stopped at 0.")
  private boolean paused;

  @Option(
      names = "--script",
      paramLabel = "FILE",
      description = "Obey the lines of this file in place of stdin.")
  private Path script;

  @Option(
      names = "--deploy",
      paramLabel = "FOLDER",
      description = "Install, update and remove the bundles in this folder as they come and go.")
  private Path deploy;

  @Spec private CommandSpec spec;

  /** The command over these policies. */
  public ShellCommand(Console console, PolicyLookup policies, BundleContext context) {
    this.console = console;
    this.policies = policies;
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    double limit = limit();
    checkDeploy();
    Scenario scenario = ScenarioFigures.reader(policies).read(file, options.settings());
    try (ShellLines lines = lines();
        LiveSimulation simulation = new LiveSimulation(scenario, policies)) {
      ShellServices services = new ShellServices(context, console, simulation, policies);
      try {
        if (lines.needsLineEditing()) {
          welcome(scenario);
        }
        InteractiveLevel.reach(context, without(lines));
        simulation.start(limit, paused);
        boolean obeyed = lines.obey();
        FinishedRun run = simulation.finish();
        new RunReport(console).print(run);
        if (!obeyed) {
          return ExitStatus.BAD_INPUT;
        }
        return run.failures().isEmpty() ? ExitStatus.GOOD : ExitStatus.FAILED;
      } finally {
        services.close();
      }
    }
  }

  private void welcome(Scenario scenario) {
    console
        .out()
        .println(
            "%s %s. sim:status, policy:list, help; exit ends it and prints the result."
                .formatted(
                    scenario.name(),
                    paused
                        ? "is paused at 0"
                        : "runs at " + speed + " virtual seconds a second of wall time"));
  }

  private double limit() {
    try {
      return Speed.parse(speed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--speed: " + e.getMessage());
    }
  }

  /** FileInstall would make the folder, and a typing error would go unnoticed. */
  private void checkDeploy() {
    if (deploy != null && !Files.isDirectory(deploy)) {
      throw new ParameterException(
          spec.commandLine(), "--deploy: '" + deploy + "' is no folder; make it first");
    }
  }

  private ShellLines lines() throws IOException {
    if (script != null) {
      return new ScriptLines(context, console, script.toString(), Files.newBufferedReader(script));
    }
    return console.input()
        ? new TerminalLines(context, console)
        : new ScriptLines(
            context,
            console,
            "stdin",
            new java.io.BufferedReader(new java.io.InputStreamReader(System.in)));
  }

  private Set<String> without(ShellLines lines) {
    Set<String> without = new LinkedHashSet<>();
    if (!lines.needsLineEditing()) {
      without.add(InteractiveLevel.LINE_EDITING);
    }
    if (deploy == null) {
      without.add(InteractiveLevel.DEPLOY_FOLDER);
    } else {
      System.setProperty("felix.fileinstall.dir", deploy.toAbsolutePath().toString());
      System.setProperty("felix.fileinstall.poll", "200");
      System.setProperty("felix.fileinstall.noInitialDelay", "true");
      System.setProperty("felix.fileinstall.log.level", "1");
    }
    return without;
  }
}
