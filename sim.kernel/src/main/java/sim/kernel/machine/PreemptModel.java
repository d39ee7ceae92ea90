package sim.kernel.machine;

/** Preemption model a kernel was booted with ({@code CONFIG_PREEMPT_*} or {@code preempt=}). */
public enum PreemptModel {
  /**
   * Kernel code is left only when it blocks, calls {@code cond_resched} or returns to user mode.
   */
  NONE,
  /** As {@link #NONE}, and also at {@code might_sleep} points. */
  VOLUNTARY,
  /** Fair wake-ups wait for the tick or user mode; real-time wake-ups preempt at once. */
  LAZY,
  /** Kernel code is preempted wherever its preempt count is zero. */
  FULL,
  /**
   * {@code CONFIG_PREEMPT_RT}: as {@link #FULL}, and preempted under spinlocks too, which sleep;
   * device interrupts and softirqs run in threads.
   */
  RT
}
