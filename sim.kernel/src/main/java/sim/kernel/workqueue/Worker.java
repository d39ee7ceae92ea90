package sim.kernel.workqueue;

import java.util.ArrayDeque;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.check.Rule;
import sim.kernel.trace.Tracepoint;

/** A kworker: takes items from its pool and sleeps when there is nothing to do. */
final class Worker {
  private final WorkerPool pool;
  private final Task task;
  private final ArrayDeque<Work> scheduled = new ArrayDeque<>(2);
  private Work current;
  private final Step loop = this::loop;
  private final Step executed = this::executed;

  Worker(WorkerPool pool, Task task) {
    this.pool = pool;
    this.task = task;
    task.then(loop);
  }

  Task task() {
    return task;
  }

  /** An item that may not run beside the one this worker is running. */
  void scheduleAfterCurrent(Work work) {
    scheduled.addLast(work);
  }

  void unschedule(Work work) {
    scheduled.remove(work);
  }

  private void loop(Exec x) {
    x.then(loop);
    Work work = scheduled.pollFirst();
    if (work == null) {
      work = pool.take(this);
    }
    if (work == null) {
      pool.enterIdle(this);
      x.block();
      return;
    }
    current = work;
    work.pending = false;
    work.running = true;
    work.runner = this;
    emit(x, Tracepoint.WORKQUEUE_EXECUTE_START, work);
    x.then(executed);
    work.function().run(x);
  }

  private void executed(Exec x) {
    Work work = current;
    current = null;
    work.running = false;
    work.runner = null;
    emit(x, Tracepoint.WORKQUEUE_EXECUTE_END, work);
    if (!x.maySleep()) {
      x.machine().checker().report(Rule.LEAKED_ATOMIC, x, work.name());
    }
    pool.finished(work);
    x.condResched();
  }

  private void emit(Exec x, Tracepoint tracepoint, Work work) {
    x.machine()
        .trace()
        .emit(x.nowNs(), x.cpu().id(), tracepoint, pool.workqueues().traceId(work), task.id());
  }
}
