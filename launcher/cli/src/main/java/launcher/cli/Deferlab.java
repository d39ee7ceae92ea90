package launcher.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code deferlab} without a command. */
@Command(
    name = "deferlab",
    description = "A laboratory for deferral policies in the Linux I/O path.",
    version = "deferlab 0.1.0",
    footerHeading = "%nExamples:%n",
    footer = {
      "  deferlab run scenarios/dontcache-seqwrite.yaml",
      "  deferlab compare job.fio --vary completion=workqueue,rt-thread,ideal",
      "  deferlab policies",
      "  source <(deferlab generate-completion)",
      "",
      "Exit status: 0 good, 1 an expectation or an invariant failed, 2 bad usage or input."
    })
final class Deferlab implements Callable<Integer> {
  private final Console console;
  private final SelfCheck check;

  @Option(
      names = "--self-check",
      description = "Check that every bundle of the program is up and every component works.")
  private boolean selfCheck;

  @Spec private CommandSpec spec;

  Deferlab(Console console, SelfCheck check) {
    this.console = console;
    this.check = check;
  }

  @Override
  public Integer call() {
    if (selfCheck) {
      return check.printTo(console.out()) ? ExitStatus.GOOD : ExitStatus.FAILED;
    }
    spec.commandLine().usage(console.err(), spec.commandLine().getColorScheme());
    return ExitStatus.BAD_INPUT;
  }
}
