package launcher.fio.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import launcher.fio.FioCheck.JobLine;
import launcher.fio.FioFiles;
import launcher.fio.FioHost;
import launcher.fio.FioPosition;
import launcher.fio.FioProblem;
import launcher.fio.FioRejection;
import launcher.fio.FioSection;
import launcher.fio.FioSetting;
import launcher.fio.FioVerdict;
import launcher.fio.StoredValue;
import launcher.fio.internal.JobText.Line;
import launcher.fio.internal.SectionReader.Section;

/** One reading of one job file, either option by option or with all of fio's checks. */
final class FilePass {
  /** What goes on from one file of a command line to the next. */
  static final class Numbering {
    int group;
    int groupJobs;
    int threads;
    final Set<String> names = new TreeSet<>();
  }

  private final FioFiles files;
  private final boolean checking;
  private final Numbering numbering;
  private final JobSettings defaults;
  private final Substitution substitution;
  private final OptionParser parser;
  private final OptionCatalogue catalogue = OptionCatalogue.get();
  private boolean stonewall;

  final List<String> messages = new ArrayList<>();
  final List<FioProblem> problems = new ArrayList<>();
  final List<FioSection> sections = new ArrayList<>();
  final List<JobLine> lines = new ArrayList<>();
  final List<JobDraft> drafts = new ArrayList<>();
  final Set<String> environmentNames = new TreeSet<>();
  final StringBuilder command = new StringBuilder();

  /** What fio prints again at the end of every global section. */
  private final StringBuilder globalOptions = new StringBuilder();

  private FioRejection rejection;

  /**
   * A pass.
   *
   * @param checking whether to go beyond {@code --parse-only}
   * @param defaults of every job; changed by global sections
   * @param stonewall whether the first job waits for those of the files before
   */
  FilePass(
      FioHost host,
      FioFiles files,
      boolean checking,
      Numbering numbering,
      JobSettings defaults,
      boolean stonewall) {
    this.files = files;
    this.checking = checking;
    this.numbering = numbering;
    this.defaults = defaults;
    this.stonewall = stonewall;
    substitution = new Substitution(host, environmentNames);
    parser = new OptionParser(new ValueGrammars(host, files, checking), messages);
  }

  /** Options of the command line that stand before the first file. */
  void setDefaults(List<String> options) {
    FioPosition position = new FioPosition("command line", 1);
    List<Line> given = options.stream().map(text -> new Line(text, position)).toList();
    if (!given.isEmpty()) {
      readOptions(new Section("global", position, given), defaults, new StringBuilder());
      sections.clear();
    }
  }

  void run(String file) {
    if (rejection != null) {
      return;
    }
    Optional<byte[]> bytes = files.read(file);
    if (bytes.isEmpty()) {
      messages.add("unable to open '" + file + "' job file");
      problem(new FioPosition(file, 1), "no such job file, or it cannot be read");
      reject(FioRejection.MISSING_FILE);
      return;
    }
    SectionReader reader = new SectionReader(JobText.lines(bytes.get(), file), files, messages);
    Optional<Section> section = reader.next();
    while (section.isPresent()) {
      if (!take(section.get())) {
        return;
      }
      section = reader.next();
    }
    reader.stray().ifPresent(this::strayLine);
  }

  private void strayLine(Line line) {
    problem(
        line.position(),
        line.text() + ": stands in no section; put it below a [global] or [name] line");
    reject(FioRejection.OPTION_OUTSIDE_SECTION);
  }

  private boolean take(Section section) {
    if (command.isEmpty()) {
      command.append("fio ");
    }
    JobSettings settings = defaults;
    if (!section.global()) {
      command.append("--name=").append(section.name()).append(' ');
      settings = defaults.copy();
      settings.clearWord("name");
      if (stonewall) {
        settings.setNumber("stonewall", 1);
        stonewall = false;
      }
    }
    StringBuilder options = section.global() ? globalOptions : new StringBuilder();
    boolean accepted = readOptions(section, settings, options);
    if (accepted) {
      command.append(options);
    } else {
      messages.add("job " + section.name() + " dropped");
      return false;
    }
    return section.global() || addJob(section, settings);
  }

  /** An option line with everything replaced. */
  private record Option(Line line, String name, String value, OptionSpec spec) {}

