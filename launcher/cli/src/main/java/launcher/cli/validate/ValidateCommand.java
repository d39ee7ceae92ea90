package launcher.cli.validate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import launcher.cli.Console;
import launcher.cli.ExitStatus;
import launcher.cli.Interrupt;
import launcher.cli.JsonTarget;
import launcher.cli.Progress;
import launcher.cli.run.ScenarioFigures;
import launcher.scenario.ScenarioException;
import launcher.scenario.policy.PolicyLookup;
import launcher.validation.Figure;
import launcher.validation.JudgedValidation;
import launcher.validation.KnownMiss;
import launcher.validation.Validation;
import launcher.validation.ValidationReader;
import launcher.validation.ValidationRun;
import launcher.validation.fold.FoldedRun;
import launcher.validation.table.ValidationHtml;
import launcher.validation.table.ValidationJson;
import launcher.validation.table.ValidationText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code deferlab validate}. */
@Command(
    name = "validate",
    description = {
      "Sets what was measured, or published, beside what deferlab predicts for it.",
      "A line a figure: measured, tolerance, predicted, error, verdict. Verdicts: holds, off,",
      "known (off, as its file says), better (inside its tolerance, though its file says not)."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  deferlab validate",
      "  deferlab validate linux-6.18 --runs 'v13*' --only latency",
      "  deferlab validate --off --json verdicts.json",
      "  deferlab validate linux-6.18 --figures scenarios/validation/linux-6.18/checks.csv --off",
      "",
      "Exit status: 0 every figure holds or is known to be off, 1 a figure is off that is not",
      "known to be, or a run failed, 2 bad input, 130 Ctrl-C, after what was done was printed."
    })
public final class ValidateCommand implements Callable<Integer> {
  private final Console console;
  private final PolicyLookup policies;
  private final Interrupt interrupt;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "Validations, by name or file; all of the folder unless given.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description = "Where names are looked for; scenarios/validation unless given.")
  private Path folder = Path.of("scenarios", "validation");

  @Option(
      names = "--figures",
      paramLabel = "FILE",
      description = {
        "A CSV of figures, such as linux-6.18/checks.csv, in the place of those of the one",
        "validation that is named; none of them is known to be off."
      })
  private Path figures;

  @Option(
      names = "--runs",
      paramLabel = "PATTERN",
      description = "Only these runs and figures of them; '*' stands for anything.")
  private List<String> patterns = new ArrayList<>();

  @Option(
      names = "--only",
      paramLabel = "KIND",
      description = "Only figures of this kind, such as latency or order; several are allowed.")
  private List<String> kinds = new ArrayList<>();

  @Option(names = "--off", description = "Print only the figures that do not simply hold.")
  private boolean offOnly;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the verdicts as JSON; '-': to stdout, in place of the tables.")
  private String json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write the verdicts as a page that needs nothing else.")
  private Path html;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Put the tables into a document that has a place for them.")
  private Path markdown;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Runs that go on at one time; by default one a core.")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Spec private CommandSpec spec;

  /** The command over these policies. */
  public ValidateCommand(Console console, PolicyLookup policies, Interrupt interrupt) {
    this.console = console;
    this.policies = policies;
    this.interrupt = interrupt;
  }

  @Override
  public Integer call() throws ScenarioException, IOException, InterruptedException {
    if (jobs < 1) {
      throw new ParameterException(
          spec.commandLine(), "--jobs: is " + jobs + "; it must be at least 1");
    }
    ValidationReader reader = new ValidationReader(ScenarioFigures.reader(policies));
    List<Validation> validations = new ArrayList<>();
    List<Path> files = new ValidationFiles(folder).of(names);
    if (figures != null && files.size() != 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--figures: stands in the place of one validation's; name it, for example: deferlab"
              + " validate linux-6.18 --figures "
              + figures);
    }
    for (Path file : files) {
      validations.add(reader.read(file, Optional.ofNullable(figures)));
    }
    JsonTarget target = JsonTarget.of(json, console);
    DocumentTarget document = DocumentTarget.of(markdown);
    List<JudgedValidation> judged = judge(validations);
    target.write(List.of(ValidationJson.of(judged)));
    if (html != null) {
      Files.writeString(html, ValidationHtml.of(judged), StandardCharsets.UTF_8);
    }
    document.write(judged);
    if (!target.isStdout()) {
      print(judged);
    }
    judged.forEach(one -> one.failures().forEach(console::error));
    if (interrupt.isRaised()) {
      console.error("stopped by Ctrl-C: the table has what was done so far");
      return ExitStatus.INTERRUPTED;
    }
    boolean good = judged.stream().allMatch(JudgedValidation::isGood);
    return good ? ExitStatus.GOOD : ExitStatus.FAILED;
  }

  private List<JudgedValidation> judge(List<Validation> validations) throws InterruptedException {
    List<ValidationRun> wanted = new ArrayList<>();
    for (Validation validation : validations) {
      validation.runs().stream().filter(run -> isChosen(run.name())).forEach(wanted::add);
    }
    Map<ValidationRun, ValidationRuns.Done> done = new LinkedHashMap<>();
    try (Progress progress = new Progress(console)) {
      new ValidationRuns(policies, interrupt, progress, jobs)
          .run(wanted)
          .forEach(one -> done.put(one.run(), one));
    }
    List<JudgedValidation> judged = new ArrayList<>();
    for (Validation validation : validations) {
      Map<String, FoldedRun> folded = new LinkedHashMap<>();
      List<String> failures = new ArrayList<>();
      for (ValidationRun run : validation.runs()) {
        ValidationRuns.Done one = done.get(run);
        if (one != null) {
          failures.addAll(one.failures());
          if (one.folded() != null) {
            folded.put(run.name(), one.folded());
          }
        }
      }
      judged.add(JudgedValidation.of(validation, folded, chosen(), failures));
    }
    return judged;
  }

  private Predicate<Figure> chosen() {
    return figure ->
        (kinds.isEmpty() || kinds.contains(figure.kind()))
            && figure.term().runs().stream().allMatch(this::isChosen);
  }

  private boolean isChosen(String run) {
    return patterns.isEmpty()
        || patterns.stream().anyMatch(pattern -> KnownMiss.matches(pattern, run));
  }

  private void print(List<JudgedValidation> judged) {
    for (JudgedValidation one : judged) {
      console.out().print(ValidationText.of(one, offOnly, console.colour()));
    }
    console.out().print(ValidationText.summary(judged, console.colour()));
    console.out().flush();
  }
}
