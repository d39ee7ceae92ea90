package launcher.calibration.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class MonotoneTest {
  private static double[] fitted(double[] values, double... weights) {
    Monotone.fit(values, weights);
    return values;
  }

  @Test
  void whatRisesStays() {
    assertArrayEquals(new double[] {1, 2, 2, 9}, fitted(new double[] {1, 2, 2, 9}, 1, 1, 1, 1));
  }

  @Test
  void neighboursThatFallShareTheirWeightedMean() {
    // (6 x 1 + 3 x 2) / 3 = 4.
    assertArrayEquals(new double[] {1, 4, 4, 5}, fitted(new double[] {1, 6, 3, 5}, 1, 1, 2, 1));
  }

  @Test
  void aFallReachesBackAsFarAsItHasTo() {
    // 5 and 1 share 3, which is less than 4: all three share 10 / 3.
    double third = 10.0 / 3;
    assertArrayEquals(
        new double[] {third, third, third}, fitted(new double[] {4, 5, 1}, 1, 1, 1), 1e-12);
  }
}
