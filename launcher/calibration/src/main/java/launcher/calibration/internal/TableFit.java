package launcher.calibration.internal;

import block.bio.device.LatencyTable;
import block.bio.device.MeasuredLatency;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes a table of measured cells: takes them as they are where no latency falls with size or
 * depth, and otherwise the nearest values of which that holds.
 */
final class TableFit {
  /** Each round makes the result less wrong; a handful is enough. */
  private static final int ROUNDS_MAX = 1000;

  private TableFit() {}

  /** A table of one direction; empty if there are no cells. */
  static Optional<LatencyTable> of(List<Double> quantiles, Collection<MeasuredCell> cells) {
    if (cells.isEmpty()) {
      return Optional.empty();
    }
    List<MeasuredCell> sorted = new ArrayList<>(cells);
    double[][] latencies = new double[quantiles.size()][];
    for (int i = 0; i < quantiles.size(); i++) {
      int quantile = i;
      latencies[i] = sorted.stream().mapToDouble(c -> c.quantilesNs().get(quantile)).toArray();
      settle(sorted, latencies[i]);
    }
    List<MeasuredLatency> rows = new ArrayList<>();
    for (int cell = 0; cell < sorted.size(); cell++) {
      List<Long> row = new ArrayList<>();
      long last = 0;
      for (double[] latency : latencies) {
        last = Math.max(last, Math.round(latency[cell] / 100) * 100);
        row.add(last);
      }
      rows.add(new MeasuredLatency(sorted.get(cell).sizeBytes(), sorted.get(cell).depth(), row));
    }
    return Optional.of(LatencyTable.of(quantiles, rows));
  }

  /** Makes latencies of one quantile rise with depth and with size, by turns until both hold. */
  private static void settle(List<MeasuredCell> cells, double[] latencies) {
    List<List<Integer>> lines = new ArrayList<>();
    Map<Integer, TreeMap<Integer, Integer>> bySize = new TreeMap<>();
    Map<Integer, TreeMap<Integer, Integer>> byDepth = new TreeMap<>();
    for (int i = 0; i < cells.size(); i++) {
      MeasuredCell cell = cells.get(i);
      bySize.computeIfAbsent(cell.sizeBytes(), key -> new TreeMap<>()).put(cell.depth(), i);
      byDepth.computeIfAbsent(cell.depth(), key -> new TreeMap<>()).put(cell.sizeBytes(), i);
    }
    bySize.values().forEach(line -> lines.add(List.copyOf(line.values())));
    byDepth.values().forEach(line -> lines.add(List.copyOf(line.values())));
    boolean changed = true;
    for (int round = 0; changed && round < ROUNDS_MAX; round++) {
      changed = false;
      for (List<Integer> line : lines) {
        changed |= settleLine(cells, latencies, line);
      }
    }
    // What is left by then: the larger of two neighbours, which ends since it only ever rises.
    changed = true;
    while (changed) {
      changed = false;
      for (List<Integer> line : lines) {
        for (int i = 1; i < line.size(); i++) {
          double least = latencies[line.get(i - 1)];
          changed |= latencies[line.get(i)] < least;
          latencies[line.get(i)] = Math.max(latencies[line.get(i)], least);
        }
      }
    }
  }

  private static boolean settleLine(
      List<MeasuredCell> cells, double[] latencies, List<Integer> line) {
    double[] values = line.stream().mapToDouble(i -> latencies[i]).toArray();
    double[] weights = line.stream().mapToDouble(i -> cells.get(i).count()).toArray();
    Monotone.fit(values, weights);
    boolean changed = false;
    for (int i = 0; i < values.length; i++) {
      changed |= Math.abs(values[i] - latencies[line.get(i)]) > 0.5;
      latencies[line.get(i)] = values[i];
    }
    return changed;
  }

  /** Whether a table without this cell has cells on both sides of it, by size or by depth. */
  static boolean isInside(MeasuredCell cell, Collection<MeasuredCell> cells) {
    TreeSet<Integer> depths = new TreeSet<>();
    TreeSet<Integer> sizes = new TreeSet<>();
    for (MeasuredCell other : cells) {
      if (other.sizeBytes() == cell.sizeBytes()) {
        depths.add(other.depth());
      }
      if (other.depth() == cell.depth()) {
        sizes.add(other.sizeBytes());
      }
    }
    boolean betweenDepths =
        depths.lower(cell.depth()) != null && depths.higher(cell.depth()) != null;
    boolean aloneAtItsSize = depths.size() == 1;
    return betweenDepths
        || aloneAtItsSize
            && sizes.lower(cell.sizeBytes()) != null
            && sizes.higher(cell.sizeBytes()) != null;
  }
}
