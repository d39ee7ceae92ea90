package sim.kernel.workqueue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Task;
import sim.kernel.event.EventHandler;
import sim.kernel.machine.Cost;

/**
 * Workers that share a list of items ({@code struct worker_pool}).
 *
 * <p>A per-CPU pool manages concurrency: it keeps at most one worker runnable, and wakes another
 * only when that one sleeps, or has computed for 10 ms, while items wait. An unbound pool wakes a
 * worker for each item.
 */
final class WorkerPool {
  /** {@code wq_cpu_intensive_thresh_us}. */
  static final long CPU_INTENSIVE_NS = 10_000_000;

  /** {@code MAYDAY_INITIAL_TIMEOUT} and {@code MAYDAY_INTERVAL}. */
  private static final long MAYDAY_NS = 10_000_000;

  private static final long MAYDAY_INTERVAL_NS = 100_000_000;

  private final Machine machine;
  private final int index;
  private final String name;
  private final int nice;
  private final ArrayDeque<Work> items = new ArrayDeque<>();
  private final ArrayDeque<Worker> idle = new ArrayDeque<>();
  private final List<Worker> workers = new ArrayList<>();
  private final EventHandler hogCheck = arg -> hogCheck();
  private final EventHandler mayday = arg -> mayday();
  private CpuMask cpus;
  private boolean bound;
  private boolean creating;
  private boolean hogCheckPending;
  private int running;
  private long wakeUps;
  private long progressNs;

  WorkerPool(Machine machine, int index, String name, CpuMask cpus, int nice, boolean bound) {
    this.machine = machine;
    this.index = index;
    this.name = name;
    this.cpus = cpus;
    this.nice = nice;
    this.bound = bound;
  }

  /** Number among the pools of this machine. */
  int index() {
    return index;
  }

  /** Whether its workers belong to one CPU, which is up. */
  boolean isBound() {
    return bound;
  }

  /** Where its workers run. */
  CpuMask cpus() {
    return cpus;
  }

  /** {@code insert_work} and {@code kick_pool}. */
  void insert(Exec x, Work work) {
    work.pool = this;
    if (work.running) {
      work.runner.scheduleAfterCurrent(work);
      return;
    }
    if (items.isEmpty()) {
      progressNs = machine.nowNs();
    }
    items.addLast(work);
    if (!bound || running == 0) {
      wakeWorker(x);
    } else {
      armHogCheck();
    }
  }

  /** Takes back an item that has not begun. */
  void remove(Work work) {
    if (work.runner == null || !work.runner.unschedule(work)) {
      items.remove(work);
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
        machine.newTask("kworker/" + name + ":" + workers.size(), true, cpus).withNice(nice);
    workers.add(new Worker(this, task));
    if (workers.size() == 1) {
      task.wake();
      return;
    }
    creating = true;
    long createNs = machine.costNs(Cost.WORKER_CREATE);
    machine.events().schedule(machine.nowNs() + createNs, arg -> created(task), 0);
    if (createNs > MAYDAY_NS) {
      machine.events().schedule(machine.nowNs() + MAYDAY_NS, mayday, 0);
    }
  }

  private void created(Task task) {
    creating = false;
    task.wake();
  }

  /** {@code pool_mayday_timeout}: calls the rescuers of all items that wait. */
  private void mayday() {
    if (!creating || items.isEmpty()) {
      return;
    }
    for (Work work : items) {
      Rescuer rescuer = work.workqueue.rescuer();
      if (rescuer != null) {
        rescuer.call(this);
      }
    }
    machine.events().schedule(machine.nowNs() + MAYDAY_INTERVAL_NS, mayday, 0);
  }

  /** The next item for a worker; null if there is none or another worker is running. */
  Work take() {
    if (bound && running > 1) {
      return null;
    }
    progressNs = machine.nowNs();
    return items.pollFirst();
  }

  /** The first item of one workqueue, for its rescuer; null if there is none. */
  Work takeOf(Workqueue queue) {
    for (Iterator<Work> waiting = items.iterator(); waiting.hasNext(); ) {
      Work work = waiting.next();
      if (work.workqueue == queue) {
        waiting.remove();
        return work;
      }
    }
    return null;
  }

  void enterIdle(Worker worker) {
    idle.addLast(worker);
  }

  /** A worker begins an item; others may wait behind it. */
  void begun() {
    if (bound && !items.isEmpty()) {
      armHogCheck();
    }
  }

  private void armHogCheck() {
    if (!hogCheckPending) {
      hogCheckPending = true;
      machine.events().schedule(machine.nowNs() + CPU_INTENSIVE_NS, hogCheck, 0);
    }
  }

  /** {@code wq_worker_tick}: a worker that computes for long no longer holds the others up. */
  private void hogCheck() {
    hogCheckPending = false;
    if (items.isEmpty()) {
      return;
    }
    for (int i = 0; i < workers.size(); i++) {
      if (workers.get(i).hogsSince(machine.nowNs() - CPU_INTENSIVE_NS)) {
        workers.get(i).leaveConcurrencyManagement();
      }
    }
    armHogCheck();
  }

  void workerSleeps() {
    running--;
    if (bound && running == 0 && !items.isEmpty()) {
      wakeWorker(null);
    }
  }

  void workerRuns() {
    running++;
  }

  /** Whether items have waited and none was begun for {@code ns}. */
  boolean stalledFor(long ns) {
    return !items.isEmpty() && machine.nowNs() - progressNs > ns;
  }

  /** Name, as in a worker's. */
  String name() {
    return name;
  }

  /** Number of times a worker was woken or created. */
  long wakeUps() {
    return wakeUps;
  }
}
