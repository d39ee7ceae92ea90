package launcher.cli.author;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import launcher.cli.Console;
import launcher.cli.ExitStatus;
import launcher.cli.author.PolicyProject.BadNameException;
import launcher.scenario.policy.PolicyLookup;
import org.osgi.framework.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code deferlab new-policy}. */
@Command(
    name = "new-policy",
    description = {
      "Writes a Maven project with a policy that works, its tests and a README.",
      "It is built against this version of deferlab, which 'mvn install' in the checkout puts into"
          + " the local Maven repository; docs/policy-authors.md goes on from there."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  deferlab new-policy completion my-policy",
      "  deferlab new-policy eviction big-batches --dir ~/src/big-batches --package org.me.big",
      "",
      "Exit status: 0 it is written, 2 bad input; then nothing was written."
    })
public final class NewPolicyCommand implements Callable<Integer> {
  private final Console console;
  private final PolicyLookup policies;
  private final Version version;

  @Parameters(
      index = "0",
      paramLabel = "FAMILY",
      description = "completion, dropbehind, writeback or eviction.")
  private String family;

  @Parameters(
      index = "1",
      paramLabel = "NAME",
      description = "Its id behind the family: lower case, hyphens between words.")
  private String name;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Folder to make; by default NAME, here.")
  private Path dir;

  @Option(
      names = "--package",
      paramLabel = "PACKAGE",
      description = "Package and symbolic name; example.FAMILY.NAME by default.")
  private String packageName;

  @Option(
      names = "--group",
      paramLabel = "ID",
      description = "Maven group id; by default the package without its last part.")
  private String group;

  @Spec private CommandSpec spec;

  /**
   * The command.
   *
   * @param policies whose ids can't be taken again
   * @param version of this program's bundle
   */
  public NewPolicyCommand(Console console, PolicyLookup policies, Version version) {
    this.console = console;
    this.policies = policies;
    this.version = version;
  }

  @Override
  public Integer call() throws IOException {
    PolicyProject project = project();
    Path folder = dir == null ? Path.of(name) : dir;
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new ParameterException(
          spec.commandLine(),
          folder + ": is there already; name a folder that is not, with --dir, or remove it");
    }
    Map<String, String> files = ProjectTemplates.fill(project, mavenVersion());
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue(), StandardCharsets.UTF_8);
    }
    console.out().println(folder + ": policy " + project.id() + ", " + files.size() + " files");
    console.out().println("next: cd " + folder + " && mvn verify");
    console.out().println("then: deferlab tck target/" + name + "-1.0.0.jar");
    return ExitStatus.GOOD;
  }

  private PolicyProject project() {
    PolicyProject project;
    try {
      project = PolicyProject.of(family, name, packageName, group);
    } catch (BadNameException bad) {
      throw new ParameterException(spec.commandLine(), bad.getMessage());
    }
    if (policies.registered().stream().anyMatch(known -> known.id().equals(project.id()))) {
      throw new ParameterException(
          spec.commandLine(),
          project.id() + ": deferlab has a policy of this id; choose another name");
    }
    return project;
  }

  /** Maven's name of an OSGi version: {@code 0.1.0.SNAPSHOT} is {@code 0.1.0-SNAPSHOT}. */
  private String mavenVersion() {
    String numbers = version.getMajor() + "." + version.getMinor() + "." + version.getMicro();
    return version.getQualifier().isEmpty() ? numbers : numbers + "-" + version.getQualifier();
  }
}
