package launcher.validation.fold;

import java.util.Arrays;

/** How much was transferred when: bytes of the I/O that ended in each tenth of a millisecond. */
final class TransferCurve {
  private static final long SLOT_NS = 100_000;

  private long[] bytes = new long[1024];
  private int used;

  /** Allocates only when the run has become twice as long. */
  void add(long timeNs, long count) {
    int slot = (int) (timeNs / SLOT_NS);
    if (slot >= bytes.length) {
      bytes = Arrays.copyOf(bytes, Integer.highestOneBit(slot) * 2);
    }
    bytes[slot] += count;
    used = Math.max(used, slot + 1);
  }

  /** Bytes from one time to another; of a slot that lies on a border the share that is inside. */
  double between(double fromNs, double toNs) {
    double sum = 0;
    int end = (int) Math.min(used, Math.ceil(toNs / SLOT_NS));
    for (int slot = (int) (fromNs / SLOT_NS); slot < end; slot++) {
      double from = Math.max(fromNs, (double) slot * SLOT_NS);
      double to = Math.min(toNs, (slot + 1.0) * SLOT_NS);
      sum += bytes[slot] * (to - from) / SLOT_NS;
    }
    return sum;
  }

  /** Bytes of as many equal slices of the time between. */
  double[] slices(int count, long fromNs, long toNs) {
    double[] slices = new double[count];
    double sliceNs = (double) (toNs - fromNs) / count;
    for (int i = 0; i < count; i++) {
      slices[i] = between(fromNs + i * sliceNs, fromNs + (i + 1) * sliceNs);
    }
    return slices;
  }
}
