package launcher.cli.shell;

import java.util.ArrayList;
import java.util.List;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyLookup;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.CommandSessionListener;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.metatype.AttributeDefinition;

/**
 * What may stand at a place of one of the shell's commands, for its completion. Gogo's shell reads
 * completions from its profile; a session gets ours when that was read.
 */
public final class Candidates implements CommandSessionListener {
  static final String SCOPE = "deferlab";
  static final String[] FUNCTIONS = {"candidates"};

  /** Where Gogo's shell keeps completions; there are none in a session without line editing. */
  private static final String COMPLETIONS = ".completions";

  private static final String DONE = ".deferlab.completions";
  private static final List<String> UNITS = List.of("ns", "us", "ms", "s");
  private static final List<String> COMMANDS =
      List.of(
          "sim:select",
          "sim:end",
          "sim:speed",
          "sim:step",
          "sim:await",
          "policy:use",
          "policy:info",
          "policy:await",
          "policy:config");

  private final Simulations simulations;
  private final PolicyNames names;
  private final ShellFramework framework;

  Candidates(Simulations simulations, PolicyLookup policies, ShellFramework framework) {
    this.simulations = simulations;
    this.framework = framework;
    names = new PolicyNames(policies);
  }

  /** {@code deferlab:candidates policy:use ($.commandLine words) ($.commandLine wordIndex)}. */
  @Descriptor("what may stand at a place of a command; for its completion")
  public List<String> candidates(
      @Descriptor("the command") String command,
      @Descriptor("the words of the line, the command first") List<?> words,
      @Descriptor("which of them is to be completed") int index) {
    List<String> before = words.subList(0, index).stream().map(String::valueOf).toList();
    return switch (command) {
      case "sim:select", "sim:end" ->
          index == 1 ? simulations.all().stream().map(LiveSimulation::name).toList() : List.of();
      case "sim:speed" -> index == 1 ? List.of("0.001", "0.01", "0.1", "1", "max") : List.of();
      case "sim:step", "sim:await" -> index == 2 ? UNITS : List.of();
      default -> policy(command, before, index);
    };
  }

  private List<String> policy(String command, List<String> before, int index) {
    if (index == 1) {
      return PolicyFamily.all().stream().map(PolicyFamily::key).toList();
    }
    var family = PolicyFamily.of(before.get(1));
    if (family.isEmpty()) {
      return List.of();
    }
    if (index == 2) {
      int prefix = family.get().key().length() + 1;
      return names.ids(family.get()).stream().map(id -> id.substring(prefix)).toList();
    }
    if (!command.equals("policy:config")) {
      return List.of();
    }
    List<String> keys = new ArrayList<>(index == 3 ? List.of("--reset") : List.of());
    framework.attributes(family.get().idOf(before.get(2))).stream()
        .map(AttributeDefinition::getID)
        .filter(key -> before.stream().noneMatch(word -> word.startsWith(key + "=")))
        .forEach(key -> keys.add(key + "="));
    return keys;
  }

  @Override
  public void beforeExecute(CommandSession session, CharSequence command) {
    // Its profile is not read yet.
  }

  @Override
  public void afterExecute(CommandSession session, CharSequence command, Exception failed) {
    afterExecute(session, command, (Object) null);
  }

  @Override
  public void afterExecute(CommandSession session, CharSequence command, Object result) {
    if (session.get(COMPLETIONS) == null || session.get(DONE) != null) {
      return;
    }
    // First of all, because what follows comes here, too.
    session.put(DONE, true);
    for (String completed : COMMANDS) {
      try {
        session.execute(completion(completed));
      } catch (Exception e) {
        throw new IllegalStateException(completed + " can't be completed", e);
      }
    }
  }

  static String completion(String command) {
    return "complete -c %s -a 'deferlab:candidates %s ($.commandLine words) ($.commandLine wordIndex)'"
        .formatted(command, command);
  }
}
