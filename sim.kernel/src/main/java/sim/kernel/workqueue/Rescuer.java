package sim.kernel.workqueue;

import java.util.ArrayDeque;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.Task;

/**
 * The thread of a WQ_MEM_RECLAIM queue that runs its items, on the needy pool's CPU, when the pool
 * needs a worker and none can be created in time ({@code rescuer_thread}).
 */
final class Rescuer {
  private final Task task;
  private final Workqueue queue;
  private final ArrayDeque<WorkerPool> calls = new ArrayDeque<>(2);
  private final WorkExecution execution;
  private final Step loop = this::loop;
  private final Step moved = this::moved;

  Rescuer(Machine machine, Workqueue queue) {
    this.queue = queue;
    task = machine.newTask("kworker/R-" + queue.name(), true, machine.allCpus()).withNice(-20);
    execution = new WorkExecution(task);
    task.then(loop);
  }

  boolean isTask(Task other) {
    return other == task;
  }

  /** {@code send_mayday}. */
  void call(WorkerPool pool) {
    if (!calls.contains(pool)) {
      calls.addLast(pool);
      task.wake();
    }
  }

  private void loop(Exec x) {
    x.then(loop);
    WorkerPool pool = calls.peekFirst();
    if (pool == null) {
      task.setAffinity(x.machine().allCpus());
      x.block();
      return;
    }
    task.setAffinity(pool.cpus());
    x.then(moved);
    if (!pool.cpus().contains(x.cpu().id())) {
      x.machine().timers().sleep(x, 0);
    }
  }

  private void moved(Exec x) {
    Work work = calls.peekFirst().takeOf(queue);
    if (work == null) {
      calls.pollFirst();
      return;
    }
    execution.begin(x, work);
  }
}
