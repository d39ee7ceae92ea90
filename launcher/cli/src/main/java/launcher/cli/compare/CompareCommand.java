package launcher.cli.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import launcher.cli.Console;
import launcher.cli.ExitStatus;
import launcher.cli.Interrupt;
import launcher.cli.JsonTarget;
import launcher.cli.Progress;
import launcher.cli.run.Attempt;
import launcher.cli.run.ParallelRuns;
import launcher.cli.run.RepeatOptions;
import launcher.cli.run.ScenarioFigures;
import launcher.cli.run.ScenarioOptions;
import launcher.report.CompareText;
import launcher.report.SummaryJson;
import launcher.report.Variant;
import launcher.report.repeat.RepeatCompareText;
import launcher.report.repeat.RepeatJson;
import launcher.report.repeat.RepeatText;
import launcher.report.repeat.RepeatedVariant;
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
      "  deferlab compare job.fio --vary completion=skip,workqueue --repeat 12",
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

  @Mixin private RepeatOptions repeat;

  @Spec private CommandSpec spec;

  /** The command over these policies. */
  public CompareCommand(Console console, PolicyLookup policies, Interrupt interrupt) {
    this.console = console;
    this.policies = policies;
    this.interrupt = interrupt;
  }

  @Override
  public Integer call() throws ScenarioException, IOException, InterruptedException {
    repeat.check();
    Map<Map<String, String>, List<Scenario>> scenarios = read();
    JsonTarget target = JsonTarget.of(json, console);
    List<FinishedVariant> finished;
    try (Progress progress = new Progress(console)) {
      ParallelRuns runs = new ParallelRuns(policies, interrupt, progress, repeat.threads());
      finished = run(runs, scenarios, digest || target.isWanted());
    }
    if (repeat.isWanted()) {
      writeRepeated(finished, target);
    } else {
      write(finished, target);
    }
    if (interrupt.isRaised()) {
      console.error("stopped by Ctrl-C: the table has what was done so far");
      return ExitStatus.INTERRUPTED;
    }
    return finished.stream().allMatch(FinishedVariant::isGood)
        ? ExitStatus.GOOD
        : ExitStatus.FAILED;
  }

  /** All of them, before the first is run: by variant, one a seed. */
  private Map<Map<String, String>, List<Scenario>> read() throws ScenarioException {
    Variation variation;
    try {
      variation = Variation.of(vary);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    repeat.refuseSeed(variation.values().keySet());
    ScenarioReader reader = ScenarioFigures.reader(policies);
    Map<Map<String, String>, List<Scenario>> scenarios = new LinkedHashMap<>();
    for (Map<String, String> combination : variation.combinations()) {
      List<Setting> settings = options.settings(Variation.settings(combination));
      scenarios.put(combination, repeat.read(reader, file, settings));
    }
    return scenarios;
  }

  /** Seed by seed, so that Ctrl-C leaves as many as possible that all variants have run. */
  private List<FinishedVariant> run(
      ParallelRuns runs, Map<Map<String, String>, List<Scenario>> scenarios, boolean withDigest)
      throws InterruptedException {
    List<Scenario> order = new ArrayList<>();
    for (int i = 0; i < repeat.count(); i++) {
      for (List<Scenario> variant : scenarios.values()) {
        order.add(variant.get(i));
      }
    }
    List<Attempt> attempts = runs.run(order, withDigest);
    List<FinishedVariant> finished = new ArrayList<>();
    for (Map<String, String> settings : scenarios.keySet()) {
      List<Attempt> own = new ArrayList<>();
      for (int i = finished.size(); i < attempts.size(); i += scenarios.size()) {
        own.add(attempts.get(i));
      }
      finished.add(new FinishedVariant(settings, own));
    }
    return finished;
  }

  private void write(List<FinishedVariant> finished, JsonTarget target) throws IOException {
    List<Variant> variants = finished.stream().map(FinishedVariant::row).toList();
    target.write(List.of(SummaryJson.of(heading(), variants)));
    if (!target.isStdout()) {
      console.out().print(CompareText.of(variants, console.colour(), console.columns()));
      printDigests(finished);
      return;
    }
    variants.forEach(variant -> variant.remarkLines().forEach(console::error));
  }

  private void writeRepeated(List<FinishedVariant> finished, JsonTarget target) throws IOException {
    List<RepeatedVariant> variants = finished.stream().map(FinishedVariant::repeatedRow).toList();
    if (target.isWanted()) {
      target.write(List.of(RepeatJson.ofComparison(heading(), variants)));
    }
    if (!target.isStdout()) {
      console.out().print(RepeatCompareText.of(variants, console.colour(), console.columns()));
      RepeatText.fewRuns(fewest(variants)).ifPresent(console.out()::println);
      printDigests(finished);
      return;
    }
    variants.forEach(variant -> variant.remarkLines().forEach(console::error));
  }

  private static int fewest(List<RepeatedVariant> variants) {
    return variants.stream().mapToInt(of -> of.runs().bySeed().size()).min().orElse(0);
  }

  private Map<String, Object> heading() {
    Map<String, Object> heading = new LinkedHashMap<>();
    heading.put("file", file.toString());
    heading.put("vary", vary);
    if (repeat.isWanted()) {
      heading.put("repeat", repeat.count());
    }
    heading.put("cut_short", interrupt.isRaised());
    return heading;
  }

  private void printDigests(List<FinishedVariant> variants) {
    for (FinishedVariant variant : variants) {
      for (Attempt attempt : variant.attempts()) {
        if (digest && attempt.run().isPresent()) {
          String seed = repeat.isWanted() ? " seed " + attempt.scenario().seed() : "";
          console
              .out()
              .println(
                  "digest "
                      + attempt.run().get().outcome().digest()
                      + " "
                      + String.join(" ", variant.settings().values())
                      + seed);
        }
      }
    }
    console.out().flush();
  }
}
