package launcher.report.repeat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.report.Figure;
import launcher.report.Metric.Better;
import launcher.report.TextTable.Mark;

/**
 * One figure over all variants of a comparison: the median of each, and by how much each differs
 * from the best one, seed by seed. Of a figure of which neither is better, the first variant stands
 * for the best one.
 */
final class FigureComparison {
  private final Better better;
  private final List<Optional<Estimate>> estimates = new ArrayList<>();
  private final List<Optional<Estimate>> differences = new ArrayList<>();
  private final int reference;

  FigureComparison(List<RepeatedVariant> variants, Figure figure, Bootstrap bootstrap) {
    better = figure.metric().better();
    for (RepeatedVariant variant : variants) {
      estimates.add(variant.runs().estimate(figure, bootstrap));
    }
    reference = better == Better.NEITHER ? 0 : extreme(better == Better.LOWER);
    RepeatedRuns best = variants.get(reference).runs();
    for (RepeatedVariant variant : variants) {
      differences.add(variant.runs().difference(best, figure, bootstrap));
    }
  }

  /** Number of the variant whose median is the lowest or the highest; the first of equals. */
  private int extreme(boolean lowest) {
    int extreme = 0;
    double most = Double.POSITIVE_INFINITY;
    for (int i = 0; i < estimates.size(); i++) {
      if (estimates.get(i).isPresent()) {
        double median = estimates.get(i).get().median();
        double rank = lowest ? median : -median;
        if (rank < most) {
          most = rank;
          extreme = i;
        }
      }
    }
    return extreme;
  }

  Optional<Estimate> estimate(int variant) {
    return estimates.get(variant);
  }

  /** From {@link #reference}; empty if there is no seed that both have run. */
  Optional<Estimate> difference(int variant) {
    return differences.get(variant);
  }

  /** Number of the variant that the others are compared with. */
  int reference() {
    return reference;
  }

  /** Whether the runs don't tell this variant from the one that it is compared with. */
  boolean isNoise(int variant) {
    return variant != reference && difference(variant).map(Estimate::isNoise).orElse(true);
  }

  /** No best and no worst where all differences are noise. */
  Mark mark(int variant) {
    if (better == Better.NEITHER || estimate(variant).isEmpty() || all(0)) {
      return Mark.NONE;
    }
    if (isNoise(variant)) {
      return Mark.NOISE;
    }
    boolean told = false;
    for (int i = 0; i < estimates.size(); i++) {
      told |= i != reference && estimate(i).isPresent() && !isNoise(i);
    }
    if (variant == reference) {
      return told ? Mark.BEST : Mark.NOISE;
    }
    return variant == extreme(better == Better.HIGHER) ? Mark.WORST : Mark.NONE;
  }

  /** Whether every variant differs by exactly this, in each run. */
  private boolean all(double difference) {
    return differences.stream()
        .flatMap(Optional::stream)
        .allMatch(of -> of.low() == difference && of.high() == difference);
  }
}
