package launcher.cli.trace;

import java.util.ArrayList;
import java.util.List;
import launcher.scenario.Setting;
import picocli.CommandLine.Option;

/** What of a trace is played, and how. */
final class ReplayOptions {
  private static final String DEVICE = "device";
  private static final String NUMBERS = "\\d+[:,]\\d+";

  @Option(
      names = "--as",
      paramLabel = "KIND",
      description =
          "How requests are made: buffered, dontcache or direct. Usual: direct for requests of a"
              + " device, else buffered.")
  private String as;

  @Option(
      names = "--pace",
      paramLabel = "PACE",
      description =
          "arrivals: at their times, whatever became of the ones before; gaps: as fio does, as"
              + " long after the one before; none: as soon as that has completed.")
  private String pace;

  @Option(names = "--speed", paramLabel = "X", description = "Times faster, as 2 or 0.5.")
  private String speed;

  @Option(
      names = "--tasks",
      paramLabel = "N",
      description = "How many requests of pace 'arrivals' may be made at a time: 64.")
  private String tasks;

  @Option(
      names = "--layer",
      paramLabel = "LAYER",
      description =
          "Which events are played: queued, inserted, issued, completed, or files (calls on files,"
              + " as far as they are told).")
  private String layer;

  @Option(
      names = "--recorded-device",
      paramLabel = "MAJ:MIN",
      description =
          "Whose requests are played, if the trace has several devices; --device MAJ:MIN says the"
              + " same.")
  private String device;

  @Option(
      names = "--skip",
      paramLabel = "KINDS",
      description = "What is left out: read, write, trim, sync; several with commas.")
  private String skip;

  /** The keys of a workload that the options are. */
  List<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    add(settings, "as", as);
    add(settings, "pace", pace);
    add(settings, "speed", speed);
    add(settings, "tasks", tasks);
    add(settings, "layer", layer);
    if (device != null) {
      settings.add(new Setting("workload.device", "'" + device + "'", "--recorded-device"));
    }
    if (skip != null) {
      settings.add(new Setting("workload.skip", "[" + skip + "]", "--skip"));
    }
    return settings;
  }

  private static void add(List<Setting> settings, String key, String value) {
    if (value != null) {
      settings.add(new Setting("workload." + key, value, "--" + key));
    }
  }

  /** A device that is told by its numbers is the recorded one, not the simulated. */
  static Setting ofTrace(Setting setting) {
    boolean recorded = setting.key().equals(DEVICE) && setting.value().matches(NUMBERS);
    return recorded
        ? new Setting("workload.device", "'" + setting.value() + "'", setting.origin())
        : setting;
  }
}
