package launcher.validation.fold;

import java.util.Arrays;

/**
 * What the curve of a run's throughput looks like, whatever its height and its length: from what
 * was transferred in equal slices of the run.
 */
enum CurveShape {
  /** The slowest slice, over the mean: 0 where all stood still. */
  SLOWEST("slowest") {
    @Override
    double of(double[] slices) {
      return Arrays.stream(slices).min().orElseThrow() / mean(slices);
    }
  },
  /** The fastest slice, over the mean. */
  FASTEST("fastest") {
    @Override
    double of(double[] slices) {
      return Arrays.stream(slices).max().orElseThrow() / mean(slices);
    }
  },
  /** Standard deviation over the mean: 0 for a flat curve. */
  VARIATION("variation") {
    @Override
    double of(double[] slices) {
      double mean = mean(slices);
      double squares = Arrays.stream(slices).map(slice -> (slice - mean) * (slice - mean)).sum();
      return Math.sqrt(squares / slices.length) / mean;
    }
  },
  /** The slices of the last quarter over as many of the first; at least one each. */
  LATE("late") {
    @Override
    double of(double[] slices) {
      int quarter = Math.max(1, slices.length / 4);
      double late = Arrays.stream(slices, slices.length - quarter, slices.length).sum();
      return late / Arrays.stream(slices, 0, quarter).sum();
    }
  };

  final String text;

  CurveShape(String text) {
    this.text = text;
  }

  /** NaN if nothing was transferred. */
  abstract double of(double[] slices);

  private static double mean(double[] slices) {
    return Arrays.stream(slices).average().orElseThrow();
  }
}