  private boolean readOptions(Section section, JobSettings settings, StringBuilder printed) {
    List<Option> options = new ArrayList<>();
    boolean accepted = true;
    for (Line line : section.options()) {
      Optional<String> text = substitution.apply(line.text());
      if (text.isEmpty()) {
        failed(line, "its arithmetic cannot be worked out");
        accepted = false;
        continue;
      }
      options.add(option(line, text.get()));
    }
    options.sort(Comparator.comparingInt(o -> o.spec() == null ? 0 : -o.spec().priority()));
    List<FioSetting> done = new ArrayList<>();
    List<Option> unknown = new ArrayList<>();
    for (Option option : options) {
      if (option.spec() == null) {
        unknown.add(option);
      } else {
        accepted &= apply(option, section, settings, settings, done);
      }
    }
    int commonCount = done.size();
    List<FioSetting> engineDefaults = List.of();
    if (!unknown.isEmpty()) {
      engineDefaults = engineDefaults(section, settings);
      accepted &= readEngineOptions(section, unknown, settings, done);
    }
    sections.add(
        new FioSection(
            section.name(),
            section.global(),
            section.position(),
            done,
            commonCount,
            engineDefaults));
    done.forEach(setting -> print(setting, printed));
    return accepted;
  }

  private Option option(Line line, String text) {
    int equals = text.indexOf('=');
    String name = (equals < 0 ? text : text.substring(0, equals)).stripTrailing();
    String value = equals < 0 ? null : text.substring(equals + 1);
    return new Option(line, name, value, catalogue.find(name).orElse(null));
  }

  private boolean apply(
      Option option,
      Section section,
      JobSettings target,
      JobSettings settings,
      List<FioSetting> done) {
    List<StoredValue> stored = new ArrayList<>();
    int before = messages.size();
    boolean accepted =
        parser.parse(option.spec(), option.value(), target, settings.kbBase(), stored);
    FioSetting setting =
        new FioSetting(
            option.spec().name(),
            Optional.ofNullable(option.value()),
            stored,
            accepted,
            option.line().position());
    done.add(setting);
    if (!accepted) {
      failed(option, messages.subList(before, messages.size()));
      return false;
    }
    target.setOrigin(section.name(), setting, option.spec());
    return true;
  }

  private static void print(FioSetting setting, StringBuilder printed) {
    printed.append("--").append(setting.name());
    String quote = setting.name().equals("description") ? "\"" : "";
    setting.value().ifPresent(v -> printed.append('=').append(quote).append(v).append(quote));
    printed.append(' ');
  }

  /** What the engine's options have before the first is set; none if they were set up before. */
  private List<FioSetting> engineDefaults(Section section, JobSettings settings) {
    String engine = settings.word("ioengine");
    if (settings.hasOptionsOf(engine)) {
      return List.of();
    }
    List<FioSetting> defaults = new ArrayList<>();
    for (OptionSpec spec : catalogue.optionsOf(engine)) {
      if (!spec.defaultText().isEmpty()) {
        List<StoredValue> stored = new ArrayList<>();
        parser.parse(spec, spec.defaultText(), new JobSettings(), settings.kbBase(), stored);
        Optional<String> value = Optional.of(spec.defaultText());
        defaults.add(new FioSetting(spec.name(), value, stored, true, section.position()));
      }
    }
    return defaults;
  }

  private boolean readEngineOptions(
      Section section, List<Option> unknown, JobSettings settings, List<FioSetting> done) {
    String engine = settings.word("ioengine");
    boolean known = JobChecks.isKnownEngine(engine);
    if (!known) {
      messages.add("engine " + engine + " not loadable");
      messages.add("failed to load engine");
      noEngine(section.position(), engine);
    }
    boolean accepted = known;
    for (Option option : unknown) {
      Optional<OptionSpec> spec = catalogue.find(engine, option.name());
      if (known && spec.isPresent()) {
        Option found = new Option(option.line(), option.name(), option.value(), spec.get());
        accepted &= apply(found, section, settings.forEngine(engine), settings, done);
      } else {
        badOption(option, engine);
        accepted = false;
      }
    }
    return accepted;
  }

  private void noEngine(FioPosition position, String engine) {
    String hint =
        Spelling.nearest(engine, List.of("psync", "pvsync2", "io_uring", "libaio", "mmap", "null"))
            .map(near -> "; did you mean " + near + "?")
            .orElse("");
    problem(position, "ioengine: " + engine + ": fio has no such engine here" + hint);
    reject(FioRejection.ENGINE_NOT_IN_THIS_BUILD);
  }

