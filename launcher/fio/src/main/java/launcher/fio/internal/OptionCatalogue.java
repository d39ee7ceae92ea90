package launcher.fio.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import launcher.fio.FioOption;
import launcher.fio.OptionTreatment;
import launcher.fio.internal.OptionSpec.TimeUnit;

/** What {@code options.txt} says. */
public final class OptionCatalogue {
  private static final String RESOURCE = "options.txt";
  private static final int COLUMNS = 11;
  private static final OptionCatalogue INSTANCE = load();

  private final List<OptionSpec> specs;
  private final Map<String, OptionSpec> common = new HashMap<>();
  private final Map<String, Map<String, OptionSpec>> byEngine = new HashMap<>();
  private final Map<String, String> engineDefaults = new HashMap<>();

  private OptionCatalogue(List<OptionSpec> specs) {
    this.specs = List.copyOf(specs);
    for (OptionSpec spec : specs) {
      if (spec.engines().isEmpty()) {
        register(common, spec);
      }
      for (String engine : spec.engines()) {
        engineDefaults.put(spec.name(), spec.defaultText());
        register(byEngine.computeIfAbsent(engine, key -> new HashMap<>()), spec);
      }
    }
  }

  private static void register(Map<String, OptionSpec> map, OptionSpec spec) {
    map.put(spec.name(), spec);
    for (String alias : spec.aliases()) {
      map.put(alias, spec);
    }
  }

  /** The one catalogue. */
  public static OptionCatalogue get() {
    return INSTANCE;
  }

  /** Every option, as it stands in the catalogue. */
  public List<FioOption> describe() {
    return specs.stream().map(OptionSpec::describe).toList();
  }

  /** Whether the numbers of an option are microseconds. */
  public boolean isTime(String name) {
    return find(name).filter(OptionSpec::isTime).isPresent();
  }

  /** An option of every job, by name or alias. */
  Optional<OptionSpec> find(String name) {
    return Optional.ofNullable(common.get(name));
  }

  /** An option of one engine, by name or alias. */
  Optional<OptionSpec> find(String engine, String name) {
    return Optional.ofNullable(byEngine.getOrDefault(engine, Map.of()).get(name));
  }

  /** The options that one engine has beside those of every job. */
  List<OptionSpec> optionsOf(String engine) {
    return specs.stream().filter(spec -> spec.engines().contains(engine)).toList();
  }

  /** What an option has if nobody sets it; empty if it has none or is not an option. */
  String defaultText(String name) {
    OptionSpec spec = common.get(name);
    return spec == null ? engineDefaults.getOrDefault(name, "") : spec.defaultText();
  }

  /** Engines that have an option of this name; empty if none has. */
  List<String> enginesOf(String name) {
    return specs.stream()
        .filter(s -> s.name().equals(name) || s.aliases().contains(name))
        .flatMap(s -> s.engines().stream())
        .toList();
  }

  /** What fio asks whether it was meant: it knows neither aliases nor options of engines there. */
  Optional<String> fioGuess(String name) {
    List<String> names =
        specs.stream().filter(spec -> spec.engines().isEmpty()).map(OptionSpec::name).toList();
    return Spelling.nearest(name, names, (name.length() + 1) / 2, false);
  }

  /** The name a misspelt one may stand for. */
  Optional<String> nearest(String name, String engine) {
    List<String> names = new ArrayList<>();
    for (OptionSpec spec : specs) {
      if (spec.engines().isEmpty() || spec.engines().contains(engine)) {
        names.add(spec.name());
        names.addAll(spec.aliases());
      }
    }
    return Spelling.nearest(name, names);
  }

  private static OptionCatalogue load() {
    List<OptionSpec> specs = new ArrayList<>();
    try (InputStream in = OptionCatalogue.class.getResourceAsStream(RESOURCE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty() && line.charAt(0) != '#') {
          specs.add(spec(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new OptionCatalogue(specs);
  }

  private static OptionSpec spec(String line) {
    String[] column = line.split("\\|", -1);
    if (column.length != COLUMNS) {
      throw new IllegalStateException(RESOURCE + ": " + line);
    }
    for (int i = 0; i < column.length; i++) {
      column[i] = column[i].strip();
    }
    List<String> traits = words(column[6]);
    String[] limits = (column[4].isEmpty() ? ".." : column[4]).split("\\.\\.", -1);
    List<String> treatment = words(column[9].replace(',', ' '));
    return new OptionSpec(
        column[0],
        words(column[1]),
        OptionType.valueOf(column[2].toUpperCase(Locale.ROOT)),
        column[3],
        limits[0].isEmpty() ? null : Double.valueOf(limits[0]),
        limits[1].isEmpty() ? null : Double.valueOf(limits[1]),
        column[5].isEmpty() ? 1 : Integer.parseInt(column[5]),
        traits.contains("power-of-2"),
        traits.contains("first") ? 1 : traits.contains("last") ? -1 : 0,
        traits.contains("us")
            ? TimeUnit.MICROSECONDS
            : traits.contains("s") ? TimeUnit.SECONDS : TimeUnit.NONE,
        words(column[7]),
        words(column[8]),
        OptionTreatment.valueOf(treatment.get(0).toUpperCase(Locale.ROOT)),
        treatment.size() > 2 ? treatment.subList(2, treatment.size()) : List.of(),
        column[10]);
  }

  private static List<String> words(String column) {
    return column.isEmpty() ? List.of() : List.of(column.split(" +"));
  }
}
