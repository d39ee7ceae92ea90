package launcher.report.repeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.hipparchus.distribution.discrete.BinomialDistribution;
import org.hipparchus.random.MersenneTwister;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private final Bootstrap bootstrap = new Bootstrap();

  @Test
  void theMedianIsTheMiddleOrTheMeanOfTheMiddleTwo() {
    assertEquals(3, bootstrap.median(new double[] {9, 1, 3}).median());
    assertEquals(2.5, bootstrap.median(new double[] {9, 1, 3, 2}).median());
    assertEquals(7, bootstrap.median(new double[] {7}).median());
  }

  @Test
  void theOrderOfTheRunsIsLeftAlone() {
    double[] values = {9, 1, 3};
    bootstrap.median(values);
    assertEquals("[9.0, 1.0, 3.0]", Arrays.toString(values));
  }

  /**
   * The median of 11 draws with replacement from 1, 2, ..., 11 is at most k if at least 6 of them
   * are, each of which is with chance k / 11. The interval's ends are where that passes 2.5 % and
   * 97.5 %.
   */
  @Test
  void theIntervalIsThatOfTheClosedFormula() {
    double[] values = new double[11];
    Arrays.setAll(values, i -> i + 1);
    Estimate estimate = bootstrap.median(values);
    assertEquals(quantile(0.025), estimate.low());
    assertEquals(quantile(0.975), estimate.high());
  }

  private static int quantile(double share) {
    for (int k = 1; k <= 11; k++) {
      double atMost = 1 - new BinomialDistribution(11, k / 11.0).cumulativeProbability(5);
      if (atMost >= share) {
        return k;
      }
    }
    throw new AssertionError("no such share");
  }

  /** 20 runs of a figure whose median is known, two hundred times: about 95 % have it inside. */
  @Test
  void theIntervalHoldsTheTrueMedianAboutAsOftenAsItSays() {
    MersenneTwister random = new MersenneTwister(7);
    int inside = 0;
    for (int i = 0; i < 200; i++) {
      double[] values = new double[20];
      Arrays.setAll(values, j -> Math.exp(random.nextGaussian())); // log-normal, of median 1
      Estimate estimate = bootstrap.median(values);
      inside += estimate.low() <= 1 && estimate.high() >= 1 ? 1 : 0;
    }
    // 95 % of 200 are 190; the deviation of such a count is 3.1.
    assertTrue(inside >= 181 && inside <= 198, inside + " of 200");
  }

  @Test
  void theSameRunsGiveTheSameInterval() {
    double[] values = {1, 5, 2, 8, 3, 9, 4};
    assertEquals(bootstrap.median(values), new Bootstrap().median(values));
    bootstrap.median(new double[] {1, 2, 3});
    assertEquals(bootstrap.median(values), new Bootstrap().median(values));
  }

  @Test
  void differencesOfOneSignAreToldFromNoneAndMixedOnesAreNot() {
    assertFalse(bootstrap.median(new double[] {1, 2, 1, 3, 2, 1, 2}).isNoise());
    assertFalse(bootstrap.median(new double[] {-1, -2, -1, -3, -2, -1, -2}).isNoise());
    assertTrue(bootstrap.median(new double[] {1, -2, 1, -3, 2, -1, 2}).isNoise());
    assertTrue(bootstrap.median(new double[] {0, 0, 0}).isNoise());
  }

  @Test
  void theRangeOfFiveRunsMissesTheMedianOnceInSixteenTimes() {
    assertEquals(15.0 / 16, Bootstrap.rangeConfidence(5));
    assertTrue(Bootstrap.rangeConfidence(Bootstrap.RUNS_ENOUGH - 1) < Bootstrap.CONFIDENCE);
    assertTrue(Bootstrap.rangeConfidence(Bootstrap.RUNS_ENOUGH) > Bootstrap.CONFIDENCE);
  }
}
