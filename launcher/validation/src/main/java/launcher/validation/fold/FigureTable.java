package launcher.validation.fold;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import launcher.report.Latency;
import launcher.scenario.Unit;
import launcher.scenario.tree.Suggestion;

/**
 * Figures by name. A plain one is its name; one with keys has them behind bars, each of which must
 * be one that there is: {@code bio|loop|W|fio}.
 */
final class FigureTable {
  /** A key that is a number. */
  static final List<String> NUMBER = List.of("NUMBER");

  /** A key that is the name of a kernel's function. */
  static final List<String> FUNCTION = List.of("FUNCTION");

  static final String PAGES = "pages";
  static final String POINT = "POINT";
  private static final String MICROSECONDS = "us";

  /** Points of a distribution, by the end of a figure's name. */
  private static final Map<String, ToDoubleFunction<Latency>> POINTS = pointsByName();

  private record Keyed(
      List<List<String>> keys,
      Unit unit,
      String unitText,
      ToDoubleBiFunction<FoldedRun, String[]> of) {}

  private final Map<String, FigureName> plain = new LinkedHashMap<>();
  private final Map<String, Keyed> keyed = new LinkedHashMap<>();

  /** Names as they are shown: one of all points of a distribution. */
  private final Set<String> forms = new LinkedHashSet<>();

  private static Map<String, ToDoubleFunction<Latency>> pointsByName() {
    Map<String, ToDoubleFunction<Latency>> points = new LinkedHashMap<>();
    points.put("mean", Latency::meanNs);
    points.put("p50", Latency::p50Ns);
    points.put("p90", Latency::p90Ns);
    points.put("p99", Latency::p99Ns);
    points.put("p99.9", Latency::p999Ns);
    points.put("min", Latency::minNs);
    points.put("max", Latency::maxNs);
    points.put("stddev", Latency::stddevNs);
    return points;
  }

  // --- what is put in ---------------------------------------------------------------------------

  void plain(String name, Unit unit, String unitText, ToDoubleFunction<FoldedRun> of) {
    forms.add(name);
    put(name, unit, unitText, of);
  }

  private void put(String name, Unit unit, String unitText, ToDoubleFunction<FoldedRun> of) {
    plain.put(name, new FigureName(name, unit, unitText, of));
  }

  /** A number of things. */
  void count(String name, String unitText, ToDoubleFunction<FoldedRun> of) {
    plain(name, Unit.COUNT, unitText, of);
  }

  /** Nanoseconds, printed in another unit. */
  void time(String name, String unitText, ToDoubleFunction<FoldedRun> of) {
    plain(name, Unit.NANOSECONDS, unitText, of);
  }

  /** A name for each point of a distribution: {@code sync.p99}; NaN of nothing. */
  void latency(String name, Function<FoldedRun, Latency> of) {
    forms.add(name + POINT);
    POINTS.forEach(
        (point, value) ->
            put(
                name + point,
                Unit.NANOSECONDS,
                MICROSECONDS,
                run -> valueOf(value, of.apply(run))));
  }

  void keyed(
      String name,
      List<List<String>> keys,
      Unit unit,
      String unitText,
      ToDoubleBiFunction<FoldedRun, String[]> of) {
    forms.add(form(name, keys));
    put(name, keys, unit, unitText, of);
  }

  private void put(
      String name,
      List<List<String>> keys,
      Unit unit,
      String unitText,
      ToDoubleBiFunction<FoldedRun, String[]> of) {
    keyed.put(name, new Keyed(keys, unit, unitText, of));
  }

  /** A number of things with keys. */
  void keyedCount(
      String name,
      List<List<String>> keys,
      String unitText,
      ToDoubleBiFunction<FoldedRun, String[]> of) {
    keyed(name, keys, Unit.COUNT, unitText, of);
  }

  /** What a distribution with keys is found by. */
  interface LatencyOf {
    Latency of(FoldedRun run, String[] keys);
  }

  /**
   * A name with keys for each point of a distribution: {@code bio_queue_to_complete_p99|loop|W}.
   */
  void keyedLatency(String name, List<List<String>> keys, LatencyOf of) {
    forms.add(form(name + POINT, keys));
    POINTS.forEach(
        (point, value) ->
            put(
                name + point,
                keys,
                Unit.NANOSECONDS,
                MICROSECONDS,
                (run, key) -> valueOf(value, of.of(run, key))));
  }

  private static String form(String name, List<List<String>> keys) {
    return name + "|…".repeat(keys.size());
  }

  private static double valueOf(ToDoubleFunction<Latency> point, Latency latency) {
    return latency.count() == 0 ? Double.NaN : point.applyAsDouble(latency);
  }

  // --- what is asked ----------------------------------------------------------------------------

  /** The figure of a name; empty if there is none. */
  Optional<FigureName> of(String text) {
    FigureName name = plain.get(text);
    if (name != null) {
      return Optional.of(name);
    }
    int bar = text.indexOf('|');
    Keyed found = bar < 0 ? null : keyed.get(text.substring(0, bar));
    if (found == null) {
      return Optional.empty();
    }
    String[] keys = text.substring(bar + 1).split("\\|", -1);
    return fits(found, keys)
        ? Optional.of(
            new FigureName(
                text, found.unit(), found.unitText(), run -> found.of().applyAsDouble(run, keys)))
        : Optional.empty();
  }

  private static boolean fits(Keyed found, String[] keys) {
    if (keys.length != found.keys().size()) {
      return false;
    }
    for (int i = 0; i < keys.length; i++) {
      List<String> known = found.keys().get(i);
      boolean fits =
          known == NUMBER
              ? keys[i].matches("[0-9]{1,4}")
              : known == FUNCTION ? keys[i].matches("[a-z]\\w*") : known.contains(keys[i]);
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /** Keys that there are for a name which has some, a line a key. */
  List<String> keyLines(String text) {
    int bar = text.indexOf('|');
    Keyed found = bar < 0 ? null : keyed.get(text.substring(0, bar));
    return found == null
        ? List.of()
        : found.keys().stream().map(known -> "key: " + String.join(", ", known)).toList();
  }

  /** A plain name that is much like a text. */
  Optional<String> nearest(String text) {
    return Suggestion.nearest(text, plain.keySet());
  }

  /** All names, with one place-holder for the points of a distribution, and one a key. */
  List<String> forms() {
    return List.copyOf(forms);
  }

  /** The points of a distribution. */
  static String points(String separator) {
    return String.join(separator, POINTS.keySet());
  }

  // --- keys -------------------------------------------------------------------------------------

  static DeviceClass device(String text) {
    return one(DeviceClass.values(), text, value -> value.text);
  }

  static BlockOp op(String text) {
    return one(BlockOp.values(), text, value -> value.text);
  }

  static TaskClass task(String text) {
    return one(TaskClass.values(), text, value -> value.text);
  }

  static List<String> devices() {
    return words(DeviceClass.values(), device -> device.text);
  }

  static List<String> ops() {
    return words(BlockOp.values(), op -> op.text);
  }

  static List<String> tasks() {
    return words(TaskClass.values(), task -> task.text);
  }

  static <E> E one(E[] values, String text, Function<E, String> textOf) {
    return Stream.of(values).filter(v -> textOf.apply(v).equals(text)).findFirst().orElseThrow();
  }

  static <E> List<String> words(E[] values, Function<E, String> textOf) {
    return Stream.of(values).map(textOf).toList();
  }
}
