package launcher.cli.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import launcher.cli.Console;
import launcher.report.RunText;
import launcher.scenario.Quantity;
import launcher.scenario.Unit;
import launcher.scenario.run.RunSnapshot;
import launcher.scenario.run.RunState;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;

/** The shell's commands about the run: the scope {@code sim}. Gogo calls them, on any thread. */
public final class SimCommands {
  static final String SCOPE = "sim";
  static final String[] FUNCTIONS = {
    "status", "pause", "resume", "step", "speed", "await", "journal", "result", "end", "stats"
  };

  private final Simulations simulations;
  private final Console console;

  SimCommands(Simulations simulations, Console console) {
    this.simulations = simulations;
    this.console = console;
  }

  private LiveSimulation simulation() {
    return simulations.selected();
  }

  /** {@code sim:status}. */
  @Descriptor("shows the run: state, virtual time, policies in use, what is pending and cached")
  public String status() {
    return StatusText.of(
        simulation().name(), simulation().scenario(), simulation().mailbox().snapshot());
  }

  /** {@code sim:pause}. */
  @Descriptor("stops the clock until sim:resume")
  public String pause() throws Exception {
    return at(LiveSimulation.answer(simulation().mailbox().pause()));
  }

  /** {@code sim:resume}. */
  @Descriptor("lets the clock go on")
  public String resume() throws Exception {
    return at(LiveSimulation.answer(simulation().mailbox().resume()));
  }

  /** {@code sim:step}. */
  @Descriptor("runs a paused run on to the next virtual time at which anything happens")
  public String step() throws Exception {
    return step("1");
  }

  /** {@code sim:step 5}, {@code sim:step 10ms}. */
  @Descriptor("runs a paused run on")
  public String step(
      @Descriptor("how many times at which anything happens (5), or virtual time (10ms)")
          String amount)
      throws Exception {
    if (amount.matches("[0-9]+")) {
      return at(
          LiveSimulation.answer(
              simulation().mailbox().stepInstants(Quantity.parse(amount, Unit.COUNT).toLong())));
    }
    return at(LiveSimulation.answer(simulation().mailbox().stepNs(nanoseconds(amount))));
  }

  /** {@code sim:step 10 ms}. */
  @Descriptor("runs a paused run on for some virtual time")
  public String step(
      @Descriptor("number") String amount, @Descriptor("ns, us, ms or s") String unit)
      throws Exception {
    return step(amount + " " + unit);
  }

  /** {@code sim:speed 0.1}, {@code sim:speed max}. */
  @Descriptor("sets how fast virtual time passes at most")
  public String speed(
      @Descriptor("virtual seconds a wall second (0.1), or max") String virtualPerWall)
      throws Exception {
    return at(LiveSimulation.answer(simulation().mailbox().speed(Speed.parse(virtualPerWall))));
  }

  /** {@code sim:await}. */
  @Descriptor("waits until the run is over or suspended")
  public String await() throws InterruptedException {
    return at(simulation().await(Long.MAX_VALUE));
  }

  /** {@code sim:await 20ms}. */
  @Descriptor("waits until some virtual time of the run, or until it is over or suspended")
  public String await(@Descriptor("virtual time since the run's begin (20ms)") String time)
      throws InterruptedException {
    return at(simulation().await(nanoseconds(time)));
  }

  /** {@code sim:await 20 ms}. */
  @Descriptor("waits until some virtual time of the run, or until it is over or suspended")
  public String await(@Descriptor("number") String time, @Descriptor("ns, us, ms or s") String unit)
      throws InterruptedException {
    return await(time + " " + unit);
  }

  /** {@code sim:journal}. */
  @Descriptor("shows what has happened to the run from outside")
  public String journal() throws Exception {
    return simulation().journal().text().stripTrailing();
  }

  /** {@code sim:journal run.journal}. */
  @Descriptor("writes what has happened to the run from outside, for deferlab run --replay")
  public String journal(@Descriptor("file to write") String file) throws Exception {
    Files.writeString(Path.of(file), simulation().journal().text());
    return "written to " + file;
  }

  /** {@code sim:result}. */
  @Descriptor("shows the figures so far")
  public String result() throws InterruptedException {
    return RunText.of(simulation().summary(), console.colour(), console.columns()).stripTrailing();
  }

  /** {@code sim:end}. */
  @Descriptor("ends the run now")
  public String end() throws Exception {
    return at(LiveSimulation.answer(simulation().mailbox().stop()));
  }

  /** {@code sim:end other}. */
  @Descriptor("ends a run now")
  public String end(@Descriptor("name of the run") String name) throws Exception {
    return name + " " + at(LiveSimulation.answer(simulations.named(name).mailbox().stop()));
  }

  /** {@code sim:stats}, {@code sim:stats --follow}. */
  @Descriptor("shows what was counted so far: I/Os, page cache, bios, wake-ups")
  public String stats(
      CommandSession session,
      @Descriptor("prints a line a second of wall time, until Ctrl-C or the run is over")
          @Parameter(
              names = {"-f", "--follow"},
              presentValue = "true",
              absentValue = "false")
          boolean follow)
      throws Exception {
    LiveSimulation simulation = simulation();
    if (follow && simulation.mailbox().snapshot().state() == RunState.PAUSED) {
      throw new IllegalStateException(
          "the run is paused; sim:resume it first, or say how many lines: sim:stats --follow 5");
    }
    if (follow) {
      follow(session, Long.MAX_VALUE);
      return null;
    }
    return StatsText.of(simulation.mailbox().snapshot(), simulation.countersNow());
  }

  /** {@code sim:stats --follow 5}. */
  @Descriptor("prints some lines, one a second of wall time")
  public void stats(
      CommandSession session,
      @Descriptor("must be given")
          @Parameter(
              names = {"-f", "--follow"},
              presentValue = "true",
              absentValue = "false")
          boolean follow,
      @Descriptor("how many lines") long lines)
      throws Exception {
    if (!follow || lines < 1) {
      throw new IllegalArgumentException("a number of lines goes with --follow and is above 0");
    }
    follow(session, lines);
  }

  private void follow(CommandSession session, long lines) throws InterruptedException {
    // Ends with the run, with the lines, or by Ctrl-C, which interrupts.
    new StatsFollower(simulation(), session.getConsole()).follow(lines);
  }

  private static long nanoseconds(String text) {
    return Quantity.parse(text, Unit.NANOSECONDS).toLong();
  }

  private static String at(RunSnapshot now) {
    return StatusText.line(now);
  }
}
