package launcher.cli.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import launcher.cli.run.ProgressLine;
import launcher.cli.run.ScenarioOptions;
import launcher.report.Figures;
import launcher.report.TextTable;
import launcher.report.TextTable.Side;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.run.PolicySeatSnapshot;
import launcher.scenario.run.RunSnapshot;
import launcher.scenario.run.SavedRun;
import org.apache.felix.service.command.Descriptor;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** The shell's commands about runs as such: the rest of the scope {@code sim}. */
public final class RunsCommands {
  static final String[] FUNCTIONS = {"new", "list", "select", "save"};

  /** What may stand behind the file of {@code sim:new}. */
  @Command(name = "sim:new")
  private static final class Options implements Runnable {
    @Mixin private ScenarioOptions scenario;
    @Mixin private Pace pace;

    @Override
    public void run() {
      throw new IllegalStateException("only parsed");
    }
  }

  private final Simulations simulations;
  private final PolicyLookup policies;

  RunsCommands(Simulations simulations, PolicyLookup policies) {
    this.simulations = simulations;
    this.policies = policies;
  }

  /** {@code sim:new other job.fio --era E3}. The name is Gogo's for a word of Java. */
  @Descriptor("begins another run beside the others, and selects it")
  public String _new(
      @Descriptor("what it is to be called") String name,
      @Descriptor("scenario or fio job file") String file,
      @Descriptor("options of deferlab run, and --speed, --paused") String... options)
      throws Exception {
    if (!name.matches("[A-Za-z0-9][\\w.-]*")) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name for a run: letters, digits, '.', '-' and '_'");
    }
    Options parsed = new Options();
    double limit;
    LiveSimulation simulation;
    try {
      new CommandLine(parsed).parseArgs(options);
      limit = parsed.pace.limit();
      simulation = LiveSimulation.of(name, Path.of(file), parsed.scenario.settings(), policies);
    } catch (ParameterException e) {
      throw new IllegalArgumentException(e.getMessage() + "; 'help sim:new' says more", e);
    }
    simulations.add(simulation);
    simulation.start(limit, parsed.pace.isPaused());
    return name + " " + parsed.pace.text() + " and is selected";
  }

  /** {@code sim:list}. */
  @Descriptor("lists the runs; the selected one is marked")
  public String list() {
    TextTable table = new TextTable().column("", Side.LEFT).column("run", Side.LEFT);
    table.column("scenario", Side.LEFT).column("state", Side.LEFT).column("time", Side.RIGHT);
    table.column("done", Side.RIGHT).column("policies", Side.LEFT);
    for (LiveSimulation simulation : simulations.all()) {
      RunSnapshot now = simulation.mailbox().snapshot();
      double share = ProgressLine.share(simulation.scenario(), now);
      table.row().cell(simulation == simulations.selected() ? "*" : "").cell(simulation.name());
      table.cell(simulation.scenario().name()).cell(StatusText.state(now));
      table.cell(Figures.time(now.nowNs()));
      table.cell(share < 0 ? Figures.bytes(now.bytesDone()) : Figures.percent(share, 1));
      table.cell(
          now.policies().stream()
              .map(PolicySeatSnapshot::policyId)
              .collect(Collectors.joining(" ")));
    }
    return table.text(false).stripTrailing();
  }

  /** {@code sim:select other}. */
  @Descriptor("makes the other commands be about another run")
  public String select(@Descriptor("name of a run; sim:list lists them") String name) {
    LiveSimulation simulation = simulations.select(name);
    return name + " " + StatusText.line(simulation.mailbox().snapshot());
  }

  /** {@code sim:save run.journal}. */
  @Descriptor("writes the run so that deferlab run --replay FILE repeats it on any machine")
  public String save(@Descriptor("file to write") String file) throws Exception {
    SavedRun saved = simulations.selected().saved();
    Files.writeString(Path.of(file), saved.text());
    return "written to %s, with %s; repeat it with: deferlab run --replay %s"
        .formatted(file, count(saved.files().keySet().stream().toList()), file);
  }

  private static String count(List<String> files) {
    return files.size() == 1 ? files.get(0) : files.size() + " files";
  }
}
