package launcher.cli.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import launcher.cli.Console;
import launcher.cli.ExitStatus;
import launcher.cli.Interrupt;
import launcher.cli.JsonTarget;
import launcher.cli.Progress;
import launcher.cli.run.ScenarioFigures;
import launcher.cli.run.ScenarioOptions;
import launcher.report.CompareText;
import launcher.report.SummaryJson;
import launcher.report.Variant;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioException;
import launcher.scenario.ScenarioReader;
import launcher.scenario.Setting;
import launcher.scenario.policy.PolicyLookup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code deferlab compare}. */
@Command(
    name = "compare",
    description = {
      "Runs one scenario or fio job file in variants and sets them side by side.",
      "All variants have the same seed, so what differs is the variation's doing."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  deferlab compare scenarios/dontcache-seqwrite.yaml \\",
      "    --vary completion=skip,workqueue,rt-thread,ideal",
      "  deferlab compare job.fio --vary era=E2,E3,E4 --vary device=nvme,hdd",
      "  deferlab compare job.fio --vary writeback=inline,kick-counted --json -",
      "",
      "Exit status: 0 all held, 1 an expectation or an invariant failed in a variant,",
      "2 bad input, 130 Ctrl-C, after what was done so far was printed."
    })
public final class CompareCommand implements Callable<Integer> {
  private final Console console;
  private final PolicyLookup policies;
  private final Interrupt interrupt;

  @Parameters(paramLabel = "FILE", description = "Scenario or fio job file.")
  private Path file;

  @Option(
      names = "--vary",
      required = true,
      paramLabel = "KEY=VALUE,…",
      description = {
        "What is varied: a family, era, machine, device, fs, memory, cpus, seed, or any key of a"
            + " scenario. If given several times, every combination is run."
      })
  private List<String> vary;

  @Mixin private ScenarioOptions options;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures as JSON; '-': to stdout, in place of the table.")
  private String json;

  @Option(names = "--digest", description = "Print the SHA-256 of each variant's trace.")
  private boolean digest;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Variants that run at one time; by default one a core.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Spec private CommandSpec spec;

  /** The command over these policies. */
  public CompareCommand(Console console, PolicyLookup policies, Interrupt interrupt) {
    this.console = console;
    this.policies = policies;
    this.interrupt = interrupt;
  }

  @Override
  public Integer call() throws ScenarioException, IOException, InterruptedException {
    if (threads < 1) {
      throw new ParameterException(
          spec.commandLine(), "--threads: is " + threads + "; it must be at least 1");
    }
    Map<Map<String, String>, Scenario> scenarios = read();
    JsonTarget target = JsonTarget.of(json, console);
    List<FinishedVariant> finished;
    try (Progress progress = new Progress(console)) {
      finished =
          new VariantRuns(policies, interrupt, progress)
              .run(scenarios, digest || target.isWanted(), threads);
    }
    List<Variant> variants = finished.stream().map(FinishedVariant::row).toList();
    target.write(List.of(SummaryJson.of(heading(), variants)));
    if (!target.isStdout()) {
      print(variants);
    }
    if (interrupt.isRaised()) {
      console.error("stopped by Ctrl-C: the table has what was done so far");
      return ExitStatus.INTERRUPTED;
    }
    return finished.stream().allMatch(FinishedVariant::isGood)
        ? ExitStatus.GOOD
        : ExitStatus.FAILED;
  }

  /** All of them, before the first is run. */
  private Map<Map<String, String>, Scenario> read() throws ScenarioException {
    Variation variation;
    try {
      variation = Variation.of(vary);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    ScenarioReader reader = ScenarioFigures.reader(policies);
    Map<Map<String, String>, Scenario> scenarios = new LinkedHashMap<>();
    for (Map<String, String> combination : variation.combinations()) {
      List<Setting> settings = options.settings(Variation.settings(combination));
      scenarios.put(combination, reader.read(file, settings));
    }
    return scenarios;
  }

  private Map<String, Object> heading() {
    Map<String, Object> heading = new LinkedHashMap<>();
    heading.put("file", file.toString());
    heading.put("vary", vary);
    heading.put("cut_short", interrupt.isRaised());
    return heading;
  }

  private void print(List<Variant> variants) {
    console.out().print(CompareText.of(variants, console.colour(), console.columns()));
    if (digest) {
      for (Variant variant : variants) {
        console
            .out()
            .println(
                "digest "
                    + variant.facts().get("digest")
                    + " "
                    + String.join(" ", variant.settings().values()));
      }
    }
    console.out().flush();
  }
}
