package launcher.report.repeat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import launcher.report.Figure;
import launcher.report.Metric;
import launcher.report.SummaryJson;

/**
 * Writes repeated runs as JSON: each figure with its interval and its difference from the best
 * variant, and behind them every run as {@link SummaryJson} writes it.
 */
public final class RepeatJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final List<RepeatedVariant> variants;
  private final Bootstrap bootstrap = new Bootstrap();
  private final Map<Figure, FigureComparison> comparisons = new HashMap<>();

  private RepeatJson(List<RepeatedVariant> variants) {
    this.variants = variants;
  }

  /**
   * A comparison.
   *
   * @param heading what the caller knows about all of it
   * @param variants at least one
   */
  public static String ofComparison(Map<String, ?> heading, List<RepeatedVariant> variants) {
    ObjectNode root = root(heading);
    ArrayNode list = root.putArray("variants");
    RepeatJson json = new RepeatJson(variants);
    for (int i = 0; i < variants.size(); i++) {
      ObjectNode node = list.addObject();
      node.set("settings", MAPPER.valueToTree(variants.get(i).settings()));
      json.add(node, i);
    }
    return text(root);
  }

  /** The runs of one scenario. */
  public static String of(RepeatedVariant only) {
    ObjectNode root = root(Map.of());
    new RepeatJson(List.of(only)).add(root, 0);
    return text(root);
  }

  private static ObjectNode root(Map<String, ?> heading) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", SummaryJson.FORMAT);
    heading.forEach((key, value) -> root.set(key, MAPPER.valueToTree(value)));
    ObjectNode interval = root.putObject("interval");
    interval.put("method", "percentile bootstrap of the median");
    interval.put("confidence", Bootstrap.CONFIDENCE);
    interval.put("resamples", Bootstrap.RESAMPLES);
    interval.put("resampling_seed", Bootstrap.SEED);
    return root;
  }

  private void add(ObjectNode node, int variant) {
    RepeatedVariant of = variants.get(variant);
    of.facts().forEach((key, value) -> node.set(key, MAPPER.valueToTree(value)));
    node.set("remarks", MAPPER.valueToTree(of.remarks()));
    node.set("seeds", MAPPER.valueToTree(of.runs().bySeed().keySet()));
    addFigures(node.putObject("figures"), variant, Metric.all(), Figure::ofRun);
    ObjectNode jobs = node.putObject("jobs");
    List<Metric> ofJob = Metric.all().stream().filter(Metric::isOfJob).toList();
    Set<String> names = new LinkedHashSet<>(of.runs().jobs());
    for (String job : names) {
      addFigures(jobs.putObject(job), variant, ofJob, metric -> Figure.ofJob(job, metric));
    }
    ArrayNode runs = node.putArray("runs");
    of.runFacts()
        .forEach(
            (seed, facts) -> {
              ObjectNode run = runs.addObject();
              run.put("seed", seed);
              facts.forEach((key, value) -> run.set(key, MAPPER.valueToTree(value)));
              if (of.runs().bySeed().containsKey(seed)) {
                SummaryJson.addRun(run, of.runs().bySeed().get(seed));
              }
            });
  }

  /** Absent ones are left out. */
  private void addFigures(
      ObjectNode node, int variant, List<Metric> metrics, Function<Metric, Figure> figure) {
    for (Metric metric : metrics) {
      FigureComparison comparison =
          comparisons.computeIfAbsent(
              figure.apply(metric), of -> new FigureComparison(variants, of, bootstrap));
      if (comparison.estimate(variant).isEmpty()) {
        continue;
      }
      ObjectNode own = node.putObject(metric.key());
      put(own, comparison.estimate(variant).get());
      if (variant != comparison.reference() && comparison.difference(variant).isPresent()) {
        String from = metric.better() == Metric.Better.NEITHER ? "from_first" : "from_best";
        ObjectNode difference = own.putObject(from);
        put(difference, comparison.difference(variant).get());
        difference.put("noise", comparison.isNoise(variant));
      }
    }
  }

  private static void put(ObjectNode node, Estimate estimate) {
    node.put("median", estimate.median());
    node.put("low", estimate.low());
    node.put("high", estimate.high());
  }

  private static String text(ObjectNode root) {
    try {
      return MAPPER.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values could not be written", e);
    }
  }
}
