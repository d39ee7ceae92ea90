package block.bio.device;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Measured latencies of one direction of a device, by size, depth and quantile. Between what was
 * measured it goes in straight lines: of size, since a transfer takes its bytes' time, of depth,
 * since each command before it takes its own, and of quantile. Immutable; no question allocates.
 *
 * <p>Beyond what was measured it supposes no more of the device than was seen: commands smaller or
 * fewer than the least take as long as these, more commands than the most share the rate that these
 * had, and larger ones follow the line of the two largest sizes.
 */
public final class LatencyTable {
  private final List<Double> quantiles;
  private final List<MeasuredLatency> rows;

  private final double[] chances;
  private final int[] sizes;
  private final int depths;

  /** Nanoseconds by size, depth from 1, and quantile. */
  private final double[] grid;

  /** Nanoseconds between two completions at the best rate that was measured, by size. */
  private final double[] intervals;

  private LatencyTable(List<Double> quantiles, List<MeasuredLatency> rows) {
    this.quantiles = List.copyOf(quantiles);
    this.rows = List.copyOf(rows);
    chances = quantiles.stream().mapToDouble(Double::doubleValue).toArray();
    sizes = rows.stream().mapToInt(MeasuredLatency::sizeBytes).distinct().toArray();
    depths = rows.stream().mapToInt(MeasuredLatency::depth).max().orElseThrow();
    grid = new double[sizes.length * depths * chances.length];
    intervals = new double[sizes.length];
    for (int size = 0; size < sizes.length; size++) {
      int bytes = sizes[size];
      fill(size, rows.stream().filter(row -> row.sizeBytes() == bytes).toList());
    }
  }

