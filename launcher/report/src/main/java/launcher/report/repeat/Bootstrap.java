package launcher.report.repeat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.hipparchus.random.MersenneTwister;
import org.hipparchus.random.RandomGenerator;
import org.hipparchus.stat.descriptive.rank.Percentile;

/**
 * Estimates medians with percentile bootstrap intervals: the runs are drawn from again and again,
 * with replacement, and the interval holds the middle 95 % of the medians of what was drawn.
 *
 * <p>The draws depend on the number of runs and {@link #SEED} only, so the same runs always give
 * the same interval. An instance is for one thread.
 */
public final class Bootstrap {
  /** Share of the resampled medians that the interval holds. */
  public static final double CONFIDENCE = 0.95;

  /** How often the runs are drawn. */
  public static final int RESAMPLES = 2_000;

  /** Seed of the draws, whatever the seeds of the runs. */
  public static final long SEED = 20_260_101;

  /** With fewer runs not even their whole range holds the median with {@link #CONFIDENCE}. */
  public static final int RUNS_ENOUGH = 6;

  private static final double PERCENT_LOW = 100 * (1 - CONFIDENCE) / 2;
  private static final double PERCENT_HIGH = 100 - PERCENT_LOW;

  /** By number of runs: which runs each resample drew. */
  private final Map<Integer, int[][]> draws = new HashMap<>();

  /**
   * The median of these values and its interval.
   *
   * @param values of one figure, one a run, in any order; at least one, no NaN
   */
  public Estimate median(double[] values) {
    double first = values[0];
    if (Arrays.stream(values).allMatch(value -> value == first)) {
      return new Estimate(first, first, first); // as every resample would say
    }
    double[] medians = new double[RESAMPLES];
    double[] resample = new double[values.length];
    int[][] all = draws.computeIfAbsent(values.length, Bootstrap::draw);
    for (int i = 0; i < RESAMPLES; i++) {
      for (int j = 0; j < resample.length; j++) {
        resample[j] = values[all[i][j]];
      }
      medians[i] = middle(resample);
    }
    Percentile percentile = new Percentile();
    percentile.setData(medians);
    return new Estimate(
        middle(values.clone()),
        percentile.evaluate(PERCENT_LOW),
        percentile.evaluate(PERCENT_HIGH));
  }

  /**
   * The chance with which the whole range of {@code runs} independent runs holds the median: 1 -
   * 2^(1 - runs). It misses if all lie on one side of it.
   */
  public static double rangeConfidence(int runs) {
    return 1 - Math.pow(2, 1 - runs);
  }

  private static int[][] draw(int runs) {
    RandomGenerator random = new MersenneTwister(SEED);
    int[][] all = new int[RESAMPLES][runs];
    for (int[] resample : all) {
      Arrays.setAll(resample, j -> random.nextInt(runs));
    }
    return all;
  }

  /** Sorts what it is given. */
  private static double middle(double[] values) {
    Arrays.sort(values);
    int half = values.length / 2;
    return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  }
}
