package sim.kernel.workqueue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sim.kernel.Cpu;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.check.Rule;
import sim.kernel.check.Sanitizer;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/**
 * The workqueue subsystem of one machine: per-CPU pools (normal and high priority), and unbound
 * pools for each last-level cache.
 */
public final class Workqueues {
  private static final int HIGHPRI_NICE = -20;

  private final Machine machine;
  private final WorkerPool[] normal;
  private final WorkerPool[] highpri;
  private final WorkerPool[] unbound;
  private final WorkerPool[] unboundHighpri;
  private final List<Workqueue> queues = new ArrayList<>();

  /** CPUs whose workers may run anywhere, by {@link #unbind}. */
  private final boolean[] disassociated;

  /** {@code wq_cpu_intensive_warning_thresh}. */
  private static final int HOGS_BEFORE_WARNING = 4;

  /** Times that an item of a name has computed for 10 ms. */
  private final Map<String, Integer> hogs = new LinkedHashMap<>();

  private int poolCount;
  private int workCount;

  /** Pools without workers. */
  public Workqueues(Machine machine) {
    this.machine = machine;
    int cpus = machine.cpuCount();
    disassociated = new boolean[cpus];
    normal = new WorkerPool[cpus];
    highpri = new WorkerPool[cpus];
    int caches = (cpus - 1) / machine.profile().cpusPerCache() + 1;
    unbound = new WorkerPool[caches];
    unboundHighpri = new WorkerPool[caches];
  }

  /**
   * {@code alloc_workqueue}.
   *
   * @param name unique in this machine
   * @param activeMax items in execution at once; {@link Workqueue#ACTIVE_DEFAULT} usually
   */
  public Workqueue alloc(String name, int activeMax, Set<Workqueue.Flag> flags) {
    Workqueue queue = new Workqueue(name, activeMax, flags);
    if (queue.has(Workqueue.Flag.MEM_RECLAIM)) {
      queue.setRescuer(new Rescuer(machine, queue));
    }
    queues.add(queue);
    return queue;
  }

  /** {@code destroy_workqueue}; its items must not be pending. */
  public void destroy(Workqueue queue) {
    queues.remove(queue);
  }

  /** {@code queue_work}: on this CPU, or on any of its cache if the queue is unbound. */
  public boolean queue(Exec x, Workqueue queue, Work work) {
    return queueOn(x, x.cpu(), queue, work);
  }

  /**
   * {@code queue_work_on}.
   *
   * @param x who queues, charged for it; null if it is an event outside any CPU
   * @param cpu CPU whose pool runs it; for an unbound queue, a CPU of the cache
   * @return false if it was pending or is disabled
   */
  public boolean queueOn(Exec x, Cpu cpu, Workqueue queue, Work work) {
    if (work.pending || work.disabled > 0) {
      return false;
    }
    work.pending = true;
    work.workqueue = queue;
    insert(x, cpu, queue, work);
    return true;
  }

  private void insert(Exec x, Cpu cpu, Workqueue queue, Work work) {
    if (x != null) {
      x.charge(Cost.QUEUE_WORK);
    }
    if (work.number == 0) {
      work.number = ++workCount;
    }
    machine
        .trace()
        .emit(
            machine.nowNs(),
            x == null ? cpu.id() : x.cpu().id(),
            Tracepoint.WORKQUEUE_QUEUE_WORK,
            traceId(work),
            cpu.id(),
            work.number);
    WorkerPool pool = work.running ? work.pool : pool(cpu, queue);
    queue.in(pool).insert(x, work);
  }

  private WorkerPool pool(Cpu cpu, Workqueue queue) {
    boolean high = queue.has(Workqueue.Flag.HIGHPRI);
    int nice = high ? HIGHPRI_NICE : 0;
    if (queue.has(Workqueue.Flag.UNBOUND)) {
      int perCache = machine.profile().cpusPerCache();
      int cache = cpu.id() / perCache;
      WorkerPool[] pools = high ? unboundHighpri : unbound;
      if (pools[cache] == null) {
        String name = "u" + machine.cpuCount() + (high ? "H" : "") + "." + cache;
        pools[cache] = new WorkerPool(machine, poolCount++, name, cpusOfCache(cache), nice, false);
      }
      return pools[cache];
    }
    WorkerPool[] pools = high ? highpri : normal;
    if (pools[cpu.id()] == null) {
      String name = cpu.id() + (high ? "H" : "");
      pools[cpu.id()] =
          new WorkerPool(machine, poolCount++, name, CpuMask.of(cpu.id()), nice, true);
      if (disassociated[cpu.id()]) {
        pools[cpu.id()].setBound(false, machine.allCpus());
      }
    }
    return pools[cpu.id()];
  }

  private CpuMask cpusOfCache(int cache) {
    int perCache = machine.profile().cpusPerCache();
    int first = cache * perCache;
    int[] cpus = new int[Math.min(perCache, machine.cpuCount() - first)];
    for (int i = 0; i < cpus.length; i++) {
      cpus[i] = first + i;
    }
    return CpuMask.of(cpus);
  }

  /**
   * {@code queue_delayed_work_on}: after {@code delayTicks}, rounded as timers are; 0 queues at
   * once.
   *
   * @return false if it was pending or is disabled
   */
  public boolean queueDelayedOn(
      Exec x, Cpu cpu, Workqueue queue, DelayedWork work, long delayTicks) {
    if (work.pending || work.disabled > 0) {
      return false;
    }
    if (delayTicks == 0) {
      return queueOn(x, cpu, queue, work);
    }
    work.pending = true;
    work.workqueue = queue;
    work.cpu = cpu;
    if (x != null) {
      x.charge(Cost.QUEUE_WORK);
    }
    machine.timers().arm(work.timer, cpu, delayTicks);
    return true;
  }