  /**
   * A table of rows in any order.
   *
   * @param quantiles shares from 0 to 1, rising: what each row's latencies are quantiles of
   * @param rows one for each size and depth that was measured
   * @throws IllegalArgumentException if there are none, if a size and depth come twice, or if a
   *     latency falls where size or depth rise
   */
  public static LatencyTable of(List<Double> quantiles, List<MeasuredLatency> rows) {
    requireRising(quantiles);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("has no rows; at least one size has to be measured");
    }
    List<MeasuredLatency> sorted = new ArrayList<>(rows);
    sorted.sort(
        Comparator.comparingInt(MeasuredLatency::sizeBytes)
            .thenComparingInt(MeasuredLatency::depth));
    for (MeasuredLatency row : sorted) {
      if (row.quantilesNs().size() != quantiles.size()) {
        throw new IllegalArgumentException(
            "%s has %d latencies; there are %d quantiles"
                .formatted(place(row), row.quantilesNs().size(), quantiles.size()));
      }
      for (MeasuredLatency other : sorted) {
        requireMonotone(row, other);
      }
    }
    return new LatencyTable(quantiles, sorted);
  }

  private static void requireRising(List<Double> quantiles) {
    double before = -1;
    for (double quantile : quantiles) {
      if (!(quantile > before && quantile >= 0 && quantile <= 1)) {
        throw new IllegalArgumentException("quantiles are " + quantiles + "; they must rise");
      }
      before = quantile;
    }
    if (quantiles.isEmpty()) {
      throw new IllegalArgumentException("has no quantiles; the median would be one");
    }
  }

  private static void requireMonotone(MeasuredLatency less, MeasuredLatency more) {
    boolean sameSize = less.sizeBytes() == more.sizeBytes();
    boolean sameDepth = less.depth() == more.depth();
    if (less == more || !sameSize && !sameDepth) {
      return;
    }
    if (sameSize && sameDepth) {
      throw new IllegalArgumentException(place(less) + " comes twice");
    }
    if (sameSize ? less.depth() > more.depth() : less.sizeBytes() > more.sizeBytes()) {
      return;
    }
    for (int i = 0; i < Math.min(less.quantilesNs().size(), more.quantilesNs().size()); i++) {
      if (less.quantilesNs().get(i) > more.quantilesNs().get(i)) {
        throw new IllegalArgumentException(
            "%s has %d ns where %s has %d ns; a latency must not fall where size or depth rise"
                .formatted(
                    place(more),
                    more.quantilesNs().get(i),
                    place(less),
                    less.quantilesNs().get(i)));
      }
    }
  }

  private static String place(MeasuredLatency row) {
    return "the row of " + row.sizeBytes() + " B at depth " + row.depth();
  }

  private void fill(int size, List<MeasuredLatency> measured) {
    intervals[size] = Double.MAX_VALUE;
    for (MeasuredLatency row : measured) {
      intervals[size] = Math.min(intervals[size], meanNs(row) / row.depth());
    }
    int next = 0;
    for (int depth = 1; depth <= depths; depth++) {
      while (next < measured.size() && measured.get(next).depth() < depth) {
        next++;
      }
      MeasuredLatency above = next < measured.size() ? measured.get(next) : null;
      MeasuredLatency below = next > 0 ? measured.get(next - 1) : null;
      for (int i = 0; i < chances.length; i++) {
        grid[cell(size, depth) + i] = between(below, above, depth, i);
      }
    }
  }

  private static double between(MeasuredLatency below, MeasuredLatency above, int depth, int i) {
    if (below == null) {
      return above.quantilesNs().get(i);
    }
    double least = below.quantilesNs().get(i);
    if (above == null) {
      return least * depth / below.depth();
    }
    double share = (depth - below.depth()) / (double) (above.depth() - below.depth());
    return least + (above.quantilesNs().get(i) - least) * share;
  }

  private double meanNs(MeasuredLatency row) {
    double sum = 0;
    double lastChance = 0;
    double last = row.quantilesNs().get(0);
    for (int i = 0; i < chances.length; i++) {
      double ns = row.quantilesNs().get(i);
      sum += (chances[i] - lastChance) * (last + ns) / 2;
      lastChance = chances[i];
      last = ns;
    }
    return sum + (1 - lastChance) * last;
  }

  private int cell(int size, int depth) {
    return (size * depths + depth - 1) * chances.length;
  }

  /**
   * A command's latency from issue to completion, in nanoseconds.
   *
   * @param depth commands that the device has at its issue, this one included; others that take it
   *     longer or less long count accordingly
   * @param chance from 0 to 1, each value equally likely
   */
  public long latencyNs(int sizeBytes, double depth, double chance) {
    int upper = 0;
    while (upper < chances.length && chances[upper] < chance) {
      upper++;
    }
    int lower = Math.max(0, upper - 1);
    upper = Math.min(upper, chances.length - 1);
    double share =
        upper == lower ? 0 : (chance - chances[lower]) / (chances[upper] - chances[lower]);
    int row = (int) Math.min(depth, depths);
    double rowShare = Math.min(depth, depths) - row;
    double ns = ofRow(sizeBytes, row, lower, upper, share);
    if (rowShare > 0) {
      ns += (ofRow(sizeBytes, row + 1, lower, upper, share) - ns) * rowShare;
    }
    return Math.round(depth > depths ? ns * depth / depths : ns);
  }

  private double ofRow(int sizeBytes, int row, int lower, int upper, double share) {
    int size = lowerSize(sizeBytes);
    int larger = Math.min(size + 1, sizes.length - 1);
    double ns = onLine(sizeBytes, at(size, row, lower, upper, share), size, larger);
    if (larger != size) {
      double more = at(larger, row, lower, upper, share);
      ns += (more - ns) * sizeShare(sizeBytes, size);
    }
    return ns;
  }

  /**
   * Nanoseconds between two completions at the best rate that was measured at this size: depth by
   * mean latency, as Little's law has it.
   */
  public long intervalNs(int sizeBytes) {
    int size = lowerSize(sizeBytes);
    int larger = Math.min(size + 1, sizes.length - 1);
    double ns = onLine(sizeBytes, intervals[size], size, larger);
    ns += (intervals[larger] - intervals[size]) * (larger == size ? 0 : sizeShare(sizeBytes, size));
    return Math.round(ns);
  }

  /** Nanoseconds that a byte adds to the median of the two largest sizes alone; 0 of one size. */
  public double byteNs() {
    int largest = sizes[sizes.length - 1];
    int before = sizes[Math.max(0, sizes.length - 2)];
    return largest == before
        ? 0
        : (latencyNs(largest, 1, 0.5) - latencyNs(before, 1, 0.5)) / (double) (largest - before);
  }

  /** Of a table of one size, what is larger takes its bytes' time; otherwise nothing changes. */
  private double onLine(int sizeBytes, double ns, int size, int larger) {
    return size == larger && sizeBytes > sizes[size] ? ns * sizeBytes / sizes[size] : ns;
  }

  private double at(int size, int depth, int lower, int upper, double share) {
    int cell = cell(size, depth);
    return grid[cell + lower] + (grid[cell + upper] - grid[cell + lower]) * share;
  }

  /** The size on whose right side the line goes: the last but one for all that are larger. */
  private int lowerSize(int sizeBytes) {
    int size = 0;
    while (size + 2 < sizes.length && sizes[size + 1] <= sizeBytes) {
      size++;
    }
    return size;
  }

  private double sizeShare(int sizeBytes, int size) {
    double share = (sizeBytes - sizes[size]) / (double) (sizes[size + 1] - sizes[size]);
    return Math.max(0, share);
  }

  /** Shares from 0 to 1 that each row's latencies are quantiles of. */
  public List<Double> quantiles() {
    return quantiles;
  }

  /** What was measured, by size and then by depth. */
  public List<MeasuredLatency> rows() {
    return rows;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LatencyTable that
        && quantiles.equals(that.quantiles)
        && rows.equals(that.rows);
  }

  @Override
  public int hashCode() {
    return 31 * quantiles.hashCode() + rows.hashCode();
  }
}
