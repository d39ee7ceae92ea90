package launcher.calibration.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A sweep's rounds put together: each cell gets the median of its rounds, the quiet ones if there
 * are at least three, since of two a median is none. Cells whose commands were not those that were
 * asked for are left out.
 */
final class SweepCells {
  /** From this share on, other programs make a round noisy. */
  private static final double FOREIGN_MAX = 0.10;

  private static final int QUIET_ROUNDS_MIN = 3;

  /** Requests that the driver had to issue again, beyond which the queue was full. */
  private static final double REISSUES_MAX = 0.01;

  /** Requests for each I/O, beyond which they were split, or below which they were merged. */
  private static final double SPLIT_MAX = 1.05;

  private static final double MERGED_MIN = 0.95;

  private final List<MeasuredCell> cells = new ArrayList<>();
  private final Map<String, Integer> leftOut = new LinkedHashMap<>();
  private final MachineShare share;
  private final boolean drained;
  private int noisyRounds;
  private long flushes;
  private long flushMedianNs;

  /**
   * Of one device's rows.
   *
   * @param share what is taken off each latency
   * @param drained whether commands end together
   */
  SweepCells(List<SweepRow> rows, MachineShare share, boolean drained) {
    this.share = share;
    this.drained = drained;
    TreeMap<SweepRow.Cell, List<SweepRow>> byCell = new TreeMap<>();
    for (SweepRow row : rows) {
      byCell.computeIfAbsent(row.cell(), key -> new ArrayList<>()).add(row);
    }
    List<Long> flushMedians = new ArrayList<>();
    byCell.forEach(
        (cell, rounds) -> {
          for (SweepRow row : rounds) {
            if (row.flushes() > 0) {
              flushes += row.flushes();
              flushMedians.add(row.flushMedianNs());
            }
          }
          String reason = whyNot(cell, rounds);
          if (reason.isEmpty()) {
            cells.add(together(cell, rounds));
          } else {
            leftOut.merge(reason, 1, Integer::sum);
          }
        });
    if (drained) {
      cells.replaceAll(this::atLeastAlone);
    }
    flushMedianNs =
        flushMedians.isEmpty() ? 0 : Math.max(0, median(flushMedians) - share.requestNs());
  }

  private static String whyNot(SweepRow.Cell cell, List<SweepRow> rounds) {
    if (!cell.sync().isEmpty()) {
      return "FLUSHes between the commands";
    }
    for (SweepRow row : rounds) {
      if (row.reissues() > REISSUES_MAX * row.requests()) {
        return "the virtqueue was full and requests were issued again";
      }
    }
    for (SweepRow row : rounds) {
      double each = row.ios() == 0 ? 1 : row.requests() / (double) row.ios();
      if (each > SPLIT_MAX) {
        return "I/Os were split, so that requests are of several sizes";
      }
      if (each < MERGED_MIN) {
        return "I/Os were merged, so that requests are of several sizes";
      }
    }
    return "";
  }

  private MeasuredCell together(SweepRow.Cell cell, List<SweepRow> rounds) {
    List<SweepRow> quiet = rounds.stream().filter(row -> row.foreignShare() < FOREIGN_MAX).toList();
    List<SweepRow> used = quiet.size() >= QUIET_ROUNDS_MIN ? quiet : rounds;
    noisyRounds += rounds.size() - used.size();
    long machineNs = share.requestNs() + (drained ? share.lastBeforeMeanNs(cell.depth()) : 0);
    List<Long> latencies = new ArrayList<>();
    for (int i = 0; i < used.get(0).quantilesNs().size(); i++) {
      int quantile = i;
      long medianNs = median(used.stream().map(row -> row.quantilesNs().get(quantile)).toList());
      latencies.add(Math.max(0, medianNs - machineNs));
    }
    long count = used.stream().mapToLong(SweepRow::requests).sum();
    return new MeasuredCell(
        cell.op(),
        cell.sequential(),
        cell.sizeBytes(),
        cell.depth(),
        count,
        machineNs,
        median(used.stream().map(SweepRow::iops).toList()),
        latencies);
  }

  /** The last of several commands takes no less than one that is alone. */
  private MeasuredCell atLeastAlone(MeasuredCell cell) {
    for (MeasuredCell alone : cells) {
      if (alone.depth() == 1
          && alone.op() == cell.op()
          && alone.sequential() == cell.sequential()
          && alone.sizeBytes() == cell.sizeBytes()) {
        List<Long> latencies = new ArrayList<>();
        for (int i = 0; i < cell.quantilesNs().size(); i++) {
          latencies.add(Math.max(cell.quantilesNs().get(i), alone.quantilesNs().get(i)));
        }
        return new MeasuredCell(
            cell.op(),
            cell.sequential(),
            cell.sizeBytes(),
            cell.depth(),
            cell.count(),
            cell.machineNs(),
            cell.iops(),
            latencies);
      }
    }
    return cell;
  }

  private static long median(List<Long> values) {
    List<Long> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** By direction, sequential or not, size and depth. */
  List<MeasuredCell> cells() {
    return cells;
  }

  /** Cells that were left out, by the reason. */
  Map<String, Integer> leftOut() {
    return leftOut;
  }

  /** Rounds that were left out since other programs were busy. */
  int noisyRounds() {
    return noisyRounds;
  }

  /** FLUSHes that were measured. */
  long flushes() {
    return flushes;
  }

  /** Their median latency, over the cells that have some. */
  long flushMedianNs() {
    return flushMedianNs;
  }
}
