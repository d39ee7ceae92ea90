package launcher.cli.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import launcher.cli.NamesBundles;
import launcher.scenario.Setting;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that replace what a file says. */
public final class ScenarioOptions implements NamesBundles {
  @Option(
      names = "--era",
      paramLabel = "ERA",
      description = "Kernel whose policies and switches are the defaults; see 'deferlab eras'.")
  private String era;

  @Option(
      names = "--policy",
      paramLabel = "FAMILY=NAME",
      description = "Policy of a family; may be given once a family. See 'deferlab policies'.")
  private List<String> policies = new ArrayList<>();

  @Option(
      names = "--machine",
      paramLabel = "NAME",
      description = "Machine, in place of the file's whole; see 'deferlab machines'.")
  private String machine;

  @Option(
      names = "--device",
      paramLabel = "MODEL",
      description = "Block device, in place of the file's whole; see 'deferlab devices'.")
  private String device;

  @Option(
      names = "--fs",
      paramLabel = "TYPE",
      description = "File system: iomap, ext2-like or block-device.")
  private String fs;

  @Option(names = "--memory", paramLabel = "SIZE", description = "Memory: '4 GiB'.")
  private String memory;

  @Option(names = "--cpus", paramLabel = "N", description = "Number of CPUs.")
  private String cpus;

  @Option(names = "--seed", paramLabel = "N", description = "The only source of chance.")
  private String seed;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Any key of a scenario: --set machine.hz=1000.")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--bundles",
      paramLabel = "JAR|FOLDER",
      description = "Policies that are not deferlab's own: bundles to install in this process.")
  private List<Path> bundles = new ArrayList<>();

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Override
  public List<Path> bundles() {
    return bundles;
  }

  /** What the options say, in the order in which it takes effect. */
  public List<Setting> settings() {
    return settings(List.of());
  }

  /**
   * What the options and somebody else say, in the order in which it takes effect: whole sections
   * before their keys.
   *
   * @throws ParameterException if an option has no '=' or two are about the same key
   */
  public List<Setting> settings(List<Setting> more) {
    List<Setting> settings = new ArrayList<>();
    add(settings, "era", era, "--era");
    add(settings, "machine", machine, "--machine");
    add(settings, "device", device, "--device");
    add(settings, "filesystem.type", fs, "--fs");
    add(settings, "memory.size", memory, "--memory");
    add(settings, "machine.cpus", cpus, "--cpus");
    add(settings, "seed", seed, "--seed");
    for (String policy : policies) {
      add(settings, "policies." + key(policy, "--policy"), value(policy), "--policy");
    }
    for (String set : sets) {
      add(settings, key(set, "--set"), value(set), "--set");
    }
    settings.addAll(more);
    refuseTwice(settings);
    settings.sort(Comparator.comparing(setting -> setting.key().indexOf('.') >= 0));
    return settings;
  }

  /**
   * The command that runs a file as these options and somebody else want it, for a shell to read.
   *
   * @param more as in {@link #settings(List)}
   */
  public String repeating(String file, List<Setting> more) {
    StringBuilder command = new StringBuilder("deferlab run " + quoted(file));
    for (Path bundle : bundles) {
      command.append(" --bundles ").append(quoted(bundle.toString()));
    }
    for (Setting setting : settings(more)) {
      command.append(" --set ").append(quoted(setting.key() + "=" + setting.value()));
    }
    return command.toString();
  }

  /** A word as a shell takes it for one. */
  static String quoted(String word) {
    return word.matches("[\\w./=:,+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static void add(List<Setting> settings, String key, String value, String option) {
    if (value != null) {
      settings.add(new Setting(key, value, option));
    }
  }

  private String key(String pair, String option) {
    int equals = pair.indexOf('=');
    if (equals < 1 || equals == pair.length() - 1) {
      throw new ParameterException(
          spec.commandLine(),
          option
              + ": '"
              + pair
              + "'; it must be "
              + (option.equals("--set") ? "KEY=VALUE" : "FAMILY=NAME"));
    }
    return pair.substring(0, equals);
  }

  private static String value(String pair) {
    return pair.substring(pair.indexOf('=') + 1);
  }

  private void refuseTwice(List<Setting> settings) {
    Set<String> keys = new LinkedHashSet<>();
    for (Setting setting : settings) {
      if (!keys.add(setting.key())) {
        throw new ParameterException(
            spec.commandLine(),
            setting.origin() + ": " + setting.key() + " is set twice; remove one of the options");
      }
    }
  }
}
