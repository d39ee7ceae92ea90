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

  /** CPU time of the task when it began its item, or last woke up in it. */
  private long computesSinceNs;

  /** The item that it has begun; null if there is none. */
  private Work running;

  /** Its item is not, or no more, watched for computing too long. */
  private boolean unwatched;

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
    computesSinceNs = task.runtimeNs();
    unwatched = !pool.isBound();
    running = work;
    if (work.workqueue.has(Workqueue.Flag.CPU_INTENSIVE)) {
      unwatched = true;
      leaveConcurrencyManagement();
    }
    pool.begun();
    execution.begin(x, work);
  }

  private void executed(Exec x) {
    noteHog();
    running = null;
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

  /**
   * {@code wq_worker_tick}: an item that has computed for 10 ms since it last slept is counted. The
   * kernel looks at each tick; here it is seen when the item sleeps or ends, once an item.
   */
  private void noteHog() {
    if (!unwatched && task.runtimeNs() - computesSinceNs >= WorkerPool.CPU_INTENSIVE_NS) {
      unwatched = true;
      task.machine().workqueues().hogged(running);
    }
  }

  void leaveConcurrencyManagement() {
    cpuIntensive = true;
    pool.workerSleeps();
  }

  @Override
  public void sleeping(Task sleeper) {
    if (running != null) {
      noteHog();
    }
    if (!cpuIntensive) {
      pool.workerSleeps();
    }
  }

  @Override
  public void running(Task woken) {
    computesSinceNs = woken.runtimeNs();
    if (!cpuIntensive) {
      pool.workerRuns();
    }
  }
}
