package launcher.report.sensitivity;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.report.Figure;
import launcher.report.repeat.RepeatedRuns;

/**
 * What came of varying each cost of a scenario.
 *
 * @param figures the answers
 * @param variants settings of each variant that was compared; one without any if there are none
 * @param base the runs of each variant with all costs as they are
 * @param percent by how much each cost was varied
 * @param effects of each cost that the scenario charges
 * @param neverCharged those that make no difference to its trace
 * @param notVaried those that can't be varied, with the reason
 */
public record SensitivityResult(
    List<Figure> figures,
    List<Map<String, String>> variants,
    List<RepeatedRuns> base,
    long percent,
    List<CostEffect> effects,
    List<String> neverCharged,
    Map<String, String> notVaried) {
  /** Changes and differences below this share are none. */
  public static final double THRESHOLD = 0.01;

  /** Copies the collections. */
  public SensitivityResult {
    figures = List.copyOf(figures);
    variants = List.copyOf(variants);
    base = List.copyOf(base);
    effects = List.copyOf(effects);
    neverCharged = List.copyOf(neverCharged);
    notVaried = Collections.unmodifiableMap(new LinkedHashMap<>(notVaried));
  }

  /** A variant's name in a table: what it was varied to. */
  String variantName(int variant) {
    return String.join(" ", variants.get(variant).values());
  }
}
