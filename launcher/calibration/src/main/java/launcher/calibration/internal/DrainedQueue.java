package launcher.calibration.internal;

import java.util.List;

/**
 * Whether a device ends all its commands together. A program that keeps n commands at a device then
 * finds 0, 1, … n - 1 others there at its n issues, (n + 1) / 2 with the one that is issued; one
 * that replaces each command as it ends finds n.
 */
final class DrainedQueue {
  private static final int DEPTH_MIN = 4;
  private static final double TOLERANCE = 0.15;

  private int cells;
  private int together;
  private int oneByOne;

  /** Of the rows of a sweep that tell how many commands were in flight. */
  DrainedQueue(List<SweepRow> rows) {
    for (SweepRow row : rows) {
      int depth = row.cell().depth();
      if (row.inflightMean() < 0 || depth < DEPTH_MIN || row.reissues() * 100 > row.requests()) {
        continue;
      }
      cells++;
      double half = (depth + 1) / 2.0;
      together += Math.abs(row.inflightMean() - half) <= TOLERANCE * half ? 1 : 0;
      oneByOne += Math.abs(row.inflightMean() - depth) <= TOLERANCE * depth ? 1 : 0;
    }
  }

  /** Cells that tell it one way or the other. */
  int cells() {
    return cells;
  }

  int together() {
    return together;
  }

  int oneByOne() {
    return oneByOne;
  }

  /** {@code drained}, {@code each}, or empty if most cells are neither. */
  String interrupts() {
    if (2 * together > cells) {
      return "drained";
    }
    return 2 * oneByOne > cells ? "each" : "";
  }
}
