package sim.kernel;

import java.util.ArrayList;
import java.util.List;
import sim.kernel.event.EventQueue;

/**
 * The fair class of one CPU ({@code struct cfs_rq}) as EEVDF: of the tasks that have received no
 * more than their share the one with the earliest virtual deadline runs, to the end of its request
 * ({@code RUN_TO_PARITY}) or until it has had more than its share.
 *
 * <p>What a task is owed, its lag, it keeps while it sleeps ({@code PLACE_LAG}); one that owes
 * stays in the competition, asleep, until the others have caught up or it is woken ({@code
 * DELAY_DEQUEUE}), and is then owed nothing ({@code DELAY_ZERO}). Tasks are searched linearly: a
 * simulated CPU rarely has more than a dozen.
 */
final class FairQueue {
  /** {@code sysctl_sched_base_slice} of one CPU. */
  private static final long BASE_SLICE_NS = 700_000;

  private static final int CPUS_COUNTED = 8;

  private final long sliceNs;
  private final long lagMaxNs;
  private final List<Task> waiting = new ArrayList<>();
  private final List<Task> delayed = new ArrayList<>();

  /** What virtual times are measured from ({@code min_vruntime}). */
  private long minVruntimeNs;

  private long load;
  private long sum;

  private final EventQueue clock;

  /** The load of the tasks that ran here last. */
  private final LoadAverage loads = new LoadAverage();

  /** Weight of the tasks that compete. */
  private long competing;

  FairQueue(EventQueue clock, int cpus, long tickNs) {
    this.clock = clock;
    int log = 31 - Integer.numberOfLeadingZeros(Math.min(cpus, CPUS_COUNTED));
    sliceNs = BASE_SLICE_NS * (1 + log);
    lagMaxNs = Math.max(2 * sliceNs, tickNs);
  }

  int size() {
    return waiting.size();
  }

  Task get(int index) {
    return waiting.get(index);
  }

  /** {@code sched_slice} before weights: how long a request is. */
  long sliceNs() {
    return sliceNs;
  }

  private static long weighted(long ns, Task task) {
    return task.weight == 1024 ? ns : ns * 1024 / task.weight;
  }

  /** Sums up who competes ({@code avg_vruntime_add}). */
  private void weigh(Task running) {
    load = 0;
    sum = 0;
    if (running != null && running.schedClass == SchedClass.FAIR) {
      weigh1(running);
    }
    for (int i = 0; i < waiting.size(); i++) {
      weigh1(waiting.get(i));
    }
    for (int i = 0; i < delayed.size(); i++) {
      weigh1(delayed.get(i));
    }
  }

  private void weigh1(Task task) {
    load += task.weight;
    sum += (task.vruntimeNs - minVruntimeNs) * task.weight;
  }

  /** {@code avg_vruntime} of those last weighed. */
  private long average() {
    return load == 0 ? minVruntimeNs : minVruntimeNs + Math.floorDiv(sum, load);
  }

  /** {@code entity_eligible}, among those last weighed. */
  private boolean eligible(Task task) {
    return (task.vruntimeNs - minVruntimeNs) * load <= sum;
  }

  private void keepLag(Task task) {
    long limit = weighted(lagMaxNs, task);
    task.lagNs = Math.max(-limit, Math.min(limit, average() - task.vruntimeNs));
  }

  /** {@code enqueue_entity}: a task joins the competition. */
  void enter(Task task, Task running) {
    join(task);
    place(task, running);
  }

  /** {@code place_entity}: gives a task its place in virtual time. */
  private void place(Task task, Task running) {
    weigh(running);
    long lag = 0;
    if (load > 0 && task.lagNs != 0) {
      // Its coming moves the average, by which its lag would shrink.
      lag = task.lagNs * (load + task.weight) / load;
    }
    task.vruntimeNs = average() - lag;
    long request = weighted(sliceNs, task);
    if (task.requestLeftNs != 0) {
      task.deadlineNs = task.vruntimeNs + task.requestLeftNs;
      task.requestLeftNs = 0;
    } else {
      task.deadlineNs = task.vruntimeNs + (isNew(task) ? request / 2 : request);
    }
    task.competed = true;
  }

  /** {@code ENQUEUE_INITIAL}: just forked; kernel threads have slept since they were made. */
  private static boolean isNew(Task task) {
    return !task.competed && !task.isKernelThread();
  }

  void add(Task task) {
    waiting.add(task);
  }

