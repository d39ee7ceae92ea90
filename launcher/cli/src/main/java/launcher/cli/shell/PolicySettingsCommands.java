package launcher.cli.shell;

import java.util.List;
import java.util.Map;
import launcher.cli.Console;
import launcher.scenario.policy.PolicyConfigurations;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyLookup;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;

/** The shell's commands about one policy and its configuration: the rest of {@code policy}. */
public final class PolicySettingsCommands {
  static final String[] FUNCTIONS = {"info", "config"};

  private final Simulations simulations;
  private final PolicyLookup policies;
  private final PolicyNames names;
  private final ShellFramework framework;
  private final Console console;

  PolicySettingsCommands(
      Simulations simulations, PolicyLookup policies, ShellFramework framework, Console console) {
    this.simulations = simulations;
    this.policies = policies;
    this.framework = framework;
    this.console = console;
    names = new PolicyNames(policies);
  }

  /** {@code policy:info completion rt-thread}. */
  @Descriptor("tells all about a policy: what it models, its bundle, state and configuration")
  public String info(
      @Descriptor("family: completion, dropbehind, writeback or eviction") String family,
      @Descriptor("name of the policy, with or without its family") String name) {
    PolicyFamily<?> of = PolicyNames.family(family);
    return new PolicyDetails(policies, framework, console.columns())
        .of(names.id(of, name), simulations.all());
  }

  /** {@code policy:config completion rt-thread priority=60}. */
  @Descriptor("configures a policy: each run that uses it swaps it at one virtual time")
  public String config(
      @Descriptor("sets everything to its default")
          @Parameter(names = "--reset", presentValue = "true", absentValue = "false")
          boolean reset,
      @Descriptor("family: completion, dropbehind, writeback or eviction") String family,
      @Descriptor("name of the policy, with or without its family") String name,
      @Descriptor("KEY=VALUE and so on; policy:info lists the keys") String... pairs)
      throws InterruptedException {
    String id = names.id(PolicyNames.family(family), name);
    PolicyConfigurations configurations = framework.configurations();
    if (reset == pairs.length > 0) {
      throw new IllegalArgumentException(
          reset
              ? "--reset goes without values"
              : "name what is to be set, KEY=VALUE, or --reset; policy:info lists the keys");
    }
    Map<String, Object> values =
        reset
            ? Map.of()
            : new ConfigValues(id, framework.attributes(id))
                .changed(configurations.explicit(id), List.of(pairs));
    configurations.set(id, values);
    return id
        + " now has "
        + (values.isEmpty() ? "its defaults" : values.toString().replaceAll("[{}]", ""))
        + "; "
        + StatusText.line(simulations.selected().settled());
  }
}
