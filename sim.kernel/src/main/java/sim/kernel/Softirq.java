package sim.kernel;

/** Softirq vectors, in the order in which they are served. */
public enum Softirq {
  /** High-priority tasklets. */
  HI,
  /** Expired timers of the wheel. */
  TIMER,
  /** Network transmission. */
  NET_TX,
  /** Network reception. */
  NET_RX,
  /** Block completions ({@code blk_done_softirq}). */
  BLOCK,
  /** Interrupt polling. */
  IRQ_POLL,
  /** Tasklets. */
  TASKLET,
  /** Load balancing. */
  SCHED,
  /** High-resolution timers. */
  HRTIMER,
  /** RCU callbacks. */
  RCU
}
