package launcher.trace.event;

/** In what an event of ftrace happened, as its flags tell. */
public enum TraceContext {
  /** A task. */
  TASK,
  /** A softirq that interrupted the task, or ran in ksoftirqd. */
  SOFTIRQ,
  /** A hard interrupt. */
  HARDIRQ,
  /** A non-maskable interrupt. */
  NMI,
  /** The line has no flags. */
  UNKNOWN
}
