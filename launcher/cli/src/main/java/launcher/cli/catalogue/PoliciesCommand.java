package launcher.cli.catalogue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import launcher.cli.Console;
import launcher.cli.ExitStatus;
import launcher.cli.NamesBundles;
import launcher.scenario.policy.PolicyJars;
import launcher.scenario.policy.PolicyLookup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deferlab policies}. */
@Command(
    name = "policies",
    description = "Lists the policies of each family, and what is refused and why.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  deferlab policies",
      "  deferlab policies --json",
      "  deferlab policies --available my-policy-1.0.0.jar",
      "  deferlab policies --bundles my-policy-1.0.0.jar"
    })
public final class PoliciesCommand implements Callable<Integer>, NamesBundles {
  private final Console console;
  private final PolicyLookup policies;
  private final PolicyJars jars;
  private final PolicyAttributes attributes;

  @Option(names = "--json", description = "Print the list as JSON.")
  private boolean json;

  @Option(
      names = "--available",
      paramLabel = "JAR|FOLDER",
      description =
          "List what a jar, or each jar in a folder, would bring, and whether it could be used"
              + " here. Reads manifests; nothing is installed.")
  private Path available;

  @Option(
      names = "--bundles",
      paramLabel = "JAR|FOLDER",
      description = "Also list what these bundles bring; they are installed in this process.")
  private List<Path> bundles = new ArrayList<>();

  /** The command over these policies, and over jars that are not installed. */
  public PoliciesCommand(
      Console console, PolicyLookup policies, PolicyJars jars, PolicyAttributes attributes) {
    this.console = console;
    this.policies = policies;
    this.jars = jars;
    this.attributes = attributes;
  }

  @Override
  public Integer call() {
    if (available != null) {
      return printAvailable();
    }
    console
        .out()
        .print(
            json
                ? PoliciesJson.of(policies, attributes)
                : new PoliciesText(console, attributes).of(policies));
    return ExitStatus.GOOD;
  }

  @Override
  public List<Path> bundles() {
    return bundles;
  }

  private int printAvailable() {
    try {
      AvailablePolicies found = new AvailablePolicies(jars, available);
      console.out().print(json ? found.json() : found.text(console));
      return ExitStatus.GOOD;
    } catch (IOException e) {
      console.error(e.getMessage());
      return ExitStatus.BAD_INPUT;
    }
  }
}
