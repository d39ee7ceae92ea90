package launcher.cli.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioException;
import launcher.scenario.ScenarioReader;
import launcher.scenario.Setting;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How often a scenario is run, with which seeds, and how many runs at one time. */
public final class RepeatOptions {
  private static final String OPTION = "--repeat";
  private static final String SEED = "seed";

  @Option(
      names = OPTION,
      paramLabel = "N",
      description = {
        "Do N runs, with the scenario's seed and the N-1 numbers after it, and print medians with"
            + " 95 %% bootstrap intervals."
      })
  private Integer repeat;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Runs that go on at one time; by default one a core.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  /** Whether more than one run was asked for. */
  public boolean isWanted() {
    return repeat != null;
  }

  /** Runs of each scenario. */
  public int count() {
    return repeat == null ? 1 : repeat;
  }

  /** Runs at one time. */
  public int threads() {
    return threads;
  }

  /**
   * Refuses numbers that make no sense.
   *
   * @throws ParameterException that says which
   */
  public void check() {
    if (threads < 1) {
      throw new ParameterException(
          spec.commandLine(), "--threads: is " + threads + "; it must be at least 1");
    }
    if (repeat != null && repeat < 2) {
      throw new ParameterException(
          spec.commandLine(), OPTION + ": is " + repeat + "; it must be at least 2");
    }
  }

  /**
   * Reads a scenario as often as it is to be run, once a seed.
   *
   * @param settings what replaces the file's values
   * @throws ScenarioException if anything is wrong with it
   */
  public List<Scenario> read(ScenarioReader reader, Path file, List<Setting> settings)
      throws ScenarioException {
    List<Scenario> scenarios = new ArrayList<>(List.of(reader.read(file, settings)));
    long first = scenarios.get(0).seed();
    for (int i = 1; i < count(); i++) {
      List<Setting> all = new ArrayList<>(settings);
      all.add(new Setting(SEED, String.valueOf(first + i), OPTION));
      scenarios.add(reader.read(file, all));
    }
    return scenarios;
  }

  /** Refuses to vary what repetition varies. */
  public void refuseSeed(Iterable<String> keys) {
    for (String key : keys) {
      if (isWanted() && key.equals(SEED)) {
        throw new ParameterException(
            spec.commandLine(), OPTION + ": varies the seed; leave '--vary seed' out");
      }
    }
  }
}
