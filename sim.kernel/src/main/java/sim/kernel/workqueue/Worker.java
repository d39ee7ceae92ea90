package sim.kernel.workqueue;

import sim.kernel.Exec;
import sim.kernel.SleepHook;
import sim.kernel.Step;
import sim.kernel.Task;

/** A kworker: takes items from its pool and sleeps when there is nothing to do. */
final class Worker implements SleepHook {
  private final WorkerPool pool;
  private final Task task;
  private final WorkExecution execution;
  private final Step loop = this::loop;
  private final Step executed = this::executed;

  /** Its item is left out of concurrency management. */
  private boolean cpuIntensive;

  Worker(WorkerPool pool, Task task) {
    this.pool = pool;
    this.task = task.withSleepHook(this);
    execution = new WorkExecution(task);
    task.then(loop);
  }

  Task task() {
    return task;
  }

  private void loop(Exec x) {
    x.then(loop);
    Work work = execution.nextScheduled();
    if (work == null) {
      work = pool.take();
    }
    if (work == null) {
      pool.enterIdle(this);
      x.block();
      return;
    }
    x.then(executed);
    if (work.workqueue.has(Workqueue.Flag.CPU_INTENSIVE)) {
      leaveConcurrencyManagement();
    }
    pool.begun();
    execution.begin(x, work);
  }

  private void executed(Exec x) {
    if (cpuIntensive) {
      cpuIntensive = false;
      pool.workerRuns();
    }
  }

  /** Whether its item has kept the CPU from the pool's others since {@code sinceNs}. */
  boolean hogsSince(long sinceNs) {
    return execution.current() != null
        && !cpuIntensive
        && !task.isAsleep()
        && execution.sinceNs() <= sinceNs;
  }

  void leaveConcurrencyManagement() {
    cpuIntensive = true;
    pool.workerSleeps();
  }

  @Override
  public void sleeping(Task sleeper) {
    if (!cpuIntensive) {
      pool.workerSleeps();
    }
  }

  @Override
  public void running(Task woken) {
    if (!cpuIntensive) {
      pool.workerRuns();
    }
  }
}
