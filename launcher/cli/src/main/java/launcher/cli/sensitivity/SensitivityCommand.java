package launcher.cli.sensitivity;

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
import launcher.cli.compare.Variation;
import launcher.cli.run.Attempt;
import launcher.cli.run.ParallelRuns;
import launcher.cli.run.RepeatOptions;
import launcher.cli.run.Repetition;
import launcher.cli.run.ScenarioFigures;
import launcher.cli.run.ScenarioOptions;
import launcher.report.Figure;
import launcher.report.Metric;
import launcher.report.repeat.RepeatedRuns;
import launcher.report.sensitivity.SensitivityJson;
import launcher.report.sensitivity.SensitivityResult;
import launcher.report.sensitivity.SensitivityText;
import launcher.scenario.DidYouMean;
import launcher.scenario.Quantity;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioException;
import launcher.scenario.ScenarioFacts;
import launcher.scenario.ScenarioReader;
import launcher.scenario.Setting;
import launcher.scenario.Unit;
import launcher.scenario.policy.PolicyLookup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code deferlab sensitivity}. */
@Command(
    name = "sensitivity",
    description = {
      "Varies each cost of the machine and each parameter of the device, one at a time, and prints"
          + " which of them move the answer.",
      "With --vary it says whether the order of the variants hangs on one."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  deferlab sensitivity scenarios/dontcache-seqwrite.yaml",
      "  deferlab sensitivity job.fio --figure write-clat-p99,cpu-busy --by '20 %%'",
      "  deferlab sensitivity job.fio --vary completion=workqueue,rt-thread",
      "  deferlab sensitivity job.fio --costs worker-wakeup,ipi --repeat 8",
      "",
      "Exit status: 0 it was found out, 2 bad input, 130 Ctrl-C, after what was done so far was",
      "printed."
    })
public final class SensitivityCommand implements Callable<Integer> {
  private static final int PERCENT_MAX = 99;

  private final Console console;
  private final PolicyLookup policies;
  private final Interrupt interrupt;

  @Parameters(paramLabel = "FILE", description = "Scenario or fio job file.")
  private Path file;

  @Option(
      names = "--figure",
      split = ",",
      paramLabel = "KEY",
      description =
          "The answer: a figure as 'expect' names it, of the run or of a job; by default"
              + " throughput and clat-p99.")
  private List<String> figures = new ArrayList<>(List.of("throughput", "clat-p99"));

  @Option(
      names = CostVariation.OPTION,
      paramLabel = "SHARE",
      description = "By how much, down and up; 50 %% unless set.")
  private String by = "50 %";

  @Option(
      names = "--costs",
      split = ",",
      paramLabel = "KEY",
      description = "Only these: machine.folio-add, folio-add, device.write-latency.")
  private List<String> costs = new ArrayList<>();

  @Option(
      names = "--vary",
      paramLabel = "KEY=VALUE,…",
      description = "Compares variants as 'deferlab compare' does.")
  private List<String> vary = new ArrayList<>();

  @Mixin private ScenarioOptions options;

  @Mixin private RepeatOptions repeat;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write everything as JSON; '-': to stdout, in place of the tables.")
  private String json;

  @Spec private CommandSpec spec;

  /** The command over these policies. */
  public SensitivityCommand(Console console, PolicyLookup policies, Interrupt interrupt) {
    this.console = console;
    this.policies = policies;
    this.interrupt = interrupt;
  }

