package launcher.report.sensitivity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.report.SummaryJson;
import launcher.report.repeat.Bootstrap;
import launcher.report.sensitivity.FigureSensitivity.Change;

/** Writes what a result hangs on as JSON. */
public final class SensitivityJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final SensitivityResult result;

  private SensitivityJson(SensitivityResult result) {
    this.result = result;
  }

  /**
   * All of it.
   *
   * @param heading what the caller knows: scenario, file; by key, in order
   */
  public static String of(Map<String, ?> heading, SensitivityResult result) {
    return new SensitivityJson(result).text(heading);
  }

  private String text(Map<String, ?> heading) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", SummaryJson.FORMAT);
    heading.forEach((key, value) -> root.set(key, MAPPER.valueToTree(value)));
    root.put("percent", result.percent());
    root.put("threshold", SensitivityResult.THRESHOLD);
    root.set("seeds", MAPPER.valueToTree(result.base().get(0).bySeed().keySet()));
    root.set("variants", MAPPER.valueToTree(result.variants()));
    ObjectNode figures = root.putObject("figures");
    Bootstrap bootstrap = new Bootstrap();
    for (var figure : result.figures()) {
      addFigure(figures.putObject(figure.name()), new FigureSensitivity(result, figure, bootstrap));
    }
    ArrayNode broken = root.putArray("broken_expectations");
    for (CostEffect effect : result.effects()) {
      addBroken(broken, effect.key(), "lower", effect.lower());
      addBroken(broken, effect.key(), "higher", effect.higher());
    }
    root.set("never_charged", MAPPER.valueToTree(result.neverCharged()));
    root.set("not_varied", MAPPER.valueToTree(result.notVaried()));
    try {
      return MAPPER.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values could not be written", e);
    }
  }

  /** Costs that move it, the one that moves it most first, and behind them the others. */
  private void addFigure(ObjectNode node, FigureSensitivity figure) {
    ArrayNode base = node.putArray("base");
    for (int variant = 0; variant < result.base().size(); variant++) {
      figure.base(variant).ifPresentOrElse(of -> base.add(of.median()), base::addNull);
    }
    if (result.base().size() > 1) {
      node.set("order", MAPPER.valueToTree(figure.order().bestFirst()));
    }
    ArrayNode costs = node.putArray("costs");
    figure.moving().forEach(effect -> addCost(costs.addObject(), figure, effect));
    figure.still().forEach(effect -> addCost(costs.addObject(), figure, effect));
  }

  private void addCost(ObjectNode node, FigureSensitivity figure, CostEffect effect) {
    node.put("cost", effect.key());
    node.put("value", effect.value());
    putShare(node, "largest_change", figure.largest(effect));
    effect.lower().ifPresent(side -> addSide(node.putObject("lower"), figure, side));
    effect.higher().ifPresent(side -> addSide(node.putObject("higher"), figure, side));
  }

  private void addSide(ObjectNode node, FigureSensitivity figure, VariedSide side) {
    node.put("value", side.value());
    ArrayNode variants = node.putArray("variants");
    for (int variant = 0; variant < result.base().size(); variant++) {
      Optional<Change> change = figure.change(side, variant);
      if (change.isEmpty()) {
        variants.addNull();
        continue;
      }
      ObjectNode own = variants.addObject();
      own.put("median", change.get().now());
      putShare(own, "change", change.get().share());
      own.put("noise", change.get().isNoise());
    }
    if (result.base().size() > 1) {
      VariantOrder now = figure.order(side);
      node.set("order", MAPPER.valueToTree(now.bestFirst()));
      node.set("turned", MAPPER.valueToTree(figure.order().turnedIn(now)));
      node.set("not_told", MAPPER.valueToTree(figure.order().tiedIn(now)));
    }
  }

  /** Null stands for a change from 0, which has no share. */
  private static void putShare(ObjectNode node, String key, double share) {
    if (Double.isInfinite(share)) {
      node.putNull(key);
    } else {
      node.put(key, share);
    }
  }

  private static void addBroken(
      ArrayNode broken, String cost, String which, Optional<VariedSide> side) {
    List<String> expectations = side.map(VariedSide::brokenExpectations).orElse(List.of());
    for (String expectation : expectations) {
      ObjectNode node = broken.addObject();
      node.put("cost", cost);
      node.put("side", which);
      node.put("expectation", expectation);
    }
  }
}
