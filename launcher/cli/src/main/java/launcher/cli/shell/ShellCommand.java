package launcher.cli.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import launcher.cli.Console;
import launcher.cli.ExitStatus;
import launcher.cli.Interrupt;
import launcher.cli.run.ScenarioOptions;
import launcher.scenario.policy.PolicyLookup;
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
      "Runs a scenario or fio job file live, with a shell beside it.",
      "The run begins at once and slowly: 10 ms of virtual time a second of wall time, so that its"
          + " policies can be changed while it goes on. Commands: sim:status, sim:pause,"
          + " sim:resume, sim:step, sim:speed, sim:await, sim:stats, sim:journal, sim:save,"
          + " sim:result, sim:end; sim:new, sim:list, sim:select for further runs; policy:list,"
          + " policy:info, policy:use, policy:config, policy:await; and the framework's lb, stop, start, update,"
          + " install. 'help sim:step' says more.",
      "Without a terminal on its stdin it obeys the lines of that, without a prompt, and stops at"
          + " the first one that fails."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  deferlab shell scenarios/dontcache-seqwrite.yaml",
      "  deferlab shell job.fio --paused --deploy deploy",
      "  deferlab shell job.fio --script swap.gogo --journal swap.journal",
      "  printf 'sim:await 5 ms\\npolicy:use completion skip\\nsim:await\\n' | deferlab shell job.fio",
      "",
      "When the shell is left the runs end, and what they came to is printed.",
      "Exit status: 0 good, 1 an expectation or an invariant failed, 2 bad input, 130 Ctrl-C."
    })
public final class ShellCommand implements Callable<Integer> {
  private final Console console;
  private final PolicyLookup policies;
  private final ShellFramework framework;
  private final Interrupt interrupt;

  @Parameters(paramLabel = "FILE", description = "Scenario or fio job file.")
  private Path file;

  @Mixin private ScenarioOptions options;
  @Mixin private Pace pace;

  @Option(
      names = "--script",
      paramLabel = "FILE",
      description = "Obey the lines of this file in place of stdin.")
  private Path script;

  @Option(
      names = "--deploy",
      paramLabel = "FOLDER",
      description =
          "Install, update and remove the bundles in this folder, and configure policies by its"
              + " files ID.cfg, as they come and go.")
  private Path deploy;

  @Option(
      names = "--journal",
      paramLabel = "FILE",
      description =
          "Save the run here when it ends, SIGTERM included; 'deferlab run --replay FILE' repeats"
              + " it. Further runs are saved beside it, as FILE.NAME.")
  private Path journal;

  @Option(
      names = "--remote",
      arity = "0..1",
      fallbackValue = "0",
      paramLabel = "PORT",
      description =
          "Take commands from programs of this machine, too, at this port of 127.0.0.1 or any that"
              + " is free; the key that they must send first is printed. Off by default.")
  private Integer remote;

  @Spec private CommandSpec spec;

  /**
   * The command over these policies.
   *
   * @param interrupt Ctrl-C, where no terminal takes it
   */
  public ShellCommand(
      Console console, PolicyLookup policies, ShellFramework framework, Interrupt interrupt) {
    this.console = console;
    this.policies = policies;
    this.framework = framework;
    this.interrupt = interrupt;
  }

  @Override
  public Integer call() throws Exception {
    double limit = pace.limit();
    checkFiles();
    Simulations simulations = new Simulations();
    ShellEnd end = new ShellEnd(console, simulations, Optional.ofNullable(journal));
    simulations.add(LiveSimulation.of("", file, options.settings(), policies));
    try (ShellExit exit = new ShellExit(framework.context(), end::endRuns);
        Interrupt.Registration stopping = interrupt.onRaise(() -> stop(exit, simulations));
        ShellLines lines = lines(exit)) {
      boolean obeyed = obey(lines, simulations, limit);
      end.endRuns();
      boolean isGood = end.print();
      if (interrupt.isRaised()) {
        return ExitStatus.INTERRUPTED;
      }
      if (!obeyed) {
        return ExitStatus.BAD_INPUT;
      }
      return isGood ? ExitStatus.GOOD : ExitStatus.FAILED;
    } finally {
      simulations.close();
    }
  }

  private static void stop(ShellExit exit, Simulations simulations) {
    exit.ask();
    simulations.all().forEach(simulation -> simulation.mailbox().stop());
  }

  private boolean obey(ShellLines lines, Simulations simulations, double limit) throws Exception {
    ShellServices services = new ShellServices(framework, console, simulations, policies);
    try (DeployFolder folder = deployFolder();
        RemoteShell shell = remoteShell()) {
      if (lines.needsLineEditing()) {
        welcome(simulations.selected());
      }
      InteractiveLevel.reach(framework.context(), without(lines));
      if (shell != null) {
        shell.start();
        console.err().println(shell.text());
      }
      simulations.selected().start(limit, pace.isPaused());
      return lines.obey();
    } finally {
      services.close();
    }
  }

  private void welcome(LiveSimulation simulation) {
    console
        .out()
        .println(
            "%s %s. sim:status, policy:list, help; exit ends it and prints the result."
                .formatted(simulation.name(), pace.text()));
  }

  /** FileInstall would make the folder, and a typing error would go unnoticed. */
  private void checkFiles() {
    if (deploy != null && !Files.isDirectory(deploy)) {
      throw new ParameterException(
          spec.commandLine(), "--deploy: '" + deploy + "' is no folder; make it first");
    }
    if (journal != null
        && (Files.isDirectory(journal)
            || !Files.isDirectory(journal.toAbsolutePath().getParent()))) {
      throw new ParameterException(
          spec.commandLine(), "--journal: '" + journal + "' can't be a file; name one in a folder");
    }
  }

  /** Null if none is wanted, which a try statement passes over. */
  private DeployFolder deployFolder() {
    return deploy == null ? null : new DeployFolder(framework, console, policies, deploy);
  }

  /** Null if none is wanted, which a try statement passes over. */
  private RemoteShell remoteShell() {
    if (remote == null) {
      return null;
    }
    try {
      return new RemoteShell(framework.context(), remote);
    } catch (IOException | IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "--remote: port " + remote + ": " + e.getMessage(), e);
    }
  }

  private ShellLines lines(ShellExit exit) throws IOException {
    if (script != null) {
      return script(exit, script.toString(), Files.newBufferedReader(script));
    }
    return console.input()
        ? new TerminalLines(console, exit)
        : script(exit, "stdin", new BufferedReader(new InputStreamReader(System.in)));
  }

  private ScriptLines script(ShellExit exit, String name, BufferedReader reader) {
    return new ScriptLines(framework.context(), console, exit, name, reader);
  }

  private Set<String> without(ShellLines lines) {
    Set<String> without = new LinkedHashSet<>();
    if (!lines.needsLineEditing()) {
      without.add(InteractiveLevel.LINE_EDITING);
    }
    if (deploy == null) {
      without.add(InteractiveLevel.DEPLOY_FOLDER);
    }
    return without;
  }
}