  private void badOption(Option option, String engine) {
    messages.add("Bad option <" + option.line().text() + ">");
    catalogue.fioGuess(option.name()).ifPresent(n -> messages.add("Did you mean " + n + "?"));
    List<String> engines = catalogue.enginesOf(option.name());
    Optional<String> near = catalogue.nearest(option.name(), engine);
    String hint;
    if (!engines.isEmpty()) {
      hint = "an option of " + String.join(", ", engines) + " only, and ioengine is " + engine;
    } else {
      hint = "no such option" + near.map(n -> "; did you mean " + n + "?").orElse("");
    }
    problem(option.line().position(), option.name() + ": " + hint);
    reject(FioRejection.UNKNOWN_OPTION);
  }

  private void failed(Option option, List<String> reasons) {
    OptionSpec spec = option.spec();
    String why = reasons.isEmpty() ? Expectation.of(spec) : String.join("; ", reasons);
    if ("".equals(option.value()) && option.line().text().contains("${")) {
      why = "is empty, as " + option.line().text() + " names a variable that is not set";
    }
    if (!spec.words().isEmpty() && option.value() != null) {
      why +=
          Spelling.nearest(option.value().split("[,:]", 2)[0], spec.words())
              .map(near -> "; did you mean " + near + "?")
              .orElse("");
    }
    FioRejection reason = FioRejection.BAD_VALUE;
    if (reasons.stream().anyMatch(r -> r.endsWith("is not a directory"))) {
      reason = FioRejection.MISSING_DIRECTORY;
    } else if (reasons.stream().anyMatch(r -> r.contains("too large (max="))) {
      reason = FioRejection.HOST_DEPENDENT;
    }
    failed(option.line(), spec.name(), option.value(), why, reason);
  }

  private void failed(Line line, String why) {
    failed(line, line.text(), null, why, FioRejection.BAD_VALUE);
  }

  private void failed(Line line, String name, String value, String why, FioRejection reason) {
    messages.add("failed parsing " + line.text());
    problem(
        line.position(),
        name + (value == null || value.isEmpty() ? "" : ": " + value) + ": " + why);
    reject(reason);
  }

  private boolean addJob(Section section, JobSettings settings) {
    JobDraft draft = new JobDraft(section.name(), section.position(), settings);
    if (!checking) {
      return true;
    }
    int before = messages.size();
    Optional<FioRejection> error = new JobChecks(draft, numbering.names, messages).run();
    if (error.isPresent()) {
      if (error.get() == FioRejection.ENGINE_NOT_IN_THIS_BUILD) {
        noEngine(section.position(), draft.engine());
      } else {
        problem(section.position(), String.join("; ", messages.subList(before, messages.size())));
      }
      reject(error.get());
      return false;
    }
    boolean separate = settings.flag("stonewall") || settings.flag("new_group");
    if (separate && numbering.groupJobs > 0) {
      numbering.group++;
      numbering.groupJobs = 0;
    }
    long clones = Math.max(1, Math.min(settings.number("numjobs"), 1 << 20));
    draft.group = numbering.group;
    draft.firstThread = numbering.threads + 1;
    numbering.groupJobs += (int) clones;
    numbering.threads += (int) clones;
    numbering.names.add(draft.name());
    drafts.add(draft);
    if (draft.engine().equals("cpuio")) {
      // fio prints another line for it, which says nothing of the job's I/O.
      return true;
    }
    lines.add(
        new JobLine(
            draft.name(),
            draft.group,
            draft.mode(),
            printed(draft, 0),
            printed(draft, 1),
            printed(draft, 2),
            draft.engine(),
            settings.number("iodepth")));
    return true;
  }

  private static String printed(JobDraft draft, int direction) {
    return PrintedSize.of(draft.minBytes[direction])
        + "-"
        + PrintedSize.of(draft.maxBytes[direction]);
  }

  private void problem(FioPosition position, String message) {
    problems.add(new FioProblem(position, message));
  }

  private void reject(FioRejection reason) {
    if (rejection == null || reason.compareTo(rejection) < 0) {
      rejection = reason;
    }
  }

  FioVerdict verdict() {
    return new FioVerdict(rejection == null ? 0 : 1, Optional.ofNullable(rejection), messages);
  }
}
