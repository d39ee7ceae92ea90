package sim.kernel;

/** Scheduling class of a task. */
public enum SchedClass {
  /** {@code SCHED_NORMAL}: shares the CPU by weight. */
  FAIR,
  /** {@code SCHED_FIFO}: runs until it blocks, ahead of every fair task. */
  FIFO
}
