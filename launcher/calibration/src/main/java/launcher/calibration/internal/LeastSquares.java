package launcher.calibration.internal;

import java.util.Arrays;
import java.util.List;

/** Weights by which a sum of a row's values comes closest to its last. */
final class LeastSquares {
  /** Rows farther off than so many times the median are somebody else's. */
  private static final double FAR = 4.5;

  private static final int ROUNDS = 5;

  private LeastSquares() {}

  /**
   * A weight for each value but a row's last; empty if the rows don't tell the weights apart. Rows
   * that are far off are left out, and the rest fitted again.
   */
  static double[] trimmed(List<double[]> rows) {
    List<double[]> used = rows;
    double[] weights = of(used);
    for (int round = 1; round < ROUNDS && weights.length > 0; round++) {
      double[] fitted = weights;
      double[] off = used.stream().mapToDouble(row -> Math.abs(off(row, fitted))).toArray();
      Arrays.sort(off);
      double most = FAR * off[off.length / 2];
      used = used.stream().filter(row -> Math.abs(off(row, fitted)) <= most).toList();
      weights = of(used);
    }
    return weights;
  }

  private static double off(double[] row, double[] weights) {
    double sum = -row[weights.length];
    for (int i = 0; i < weights.length; i++) {
      sum += row[i] * weights[i];
    }
    return sum;
  }

  /** By the normal equations, whose columns are scaled to be alike. */
  private static double[] of(List<double[]> rows) {
    if (rows.isEmpty()) {
      return new double[0];
    }
    int count = rows.get(0).length - 1;
    double[] scale = new double[count];
    for (double[] row : rows) {
      for (int i = 0; i < count; i++) {
        scale[i] = Math.max(scale[i], Math.abs(row[i]));
      }
    }
    double[][] sums = new double[count][count + 1];
    for (double[] row : rows) {
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < count; j++) {
          sums[i][j] += row[i] / scale[i] * row[j] / scale[j];
        }
        sums[i][count] += row[i] / scale[i] * row[count];
      }
    }
    double[] weights = solved(sums);
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= scale[i];
    }
    return weights;
  }

  private static double[] solved(double[][] sums) {
    int count = sums.length;
    for (int column = 0; column < count; column++) {
      int pivot = column;
      for (int row = column + 1; row < count; row++) {
        pivot = Math.abs(sums[row][column]) > Math.abs(sums[pivot][column]) ? row : pivot;
      }
      double[] swapped = sums[column];
      sums[column] = sums[pivot];
      sums[pivot] = swapped;
      if (!(Math.abs(sums[column][column]) > 1e-9 * sums[0][0])) {
        return new double[0];
      }
      for (int row = 0; row < count; row++) {
        double factor = row == column ? 0 : sums[row][column] / sums[column][column];
        for (int i = column; i <= count; i++) {
          sums[row][i] -= factor * sums[column][i];
        }
      }
    }
    double[] weights = new double[count];
    for (int i = 0; i < count; i++) {
      weights[i] = sums[i][count] / sums[i][i];
    }
    return weights;
  }
}
