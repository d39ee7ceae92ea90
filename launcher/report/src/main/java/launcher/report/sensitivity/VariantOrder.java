package launcher.report.sensitivity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import launcher.report.Figure;
import launcher.report.Metric.Better;
import launcher.report.repeat.Bootstrap;
import launcher.report.repeat.Estimate;
import launcher.report.repeat.RepeatedRuns;

/**
 * Which of the variants are better than which others, by one figure. Two are told from each other
 * if they differ by {@link SensitivityResult#THRESHOLD} at least and, with several seeds, by more
 * than the noise.
 */
final class VariantOrder {
  private final Better better;
  private final double[] medians;
  private final boolean[][] told;

  VariantOrder(List<RepeatedRuns> variants, Figure figure, Bootstrap bootstrap) {
    better = figure.metric().better();
    int count = variants.size();
    medians = new double[count];
    told = new boolean[count][count];
    for (int i = 0; i < count; i++) {
      medians[i] =
          variants.get(i).estimate(figure, bootstrap).map(Estimate::median).orElse(Double.NaN);
    }
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        Optional<Estimate> difference =
            variants.get(i).difference(variants.get(j), figure, bootstrap);
        double least = Math.min(Math.abs(medians[i]), Math.abs(medians[j]));
        told[i][j] =
            difference.isPresent()
                && !difference.get().isNoise()
                && Math.abs(difference.get().median()) >= SensitivityResult.THRESHOLD * least;
      }
    }
  }

  /**
   * Numbers of the variants, the best first; the lowest, of a figure of which neither is better.
   */
  List<Integer> bestFirst() {
    Comparator<Integer> byMedian = Comparator.comparingDouble(i -> medians[i]);
    return IntStream.range(0, medians.length)
        .boxed()
        .filter(i -> !Double.isNaN(medians[i]))
        .sorted(better == Better.HIGHER ? byMedian.reversed() : byMedian)
        .toList();
  }

  double median(int variant) {
    return medians[variant];
  }

  /** Whether they differ. */
  boolean isTold(int one, int other) {
    return told[one][other];
  }

  private boolean isBefore(int one, int other) {
    boolean lower = medians[one] < medians[other];
    return better == Better.HIGHER ? !lower : lower;
  }

  /** Pairs that are told from each other both here and there, in opposite orders. */
  List<int[]> turnedIn(VariantOrder other) {
    List<int[]> turned = new ArrayList<>();
    for (int i = 0; i < medians.length; i++) {
      for (int j = 0; j < medians.length; j++) {
        if (told[i][j] && other.told[i][j] && isBefore(i, j) && other.isBefore(j, i)) {
          turned.add(new int[] {i, j});
        }
      }
    }
    return turned;
  }

  /** Pairs that are told from each other here, and not there any more. */
  List<int[]> tiedIn(VariantOrder other) {
    List<int[]> tied = new ArrayList<>();
    for (int i = 0; i < medians.length; i++) {
      for (int j = 0; j < medians.length; j++) {
        if (told[i][j] && !other.told[i][j] && isBefore(i, j)) {
          tied.add(new int[] {i, j});
        }
      }
    }
    return tied;
  }
}
