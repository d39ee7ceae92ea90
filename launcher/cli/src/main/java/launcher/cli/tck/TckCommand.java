package launcher.cli.tck;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import launcher.cli.Console;
import launcher.cli.ExitStatus;
import launcher.cli.JsonTarget;
import launcher.cli.tck.Subjects.UnusableException;
import launcher.scenario.policy.PolicyJars;
import launcher.scenario.policy.PolicyLookup;
import org.osgi.framework.BundleContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code deferlab tck}. */
@Command(
    name = "tck",
    description = {
      "Examines policies by the rules of their family, and prints a line a rule.",
      "A jar is installed in this process and nowhere else; docs/tck.md tells of the rules."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  deferlab tck target/my-policy-1.0.0.jar --junit-xml target/tck.xml",
      "  deferlab tck completion.workqueue eviction.batched",
      "  deferlab tck --rules",
      "",
      "Exit status: 0 every rule is kept, 1 a rule is broken or could not be judged, 2 bad input."
    })
public final class TckCommand implements Callable<Integer> {
  private final Console console;
  private final Subjects subjects;

  @Parameters(
      paramLabel = "JAR|ID",
      arity = "0..*",
      description = "Bundles with policies, and policies of this program by their ids.")
  private List<String> named = new ArrayList<>();

  @Option(names = "--all", description = "Examine every policy of this program.")
  private boolean all;

  @Option(names = "--rules", description = "Print the rules and why they are, and examine nothing.")
  private boolean rules;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write all verdicts as JSON; '-' writes them to stdout, and nothing else.")
  private String json;

  @Option(
      names = "--junit-xml",
      paramLabel = "FILE",
      description = "Write all verdicts as JUnit does, for build servers.")
  private Path junitXml;

  @Option(
      names = "--time-limit",
      paramLabel = "SECONDS",
      description =
          "CPU time that one rule may take until the policy counts as looping, and a fifth of the wall"
              + " time; 60.")
  private int limitSeconds = 60;

  @Spec private CommandSpec spec;

  /** The command over these policies, and over jars that it installs. */
  public TckCommand(
      Console console, PolicyLookup policies, PolicyJars jars, BundleContext context) {
    this.console = console;
    subjects = new Subjects(policies, jars, context);
  }

  @Override
  public Integer call() throws IOException {
    if (rules) {
      console.out().print(TckReport.rules());
      return ExitStatus.GOOD;
    }
    if (named.isEmpty() != all) {
      throw new ParameterException(
          spec.commandLine(),
          all ? "--all and names exclude each other" : "name a jar or a policy, or say --all");
    }
    if (limitSeconds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--time-limit is " + limitSeconds + "; it must be 1 or more");
    }
    List<Subject<?>> found = all ? subjects.all() : new ArrayList<>();
    try {
      for (String name : named) {
        found.addAll(subjects.named(name));
      }
    } catch (UnusableException e) {
      console.error(e.getMessage());
      return ExitStatus.BAD_INPUT;
    }
    return examine(found);
  }

  private int examine(List<Subject<?>> found) throws IOException {
    JsonTarget target = JsonTarget.of(json, console);
    List<Examined> examined = new ArrayList<>();
    for (Subject<?> subject : found) {
      Examined one =
          new Examined(
              subject, new GuardedExamination<>(subject, limitSeconds * 1_000L).judgeAll());
      examined.add(one);
      if (!target.isStdout()) {
        console.out().print(TckReport.text(one, console));
        console.out().flush();
      }
    }
    target.write(List.of(TckReport.json(examined)));
    if (junitXml != null) {
      Files.writeString(junitXml, TckReport.junitXml(examined), StandardCharsets.UTF_8);
    }
    return examined.stream().allMatch(Examined::isGood) ? ExitStatus.GOOD : ExitStatus.FAILED;
  }
}
