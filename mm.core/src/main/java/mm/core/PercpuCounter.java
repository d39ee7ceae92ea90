package mm.core;

/**
 * A counter that each CPU adds to on its own, and folds into the common count when its share
 * reaches the batch: cheap to change and, read approximately, wrong by up to CPUs x batch. Models
 * {@code struct percpu_counter}, which the statistics of a bdi_writeback are made of.
 */
public final class PercpuCounter {
  private final long batch;
  private final long[] shares;
  private long count;

  /**
   * Makes a counter at 0.
   *
   * @param cpus how many CPUs may add
   * @param batch the share at which a CPU folds; for a bdi_writeback see {@link #writebackBatch}
   */
  public PercpuCounter(int cpus, long batch) {
    if (cpus < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "per-CPU counter: cpus is " + cpus + " and batch " + batch + "; both must be above 0");
    }
    this.batch = batch;
    this.shares = new long[cpus];
  }

  /** {@code WB_STAT_BATCH}: 8 x (1 + log2 of the CPUs, rounded down). */
  public static long writebackBatch(int cpus) {
    return 8L * (1 + 31 - Integer.numberOfLeadingZeros(cpus));
  }

  /** Adds on a CPU; {@code delta} may be below 0. */
  public void add(int cpu, long delta) {
    long share = shares[cpu] + delta;
    if (Math.abs(share) >= batch) {
      count += share;
      share = 0;
    }
    shares[cpu] = share;
  }

  /** The common count, without the CPUs' shares; may be below 0. */
  public long read() {
    return count;
  }

  /** As {@link #read}, but not below 0, as {@code wb_stat} gives it. */
  public long readPositive() {
    return Math.max(0, count);
  }

  /** The exact sum; its cost grows with the CPUs. */
  public long sum() {
    long sum = count;
    for (long share : shares) {
      sum += share;
    }
    return sum;
  }

  /** Folds the share of a CPU that has gone. Models {@code percpu_counter_cpu_dead}. */
  public void cpuDead(int cpu) {
    count += shares[cpu];
    shares[cpu] = 0;
  }
}
