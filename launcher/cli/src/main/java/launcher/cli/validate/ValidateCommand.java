package launcher.cli.validate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
  private String html;

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
    requireChoice(validations);
    JsonTarget target = JsonTarget.of(json, console);
    // A page that can't be written is no news for the end of long work.
    JsonTarget page = JsonTarget.of(html, console);
    DocumentTarget document = DocumentTarget.of(markdown);
    List<JudgedValidation> judged = judge(validations);
    target.write(List.of(ValidationJson.of(judged)));
    page.write(List.of(ValidationHtml.of(judged)));
    document.write(judged);
    if (!target.isStdout() && !page.isStdout()) {
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

  /** Words that choose nothing are wrong words. */
  private void requireChoice(List<Validation> validations) {
    List<Figure> all = validations.stream().flatMap(one -> one.figures().stream()).toList();
    for (String kind : kinds) {
      if (all.stream().noneMatch(figure -> figure.kind().equals(kind))) {
        throw new ParameterException(
            spec.commandLine(),
            "--only: there is no figure of kind '" + kind + "'; there are: " + kinds(all));
      }
    }
    for (String pattern : patterns) {
      if (validations.stream()
          .flatMap(one -> one.runs().stream())
          .noneMatch(run -> KnownMiss.matches(pattern, run.name()))) {
        throw new ParameterException(
            spec.commandLine(),
            "--runs: no run is like '" + pattern + "'; 'validate --json -' has their names");
      }
    }
    if (!all.isEmpty() && all.stream().noneMatch(chosen())) {
      throw new ParameterException(
          spec.commandLine(), "there is no figure that --runs and --only both choose");
    }
  }

  private static String kinds(List<Figure> all) {
    return all.stream().map(Figure::kind).distinct().sorted().collect(Collectors.joining(", "));
  }

  private List<JudgedValidation> judge(List<Validation> validations) throws InterruptedException {
    List<ValidationRun> wanted = new ArrayList<>();
    for (Validation validation : validations) {
      Set<String> asked =
          validation.figures().stream()
              .filter(chosen())
              .flatMap(figure -> figure.term().runs().stream())
              .collect(Collectors.toSet());
      validation.runs().stream().filter(run -> isWanted(run, asked)).forEach(wanted::add);
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
      // A figure that Ctrl-C kept from being predicted is not off.
      Predicate<Figure> predicted =
          figure -> !interrupt.isRaised() || folded.keySet().containsAll(figure.term().runs());
      judged.add(JudgedValidation.of(validation, folded, chosen().and(predicted), failures));
    }
    judged.removeIf(one -> one.figures().isEmpty() && one.failures().isEmpty());
    return judged;
  }

  private Predicate<Figure> chosen() {
    return figure ->
        (kinds.isEmpty() || kinds.contains(figure.kind()))
            && figure.term().runs().stream().allMatch(this::isChosen);
  }

  /** A run of which no figure is asked is not made, unless all are. */
  private boolean isWanted(ValidationRun run, Set<String> asked) {
    return kinds.isEmpty() ? isChosen(run.name()) : asked.contains(run.name());
  }

  private boolean isChosen(String run) {
    return patterns.isEmpty()
        || patterns.stream().anyMatch(pattern -> KnownMiss.matches(pattern, run));
  }

  private void print(List<JudgedValidation> judged) {
    for (JudgedValidation one : judged) {
      console.out().print(ValidationText.of(one, offOnly, console.colour(), console.columns()));
    }
    console.out().print(ValidationText.summary(judged, console.colour()));
    console.out().flush();
  }
}