  /** A task begins to compete here ({@code account_entity_enqueue}); its load comes along. */
  private void join(Task task) {
    long nowNs = clock.nowNs();
    FairQueue from = task.loadQueue;
    if (from == null) {
      task.load.fill(task.weight, nowNs);
    } else {
      task.load.elapse(nowNs, 0);
    }
    if (from != this) {
      if (from != null) {
        from.load(nowNs);
        from.loads.detach(task.load);
      }
      load(nowNs);
      loads.attach(task.load);
      task.loadQueue = this;
    }
    load(nowNs);
    competing += task.weight;
  }

  /** A task competes here no more. */
  private void leave(Task task) {
    long nowNs = clock.nowNs();
    load(nowNs);
    task.load.elapse(nowNs, task.weight);
    competing -= task.weight;
  }

  /** {@code cpu_load}: the load of the tasks that ran here last. */
  long load(long nowNs) {
    loads.elapse(nowNs, competing);
    return loads.value();
  }

  /** {@code requeue_delayed_entity}: a task that was asleep in the competition is woken. */
  void requeue(Task task, Task running) {
    weigh(running);
    delayed.remove(task);
    task.delayed = false;
    if (average() > task.vruntimeNs) {
      task.lagNs = 0;
      place(task, running);
    }
    waiting.add(task);
  }

  /** The running task goes to sleep, at once or when the others have caught up with it. */
  void sleep(Task task) {
    weigh(task);
    if (eligible(task)) {
      keepLag(task);
      leave(task);
    } else {
      task.delayed = true;
      delayed.add(task);
    }
  }

  /** Ends the competition of a task that sleeps. */
  void endDelay(Task task, Task running) {
    weigh(running);
    keepLag(task);
    task.lagNs = Math.min(task.lagNs, 0);
    task.delayed = false;
    delayed.remove(task);
    leave(task);
  }

  /** {@code update_curr}. */
  void ran(Task task, long ns) {
    task.vruntimeNs += weighted(ns, task);
    long least = task.vruntimeNs;
    for (int i = 0; i < waiting.size(); i++) {
      least = Math.min(least, waiting.get(i).vruntimeNs);
    }
    for (int i = 0; i < delayed.size(); i++) {
      least = Math.min(least, delayed.get(i).vruntimeNs);
    }
    minVruntimeNs = Math.max(minVruntimeNs, least);
  }

  /** {@code update_deadline}: a request that has been served is followed by another. */
  private void renew(Task task) {
    if (task.vruntimeNs >= task.deadlineNs) {
      task.deadlineNs = task.vruntimeNs + weighted(sliceNs, task);
    }
  }

  /** {@code check_preempt_wakeup_fair}: whether {@code woken}, which waits here, is to run now. */
  boolean preempts(Task woken, Task running) {
    return first(running) == woken;
  }

  /** Whether a running task has used up its request while others compete. */
  boolean sliceUsed(Task running) {
    boolean used = running.vruntimeNs >= running.protectedNs;
    renew(running);
    return used && !(waiting.isEmpty() && delayed.isEmpty());
  }

  /** {@code pick_eevdf}: whoever is to run, the running task included, if there is one. */
  private Task first(Task running) {
    weigh(running);
    Task best = null;
    if (running != null) {
      renew(running);
      if (eligible(running)) {
        if (running.vruntimeNs < running.protectedNs) {
          return running;
        }
        best = running;
      }
    }
    best = earliest(waiting, best);
    return earliest(delayed, best);
  }

  private Task earliest(List<Task> tasks, Task first) {
    Task best = first;
    for (int i = 0; i < tasks.size(); i++) {
      Task task = tasks.get(i);
      if (eligible(task) && (best == null || task.deadlineNs < best.deadlineNs)) {
        best = task;
      }
    }
    return best;
  }

  /**
   * {@code pick_next_entity}: removes and returns the task to run next; {@code running} if it is to
   * go on; null if none is runnable.
   */
  Task pick(Task running) {
    // Ends: each turn but the last takes out one that sleeps.
    while (true) {
      Task best = first(running);
      if (best == null) {
        return null;
      }
      if (best.delayed) {
        endDelay(best, running);
        continue;
      }
      waiting.remove(best);
      best.protectedNs = best.deadlineNs;
      return best;
    }
  }

  /** Takes out a task that waits. */
  void remove(Task task, Task running) {
    weigh(running);
    waiting.remove(task);
    quit(task);
  }

  /** The running task goes elsewhere, or into another class, or for good. */
  void removeRunning(Task running) {
    weigh(running);
    quit(running);
  }

  /** {@code dequeue_entity} of one that could run: it takes along what it is owed. */
  private void quit(Task task) {
    keepLag(task);
    task.requestLeftNs = task.deadlineNs - task.vruntimeNs;
    leave(task);
  }
}
