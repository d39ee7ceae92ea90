package launcher.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import launcher.fio.FioParseResult;
import launcher.fio.FioParser;
import launcher.fio.FioPosition;
import launcher.fio.FioProblem;
import launcher.fio.FioReading;
import launcher.fio.FioSection;
import launcher.fio.FioSetting;
import launcher.fio.OptionUse;
import launcher.fio.StoredValue;
import launcher.fio.StoredValue.Kind;
import launcher.fio.job.FioJob;

/**
 * What is understood of one job file, for people: its sections with every option, the number read
 * from it and what becomes of it; then the jobs that follow from them, and notes.
 */
final class ParseText {
  /** Beyond this width a column no longer widens, so that one long value does not move all. */
  private static final int WIDEST = 36;

  private final FioReading reading;
  private final FioParseResult result;
  private final StringBuilder text = new StringBuilder();

  /** One option's line; {@code use} may be empty. */
  private record Row(String line, String option, String readAs, String use) {}

  ParseText(FioReading reading) {
    this.reading = reading;
    result = reading.simulated();
  }

  @Override
  public String toString() {
    text.setLength(0);
    text.append(reading.file()).append(": ").append(verdict()).append('\n');
    addSections();
    addJobs();
    addNotes();
    return text.append('\n').toString();
  }

  private String verdict() {
    if (!result.check().verdict().accept()) {
      String reason = result.check().verdict().reason().orElseThrow().word().replace('-', ' ');
      return "refused by fio: " + reason;
    }
    String jobs = counted(result.jobs().size(), "job");
    int refused = result.refused().size();
    return refused == 0
        ? "accepted: " + jobs
        : "accepted by fio, but " + counted(refused, "option") + " can't be simulated";
  }

  private static String counted(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  private void addSections() {
    List<List<Row>> tables = result.sections().stream().map(this::rows).toList();
    List<Row> all = tables.stream().flatMap(List::stream).toList();
    int line = all.stream().mapToInt(row -> row.line().length()).max().orElse(0);
    int option = width(all.stream().map(Row::option).toList());
    int readAs = width(all.stream().map(Row::readAs).toList());
    for (int i = 0; i < tables.size(); i++) {
      FioSection section = result.sections().get(i);
      String header = (section.global() ? "defaults [" : "section [") + section.name() + "]";
      text.append("  ").append(header);
      text.append(tables.get(i).isEmpty() ? ": no options\n" : "\n");
      for (Row row : tables.get(i)) {
        String left = "    " + " ".repeat(line - row.line().length()) + row.line() + "  ";
        String cells = padded(row.option(), option) + "  " + padded(row.readAs(), readAs) + "  ";
        text.append((left + cells + row.use()).stripTrailing()).append('\n');
      }
    }
  }

  private static int width(List<String> cells) {
    return cells.stream().mapToInt(String::length).filter(w -> w <= WIDEST).max().orElse(0);
  }

  private static String padded(String cell, int width) {
    return cell + " ".repeat(Math.max(0, width - cell.length()));
  }

  private List<Row> rows(FioSection section) {
    List<Row> rows = new ArrayList<>();
    List<FioSetting> settings = new ArrayList<>(section.settings());
    if (settings.stream().allMatch(s -> s.position().file().equals(reading.file()))) {
      // fio handles some lines before others; people read them as they stand.
      settings.sort(Comparator.comparingInt(s -> s.position().line()));
    }
    for (FioSetting setting : settings) {
      FioPosition position = setting.position();
      String line = Integer.toString(position.line());
      if (!position.file().equals(reading.file())) {
        line = position.toString();
      }
      String option = setting.name() + setting.value().map(value -> "=" + value).orElse("");
      List<String> uses = uses(section, setting);
      rows.add(new Row(line, option, readAs(setting), uses.get(0)));
      uses.stream().skip(1).forEach(use -> rows.add(new Row("", "", "", use)));
    }
    return rows;
  }

  /** The numbers that fio stored, unless the text says just that. */
  private static String readAs(FioSetting setting) {
    boolean share = setting.stored().stream().anyMatch(stored -> stored.kind() == Kind.PERCENT);
    String numbers =
        setting.stored().stream()
            .filter(stored -> !share || stored.kind() == Kind.PERCENT)
            .map(ParseText::number)
            .collect(Collectors.joining(", "));
    boolean plain = numbers.equals(setting.value().orElse("1"));
    boolean time = FioParser.isTime(setting.name());
    if (numbers.isEmpty() || plain && !time) {
      return "";
    }
    return "= " + numbers + (time ? " us" : "");
  }

  private static String number(StoredValue value) {
    return switch (value.kind()) {
      case NONE -> "?";
      case FRACTION -> Double.toString(value.share());
      case PERCENT -> value.digits() + " %";
      default -> value.digits();
    };
  }

  /** Never empty. */
  private List<String> uses(FioSection section, FioSetting setting) {
    Set<String> uses = new LinkedHashSet<>();
    for (FioProblem problem : result.problems()) {
      if (problem.position().equals(setting.position())) {
        uses.add("wrong");
      }
    }
    for (OptionUse use : result.uses()) {
      if (use.position().equals(setting.position()) && use.job().equals(section.name())) {
        String word = use.treatment().name().toLowerCase(Locale.ROOT);
        uses.add(use.why().isEmpty() ? word : word + ": " + use.why());
      }
    }
    if (uses.isEmpty()) {
      boolean known = result.check().verdict().accept() && !result.check().jobs().isEmpty();
      uses.add(!known ? "" : section.global() ? "replaced in every job" : "replaced below");
    }
    return List.copyOf(uses);
  }

  private void addJobs() {
    List<FioJob> jobs = result.jobs();
    int clones;
    for (int i = 0; i < jobs.size(); i += clones) {
      FioJob job = jobs.get(i);
      clones = 1;
      while (i + clones < jobs.size() && jobs.get(i + clones).identity().cloneIndex() != 0) {
        clones++;
      }
      String count = clones == 1 ? "" : " and " + counted(clones - 1, "clone");
      text.append("  job ").append(job.name()).append(count);
      text.append(", group ").append(job.identity().groupId()).append('\n');
      for (String line : new JobText(job, clones).lines()) {
        text.append("    ").append(line).append('\n');
      }
    }
  }

  private static boolean hasNoSize(FioJob job) {
    boolean device = job.files().paths().stream().allMatch(path -> path.startsWith("/dev/"));
    return !device && job.size().size().isNone() && job.files().sizeMaxBytes() == 0;
  }

  private void addNotes() {
    Set<String> sizeless = new LinkedHashSet<>();
    result.jobs().stream().filter(ParseText::hasNoSize).forEach(job -> sizeless.add(job.name()));
    for (String name : sizeless) {
      text.append("  note: job ").append(name);
      text.append(" has neither size= nor filesize=, one of which a run needs\n");
    }
    for (String name : result.environmentNames()) {
      String given = reading.variables().get(name);
      String value = given == null ? System.getenv(name) : given;
      String state = value == null ? " is not set" : "=" + value;
      text.append("  note: environment: ").append(name).append(state).append('\n');
    }
    if (result.check().verdict().accept()) {
      for (String message : result.check().verdict().messages()) {
        text.append("  note: fio says: ").append(message).append('\n');
      }
    }
  }
}
