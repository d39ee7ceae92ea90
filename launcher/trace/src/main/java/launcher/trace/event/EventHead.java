package launcher.trace.event;

import org.osgi.annotation.versioning.ProviderType;

/** What stands before the colon of an event: who, where, when. */
@ProviderType
public interface EventHead {
  /** The line's number, from 1; the record's in a binary format. */
  long line();

  /** Nanoseconds of the trace's clock; a clock that counts something else gives its count. */
  long timeNs();

  /** False if the clock has no unit, as {@code trace_clock} counter has none. */
  boolean timed();

  /** The CPU that recorded it. */
  int cpu();

  /** The task that was current; 0 is the idle task. */
  int pid();

  /** Its process, or -1 if the trace does not say. */
  int tgid();

  /** The task's name, without spaces around it; {@code <...>} if the recorder did not know it. */
  String task();

  /** The number of the task's name. */
  int taskId();

  /** The event's name; of blkparse and blktrace the action's letter. */
  String event();

  /** The number of the event's name. */
  int eventId();

  /** In what it happened. */
  TraceContext context();

  /** Whether interrupts were off; false if the trace does not say. */
  boolean irqsOff();

  /** Whether a reschedule was due, lazily or not; false if the trace does not say. */
  boolean needResched();

  /** The preempt count's depth, from 0 to 15; -1 if the trace does not say. */
  int preemptDepth();
}
