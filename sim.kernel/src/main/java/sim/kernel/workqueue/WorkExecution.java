package sim.kernel.workqueue;

import java.util.ArrayDeque;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.TaskLocal;
import sim.kernel.check.Rule;
import sim.kernel.trace.Tracepoint;

/** The running of items by one task ({@code process_one_work}). */
final class WorkExecution {
  private static final TaskLocal<WorkExecution> OF_TASK = new TaskLocal<>();

  private final Task task;
  private final ArrayDeque<Work> scheduled = new ArrayDeque<>(2);
  private final Step executed = this::executed;
  private Work current;
  private long sinceNs;

  WorkExecution(Task task) {
    this.task = task;
    task.setLocal(OF_TASK, this);
  }

  /** The item that a task is running; null if it is none's worker, or idle. */
  static Work currentOf(Task task) {
    WorkExecution execution = task.local(OF_TASK);
    return execution == null ? null : execution.current;
  }

  /** An item that may not run beside the one being run. */
  void scheduleAfterCurrent(Work work) {
    scheduled.addLast(work);
  }

  boolean unschedule(Work work) {
    return scheduled.remove(work);
  }

  /** The next item that waits for this task alone; null if there is none. */
  Work nextScheduled() {
    return scheduled.pollFirst();
  }

  /** The item being run; null if there is none. */
  Work current() {
    return current;
  }

  /** When the item being run was begun. */
  long sinceNs() {
    return sinceNs;
  }

  /** Runs an item; what the caller named before follows when it has returned. */
  void begin(Exec x, Work work) {
    current = work;
    sinceNs = x.nowNs();
    work.pending = false;
    work.running = true;
    work.runner = this;
    work.runningShare = work.share;
    emit(x, Tracepoint.WORKQUEUE_EXECUTE_START, work);
    x.then(executed);
    x.markAtomic();
    work.function().run(x);
  }

  private void executed(Exec x) {
    x.markedReturned();
    Work work = current;
    current = null;
    work.running = false;
    work.runner = null;
    emit(x, Tracepoint.WORKQUEUE_EXECUTE_END, work);
    if (x.leaksAtomic()) {
      String what = work.name() + ", " + x.atomicCounts();
      x.machine().checker().report(Rule.LEAKED_ATOMIC, x, what);
    }
    work.runningShare.done();
    work.ended(x);
    x.condResched();
  }

  private void emit(Exec x, Tracepoint tracepoint, Work work) {
    x.machine()
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            tracepoint,
            x.machine().workqueues().traceId(work),
            task.id(),
            work.number);
  }
}
