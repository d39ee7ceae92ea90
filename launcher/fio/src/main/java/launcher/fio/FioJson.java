package launcher.fio;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import launcher.fio.FioCheck.JobLine;

/**
 * The JSON form of what fio makes of a job file, as maps, lists, strings, numbers, booleans and
 * nulls, so that any writer of JSON can print it. {@code docs/fio.md} lists the keys.
 */
public final class FioJson {
  private static final Optional<FioRejection> NO_FOLDER =
      Optional.of(FioRejection.MISSING_DIRECTORY);

  private FioJson() {}

  /** One file. */
  public static Map<String, Object> of(FioReading reading) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("file", reading.file());
    reading.sha256().ifPresent(sha256 -> node.put("sha256", sha256));
    node.put("fio", FioParser.FIO_VERSION);
    putAnswers(node, reading.byFio());
    if (reading.byFio().check().verdict().reason().equals(NO_FOLDER)) {
      node.put("check_without_directory", check(reading.anywhere().check()));
    }
    if (!reading.anywhere().environmentNames().isEmpty()) {
      node.put("env_names", reading.anywhere().environmentNames());
    }
    reading
        .withVariables()
        .ifPresent(
            result -> {
              Map<String, Object> with = new LinkedHashMap<>();
              with.put("env", reading.variables());
              putAnswers(with, result);
              node.put("with_env", with);
            });
    return node;
  }

  private static void putAnswers(Map<String, Object> node, FioParseResult result) {
    Map<String, Object> parse = new LinkedHashMap<>();
    putVerdict(parse, result.parse());
    node.put("parse", parse);
    Map<String, Object> command = new LinkedHashMap<>();
    command.put("exit", result.showCommand().exit());
    command.put("line", result.showCommand().line());
    node.put("showcmd", command);
    Set<String> named = new LinkedHashSet<>();
    result.sections().forEach(s -> s.settings().forEach(o -> named.add(o.name())));
    List<Object> sections = new ArrayList<>();
    result.sections().forEach(section -> sections.add(section(section, named)));
    node.put("sections", sections);
    node.put("check", check(result.check()));
  }

  private static void putVerdict(Map<String, Object> node, FioVerdict verdict) {
    node.put("accept", verdict.accept());
    node.put("exit", verdict.exit());
    verdict.reason().ifPresent(reason -> node.put("reason", reason.word()));
    if (!verdict.messages().isEmpty()) {
      node.put("messages", verdict.messages());
    }
  }

  private static Map<String, Object> section(FioSection section, Set<String> named) {
    List<Object> options = new ArrayList<>();
    List<FioSetting> settings = new ArrayList<>(section.settings());
    Set<String> own = new LinkedHashSet<>();
    settings.forEach(setting -> own.add(setting.name()));
    // fio tells a default where it stores it; of interest if another section sets the option.
    List<FioSetting> defaults = new ArrayList<>(section.engineDefaults());
    defaults.removeIf(setting -> !named.contains(setting.name()) || own.contains(setting.name()));
    settings.addAll(section.commonCount(), defaults);
    settings.forEach(setting -> options.add(option(setting)));
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("section", section.name());
    node.put("options", options);
    return node;
  }

  /** A name, its text or null, and the numbers stored. */
  private static List<Object> option(FioSetting setting) {
    List<Object> list = new ArrayList<>();
    list.add(setting.name());
    list.add(setting.value().orElse(null));
    setting.stored().forEach(stored -> list.add(number(stored)));
    return list;
  }

  private static Object number(StoredValue stored) {
    return switch (stored.kind()) {
      case NONE -> null;
      case FRACTION -> stored.share();
      case PERCENT -> Map.of(stored.percentOf(), stored.bits());
      default -> new BigInteger(stored.digits());
    };
  }

  private static Map<String, Object> check(FioCheck check) {
    Map<String, Object> node = new LinkedHashMap<>();
    putVerdict(node, check.verdict());
    node.put("jobs", check.jobs().stream().map(FioJson::job).toList());
    return node;
  }

  private static Map<String, Object> job(JobLine job) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("name", job.name());
    node.put("group", job.group());
    node.put("rw", job.rw());
    node.put("bs_read", job.bsRead());
    node.put("bs_write", job.bsWrite());
    node.put("bs_trim", job.bsTrim());
    node.put("ioengine", job.ioengine());
    node.put("iodepth", job.iodepth());
    return node;
  }
}
