package sim.kernel;

/** What kind of context simulated code runs in. */
public enum ExecContext {
  /** A task, kernel workers included ({@code in_task()}). */
  TASK,
  /** Serving a softirq, on interrupt exit or in ksoftirqd. */
  SOFTIRQ,
  /** A hard interrupt's handler. */
  HARDIRQ
}
