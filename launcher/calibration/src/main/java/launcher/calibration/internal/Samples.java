package launcher.calibration.internal;

import java.util.Arrays;

/** Spans of time that were measured again and again. */
final class Samples {
  /** Share that is cut off at each end: interrupts and preemptions hit a few of many. */
  private static final int CUT = 20;

  private long[] values = new long[64];
  private int count;

  void add(long ns) {
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count);
    }
    values[count++] = ns;
  }

  int count() {
    return count;
  }

  long[] toArray() {
    return Arrays.copyOf(values, count);
  }

  /** The mean without the twentieth part at each end; NaN if there are none. */
  double trimmedMean() {
    return trimmedMean(toArray());
  }

  /** Likewise, of every second value: those of even index, or the others. */
  double trimmedMeanOfHalf(int first) {
    long[] half = new long[(count + 1 - first) / 2];
    for (int i = 0; i < half.length; i++) {
      half[i] = values[2 * i + first];
    }
    return trimmedMean(half);
  }

  private static double trimmedMean(long[] of) {
    Arrays.sort(of);
    int cut = of.length / CUT;
    return Arrays.stream(of, cut, of.length - cut).average().orElse(Double.NaN);
  }

  /** The value that the share of all is not above. */
  long quantile(double share) {
    long[] sorted = toArray();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(count - 1, (long) (share * count))];
  }
}