  @Override
  public Integer call() throws ScenarioException, IOException, InterruptedException {
    repeat.check();
    long percent = percent();
    List<Figure> answers = answers();
    Variation variation = variation();
    List<List<Setting>> variants = new ArrayList<>();
    List<Scenario> scenarios = new ArrayList<>();
    ScenarioReader reader = ScenarioFigures.reader(policies);
    for (Map<String, String> combination : variation.combinations()) {
      variants.add(options.settings(Variation.settings(combination)));
      scenarios.add(reader.read(file, variants.get(variants.size() - 1)));
    }
    Map<String, String> notVaried = new LinkedHashMap<>();
    List<CostVariation> varied = varied(scenarios, variation, percent, notVaried);
    JsonTarget target = JsonTarget.of(json, console);
    SensitivityRuns runs;
    try (Progress progress = new Progress(console)) {
      ParallelRuns parallel = new ParallelRuns(policies, interrupt, progress, repeat.threads());
      runs = new SensitivityRuns(parallel, reader, file, variants, repeat, percent);
      runs.run(varied);
    }
    return print(answers, variation, runs, percent, notVaried, target);
  }

  private int print(
      List<Figure> answers,
      Variation variation,
      SensitivityRuns runs,
      long percent,
      Map<String, String> notVaried,
      JsonTarget target)
      throws IOException {
    Scenario scenario = runs.base().get(0).get(0).scenario();
    List<RepeatedRuns> base = new ArrayList<>();
    for (List<Attempt> attempts : runs.base()) {
      base.add(new Repetition(attempts).runs());
    }
    SensitivityResult result =
        new SensitivityResult(
            answers,
            variation.combinations(),
            base,
            percent,
            runs.effects(),
            runs.neverCharged(),
            notVaried);
    Map<String, Object> heading = new LinkedHashMap<>(ScenarioFacts.of(scenario));
    heading.put("cut_short", interrupt.isRaised());
    target.write(List.of(SensitivityJson.of(heading, result)));
    if (!target.isStdout()) {
      console.out().println(scenario.name() + ": " + ScenarioFacts.line(scenario));
      console.out().println();
      console.out().print(SensitivityText.of(result, console.colour(), console.columns()));
      console.out().flush();
    }
    boolean whole = true;
    for (List<Attempt> attempts : runs.base()) {
      for (String remark : new Repetition(attempts).unfinished()) {
        console.error(remark);
        whole = false;
      }
    }
    if (interrupt.isRaised()) {
      console.error("stopped by Ctrl-C: the tables have what was done so far");
      return ExitStatus.INTERRUPTED;
    }
    return whole ? ExitStatus.GOOD : ExitStatus.FAILED;
  }

  private long percent() {
    try {
      long percent = Quantity.parse(by, Unit.PERCENT).toLong();
      if (percent >= 1 && percent <= PERCENT_MAX) {
        return percent;
      }
      throw new IllegalArgumentException(
          "'" + by + "'; it must be from 1 % to " + PERCENT_MAX + " %");
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), CostVariation.OPTION + ": " + e.getMessage());
    }
  }

  private List<Figure> answers() {
    List<Figure> answers = new ArrayList<>();
    for (String name : figures) {
      answers.add(
          Figure.named(name)
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          "--figure: there is no figure '"
                              + name
                              + "'"
                              + DidYouMean.lines(
                                  name, Metric.all().stream().map(Metric::key).toList()))));
    }
    return answers;
  }

  private Variation variation() {
    try {
      Variation variation = Variation.of(vary);
      repeat.refuseSeed(variation.values().keySet());
      return variation;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  /** Those that can be, and into {@code notVaried} the others with the reason. */
  private List<CostVariation> varied(
      List<Scenario> scenarios, Variation variation, long percent, Map<String, String> notVaried) {
    List<CostVariation> all = CostVariation.of(scenarios);
    List<CostVariation> asked;
    try {
      asked = costs.isEmpty() ? all : CostVariation.named(all, costs);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    List<CostVariation> varied = new ArrayList<>();
    for (CostVariation cost : asked) {
      if (variation.values().containsKey(cost.key())) {
        notVaried.put(cost.key(), "--vary varies it");
      } else if (cost.canBe(100 + percent) || cost.canBe(100 - percent)) {
        varied.add(cost);
      } else {
        notVaried.put(cost.key(), "is " + cost.value());
      }
    }
    return varied;
  }
}
