package launcher.calibration.internal;

/** Least squares under the condition that nothing falls (isotonic regression). */
final class Monotone {
  private Monotone() {}

  /**
   * Replaces values by the nearest ones that do not fall: neighbours that do share their weighted
   * mean (pool adjacent violators).
   *
   * @param weights positive, one for each value
   */
  static void fit(double[] values, double[] weights) {
    int[] lengths = new int[values.length];
    double[] means = new double[values.length];
    double[] sums = new double[values.length];
    int blocks = 0;
    for (int i = 0; i < values.length; i++) {
      lengths[blocks] = 1;
      means[blocks] = values[i];
      sums[blocks] = weights[i];
      blocks++;
      while (blocks > 1 && means[blocks - 2] > means[blocks - 1]) {
        double sum = sums[blocks - 2] + sums[blocks - 1];
        means[blocks - 2] =
            (means[blocks - 2] * sums[blocks - 2] + means[blocks - 1] * sums[blocks - 1]) / sum;
        sums[blocks - 2] = sum;
        lengths[blocks - 2] += lengths[blocks - 1];
        blocks--;
      }
    }
    int at = 0;
    for (int block = 0; block < blocks; block++) {
      for (int i = 0; i < lengths[block]; i++) {
        values[at++] = means[block];
      }
    }
  }
}
