package sim.kernel;

/**
 * {@code sched_avg.load_avg} ({@code kernel/sched/pelt.c}): the weight that was runnable, halved by
 * each 32 periods of 1,024 us that have passed since. Fixed point, so that it is the same on every
 * JVM.
 */
final class LoadAverage {
  private static final long PERIOD_NS = 1_024_000;

  /** {@code LOAD_AVG_PERIOD}: periods after which half is left. */
  private static final int HALF_LIFE = 32;

  private static final int ONE_SHIFT = 30;
  private static final int VALUE_SHIFT = 10;
  private static final long[] LEFT = new long[HALF_LIFE + 1];

  static {
    for (int i = 0; i < LEFT.length; i++) {
      LEFT[i] = Math.round(StrictMath.pow(2, -i / (double) HALF_LIFE) * (1L << ONE_SHIFT));
    }
  }

  private long value;
  private long atNs;

  /** A new task's: that of one that has always been runnable. */
  void fill(long weight, long nowNs) {
    value = weight << VALUE_SHIFT;
    atNs = nowNs;
  }

  /**
   * Brings it to {@code nowNs}: {@code weight} was runnable since it was brought to a time last.
   */
  void elapse(long nowNs, long weight) {
    long passedNs = nowNs - atNs;
    atNs = nowNs;
    long periods = passedNs / PERIOD_NS;
    long target = weight << VALUE_SHIFT;
    if (periods >= HALF_LIFE * 30L) {
      value = target;
      return;
    }
    int index = (int) (periods % HALF_LIFE);
    long part = LEFT[index] - LEFT[index + 1];
    long left = LEFT[index] - part * (passedNs - periods * PERIOD_NS) / PERIOD_NS;
    left >>= periods / HALF_LIFE;
    value = target + ((value - target) * left >> ONE_SHIFT);
  }

  /** A task comes with its own; both have been brought to the same time. */
  void attach(LoadAverage task) {
    value += task.value;
  }

  /** A task goes with its own. */
  void detach(LoadAverage task) {
    value = Math.max(0, value - task.value);
  }

  /** In units of weight: 1,024 is a task of nice 0 that is always runnable. */
  long value() {
    return value >> VALUE_SHIFT;
  }
}