  /**
   * {@code mod_delayed_work_on}: moves the timer, or queues if it was not pending; nothing on
   * disabled work.
   *
   * @return whether it had been pending
   */
  public boolean modDelayedOn(Exec x, Cpu cpu, Workqueue queue, DelayedWork work, long delayTicks) {
    if (work.disabled > 0) {
      return false;
    }
    boolean wasPending = cancel(work);
    queueDelayedOn(x, cpu, queue, work, delayTicks);
    return wasPending;
  }

  void delayExpired(Exec x, DelayedWork work) {
    insert(x, work.cpu, work.workqueue, work);
  }

  /**
   * {@code cancel_work}: takes a pending item back; one that runs goes on.
   *
   * @return whether it was pending
   */
  public boolean cancel(Work work) {
    if (!work.pending) {
      return false;
    }
    work.pending = false;
    boolean armed = work instanceof DelayedWork delayed && machine.timers().disarm(delayed.timer);
    if (!armed) {
      work.share.remove(work);
    }
    work.ended(null);
    return true;
  }

  /**
   * {@code disable_work}: takes a pending item back and refuses to queue it until {@link #enable}
   * has been called as often.
   */
  public boolean disable(Work work) {
    work.disabled++;
    return cancel(work);
  }

  /**
   * {@code disable_work_sync}: as {@link #disable}, and waits until a running one has ended. A step
   * function, in a task that may sleep and is not the item's own.
   */
  public void disableSync(Exec x, Work work) {
    disable(work);
    awaitEnd(x, work);
  }

  private void awaitEnd(Exec x, Work work) {
    if (work.running) {
      x.then(y -> awaitEnd(y, work));
      work.endWaiters().sleep(x);
    }
  }

  /**
   * {@code flush_work}: waits until the item has been run as often as it is pending or running now.
   * A step function, in a task that may sleep and is not the item's own. Complains where reclaim
   * would wait for a workqueue without a rescuer ({@code check_flush_dependency}).
   */
  public void flush(Exec x, Work work) {
    if (!work.isBusy()) {
      return;
    }
    checkFlushDependency(x, work);
    int ends = (work.pending ? 1 : 0) + (work.running ? 1 : 0);
    awaitEnds(x, work, ends);
  }

  private void awaitEnds(Exec x, Work work, int ends) {
    if (ends > 0 && work.isBusy()) {
      x.then(y -> awaitEnds(y, work, ends - 1));
      work.endWaiters().sleep(x);
    }
  }

  private void checkFlushDependency(Exec x, Work work) {
    if (work.workqueue.has(Workqueue.Flag.MEM_RECLAIM)) {
      return;
    }
    String awaited = work.workqueue.name() + ":" + work.name();
    Work current = WorkExecution.currentOf(x.task());
    if (x.task().isMemalloc()) {
      String what = "PF_MEMALLOC task " + x.task() + " is flushing " + awaited;
      machine.checker().report(Rule.RECLAIM_FLUSH, x, what);
    } else if (current != null && current.workqueue.has(Workqueue.Flag.MEM_RECLAIM)) {
      String what = current.workqueue.name() + ":" + current.name() + " is flushing " + awaited;
      machine.checker().report(Rule.RECLAIM_FLUSH, x, what);
    }
  }

  /** {@code enable_work}. */
  public void enable(Work work) {
    if (work.disabled == 0) {
      throw new IllegalStateException(work.name() + ": enable_work without disable_work");
    }
    work.disabled--;
  }

  /** {@code workqueue_offline_cpu}: the CPU's workers may run anywhere from now on. */
  public void unbind(int cpu) {
    disassociated[cpu] = true;
    for (WorkerPool[] pools : new WorkerPool[][] {normal, highpri}) {
      if (pools[cpu] != null) {
        pools[cpu].setBound(false, machine.allCpus());
      }
    }
  }

  /** {@code workqueue_online_cpu}: the CPU's workers come back. */
  public void rebind(int cpu) {
    disassociated[cpu] = false;
    for (WorkerPool[] pools : new WorkerPool[][] {normal, highpri}) {
      if (pools[cpu] != null) {
        pools[cpu].setBound(true, CpuMask.of(cpu));
      }
    }
  }

  int traceId(Work work) {
    if (work.traceId == 0) {
      work.traceId = machine.trace().name(work.name());
    }
    return work.traceId;
  }

  /** {@code wq_cpu_intensive_report}: a warning from the fourth time on. */
  void hogged(Work work) {
    int count = hogs.merge(work.name(), 1, Integer::sum);
    if (count >= HOGS_BEFORE_WARNING) {
      machine
          .checker()
          .warn(
              Sanitizer.CPU_HOG,
              "hog " + work.name(),
              "workqueue: %s hogged CPU for >10000us %d times, consider switching to WQ_UNBOUND"
                  .formatted(work.name(), count));
    }
  }

  /** Names of the pools whose items have waited for {@code ns} without one being begun. */
  public List<String> stalled(long ns) {
    List<String> names = new ArrayList<>();
    for (WorkerPool[] pools : new WorkerPool[][] {normal, highpri, unbound, unboundHighpri}) {
      for (WorkerPool pool : pools) {
        if (pool != null && pool.stalledFor(ns)) {
          names.add(pool.name());
        }
      }
    }
    return names;
  }

  /** Times that workers of all pools were woken so far. */
  public long wakeUps() {
    long sum = 0;
    for (WorkerPool[] pools : new WorkerPool[][] {normal, highpri, unbound, unboundHighpri}) {
      for (WorkerPool pool : pools) {
        sum += pool == null ? 0 : pool.wakeUps();
      }
    }
    return sum;
  }
}
