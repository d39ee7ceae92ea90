package sim.kernel;

/** What a CPU's time is spent on. */
public enum CpuTime {
  /** Tasks in user mode. */
  USER,
  /** Tasks in kernel mode, switches included. */
  SYSTEM,
  /** Kernel workers: workqueue workers, kthread workers, flusher threads. */
  WORKER,
  /** Softirqs, ksoftirqd included. */
  SOFTIRQ,
  /** Hard interrupts. */
  HARDIRQ
}
