package launcher.cli.catalogue;

import java.util.concurrent.Callable;
import launcher.cli.Console;
import launcher.scenario.policy.PolicyLookup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deferlab policies}. */
@Command(
    name = "policies",
    description = "Lists the policies of each family, and what is refused and why.",
    footerHeading = "%nExamples:%n",
    footer = {"  deferlab policies", "  deferlab policies --json"})
public final class PoliciesCommand implements Callable<Integer> {
  private final Console console;
  private final PolicyLookup policies;
  private final PolicyAttributes attributes;

  @Option(names = "--json", description = "Print the list as JSON.")
  private boolean json;

  /** The command over these policies. */
  public PoliciesCommand(Console console, PolicyLookup policies, PolicyAttributes attributes) {
    this.console = console;
    this.policies = policies;
    this.attributes = attributes;
  }

  @Override
  public Integer call() {
    console
        .out()
        .print(
            json
                ? PoliciesJson.of(policies, attributes)
                : new PoliciesText(console, attributes).of(policies));
    return 0;
  }
}
