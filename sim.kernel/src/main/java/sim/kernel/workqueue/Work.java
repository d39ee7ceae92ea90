package sim.kernel.workqueue;

import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.wait.WaitQueue;

/**
 * A work item ({@code struct work_struct}). Pending at most once; never runs concurrently with
 * itself; may queue itself again while it runs.
 */
public sealed class Work permits DelayedWork {
  private final Step function;
  private final String name;

  boolean pending;
  boolean running;
  int disabled;
  int traceId;

  /** By the order in which items were queued first, from 1; 0 before. */
  int number;

  Workqueue workqueue;
  WorkerPool pool;
  PoolWorkqueue share;
  PoolWorkqueue runningShare;
  WorkExecution runner;

  private WaitQueue endWaiters;

  /**
   * A work item that is not queued.
   *
   * @param name the function's name, for the trace
   * @param function its first step, in a worker's task
   */
  public Work(String name, Step function) {
    this.name = name;
    this.function = function;
  }

  /** The function's name. */
  public final String name() {
    return name;
  }

  final Step function() {
    return function;
  }

  /** Tasks that wait for its running instance to end. */
  final WaitQueue endWaiters() {
    if (endWaiters == null) {
      endWaiters = new WaitQueue();
    }
    return endWaiters;
  }

  final void ended(Exec x) {
    if (endWaiters != null) {
      endWaiters.wakeAll(x);
    }
  }

  /** {@code work_pending}: queued, or its timer is armed, and not begun. */
  public final boolean isPending() {
    return pending;
  }

  /** Whether a worker is executing it now. */
  public final boolean isRunning() {
    return running;
  }

  /** {@code work_busy} as one answer: pending or running. */
  public final boolean isBusy() {
    return pending || running;
  }

  /** Whether {@code disable_work} is in force. */
  public final boolean isDisabled() {
    return disabled > 0;
  }
}
