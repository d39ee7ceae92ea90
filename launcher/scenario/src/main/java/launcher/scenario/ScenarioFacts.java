package launcher.scenario;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a scenario is, in short, for people and for files of results. */
public final class ScenarioFacts {
  private ScenarioFacts() {}

  /** By key, in order: names, numbers and maps of them. */
  public static Map<String, Object> of(Scenario scenario) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("scenario", scenario.name());
    facts.put("file", scenario.file());
    facts.put("seed", scenario.seed());
    facts.put("era", scenario.era());
    facts.put("policies", scenario.policies());
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("cpus", scenario.machine().cpus());
    machine.put("hz", scenario.machine().build().hz());
    machine.put("preempt", word(scenario.machine().build().preempt()));
    machine.put("memory_bytes", scenario.memory().sizeBytes());
    if (scenario.memory().limitBytes() > 0) {
      machine.put("memory_limit_bytes", scenario.memory().limitBytes());
    }
    if (!scenario.memory().groups().isEmpty()) {
      Map<String, Object> groups = new LinkedHashMap<>();
      scenario.memory().groups().forEach(group -> groups.put(group.name(), group.limitBytes()));
      machine.put("memory_group_limit_bytes", groups);
    }
    facts.put("machine", machine);
    facts.put("device", scenario.device().name());
    facts.put("filesystem", word(scenario.fileSystem().type()));
    return facts;
  }

  /** Kernel, machine, device, file system and seed in one line. */
  public static String line(Scenario scenario) {
    return "%s, %d CPUs at %d HZ (preempt %s), %s%s, %s on %s, seed %d"
        .formatted(
            scenario.era(),
            scenario.machine().cpus(),
            scenario.machine().build().hz(),
            word(scenario.machine().build().preempt()),
            Unit.BYTES.format(scenario.memory().sizeBytes()),
            scenario.memory().limitBytes() > 0
                ? " (limit " + Unit.BYTES.format(scenario.memory().limitBytes()) + ")"
                : "",
            word(scenario.fileSystem().type()),
            scenario.device().name(),
            scenario.seed());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
