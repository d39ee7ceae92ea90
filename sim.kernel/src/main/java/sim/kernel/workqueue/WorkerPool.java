package sim.kernel.workqueue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.SleepHook;
import sim.kernel.Task;
import sim.kernel.machine.Cost;

/**
 * Workers that share a list of items ({@code struct worker_pool}).
 *
 * <p>A per-CPU pool manages concurrency: it keeps at most one worker runnable, and wakes another
 * only when that one sleeps while items wait. An unbound pool wakes a worker for each item.
 */
final class WorkerPool implements SleepHook {
  private final Machine machine;
  private final String name;
  private CpuMask cpus;
  private final int nice;
  private boolean bound;
  private final ArrayDeque<Work> items = new ArrayDeque<>();
  private final ArrayDeque<Worker> idle = new ArrayDeque<>();
  private final List<Worker> workers = new ArrayList<>();
  private boolean creating;
  private int running;
  private long wakeUps;

  WorkerPool(Machine machine, String name, CpuMask cpus, int nice, boolean bound) {
    this.machine = machine;
    this.name = name;
    this.cpus = cpus;
    this.nice = nice;
    this.bound = bound;
  }

  Workqueues workqueues() {
    return machine.workqueues();
  }

  /** {@code insert_work} and {@code kick_pool}. */
  void insert(Exec x, Work work) {
    work.pool = this;
    if (work.running && work.runner != null) {
      work.runner.scheduleAfterCurrent(work);
      return;
    }
    items.addLast(work);
    if (!bound || running == 0) {
      wakeWorker(x);
    }
  }

  /** Ties the workers to their CPU, or lets them run anywhere while it is down. */
  void setBound(boolean is, CpuMask allowed) {
    bound = is;
    cpus = allowed;
    for (Worker worker : workers) {
      worker.task().setAffinity(allowed);
    }
    if (!items.isEmpty() && running == 0) {
      wakeWorker(null);
    }
  }

  boolean remove(Work work) {
    return items.remove(work);
  }

  private void wakeWorker(Exec x) {
    if (creating) {
      return;
    }
    if (x != null) {
      x.charge(Cost.WAKE);
    }
    wakeUps++;
    Worker worker = idle.pollLast();
    if (worker == null) {
      createWorker();
    } else {
      worker.task().wake();
    }
  }

  /** A pool starts with one worker, which costs nothing; creating a further one takes time. */
  private void createWorker() {
    Task task =
        machine
            .newTask("kworker/" + name + ":" + workers.size(), true, cpus)
            .withNice(nice)
            .withSleepHook(this);
    workers.add(new Worker(this, task));
    if (workers.size() == 1) {
      task.wake();
      return;
    }
    creating = true;
    machine
        .events()
        .schedule(machine.nowNs() + machine.costNs(Cost.WORKER_CREATE), arg -> created(task), 0);
  }

  private void created(Task task) {
    creating = false;
    task.wake();
  }

  /** The next item for {@code worker}; null if there is none or enough workers are running. */
  Work take(Worker worker) {
    if (bound && running > 1) {
      return null;
    }
    return items.pollFirst();
  }

  void enterIdle(Worker worker) {
    idle.addLast(worker);
  }

  void finished(Work work) {
    work.pool = work.pending ? work.pool : null;
  }

  @Override
  public void sleeping(Task task) {
    running--;
    if (bound && running == 0 && !items.isEmpty()) {
      wakeWorker(null);
    }
  }

  @Override
  public void running(Task task) {
    running++;
  }

  /** Number of times a worker was woken or created. */
  long wakeUps() {
    return wakeUps;
  }
}
