package sim.kernel;

import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/** Chooses CPUs for woken tasks and moves waiting ones to idle CPUs. */
final class Scheduler {
  /** {@code sched_domain.imbalance_pct} of CPUs that share a cache. */
  private static final int IMBALANCE_PERCENT = 117;

  /** {@code sched_domain.cache_nice_tries} of CPUs that share a cache. */
  private static final int CACHE_NICE_TRIES = 1;

  private final Machine machine;
  private final long[] idleWords;

  /** Whether a CPU at rest has to be woken by others. */
  private final boolean halts;

  private int waiting;

  /** The CPU whose code runs now; null between events. */
  private Cpu executing;

  Scheduler(Machine machine, int cpus) {
    this.machine = machine;
    halts = machine.costNs(Cost.IDLE_EXIT) > 0;
    this.idleWords = new long[(cpus + 63) >>> 6];
    for (int cpu = 0; cpu < cpus; cpu++) {
      idle(cpu, true);
    }
  }

  void idle(int cpu, boolean is) {
    if (is) {
      idleWords[cpu >>> 6] |= 1L << cpu;
    } else {
      idleWords[cpu >>> 6] &= ~(1L << cpu);
    }
  }

  private boolean isIdle(int cpu) {
    return (idleWords[cpu >>> 6] & 1L << cpu) != 0;
  }

  /** Counts tasks that are runnable and not running. */
  void waiting(int change) {
    waiting += change;
  }

  void enqueueWoken(Task task) {
    task.asleep = false;
    if (task.delayed && !(task.mayRunOn(task.cpu.id()) && takes(task.cpu, task))) {
      task.cpu.updateCurrent();
      task.cpu.runQueue().endDelay(task, task.cpu.currentTask());
    }
    Cpu target = task.delayed ? task.cpu : machine.cpu(select(task));
    task.cpu = target;
    machine
        .trace()
        .emit(machine.nowNs(), target.id(), Tracepoint.SCHED_WAKEUP, task.id(), target.id());
    if (task.sleepHook != null && !task.lockWait) {
      task.sleepHook.running(task);
    }
    target.scheduler().enqueue(task);
  }

  /** {@code select_task_rq}: the previous CPU if idle, else an idle one, else the previous. */
  private int select(Task task) {
    int previous = task.cpu.id();
    if (task.migrationDisableDepth > 0) {
      return previous;
    }
    CpuMask allowed = task.affinity();
    boolean previousAllowed = allowed.contains(previous) && takes(machine.cpu(previous), task);
    if (halts && previousAllowed && task.schedClass == SchedClass.FAIR) {
      return selectAwake(task, previous);
    }
    if (previousAllowed && isFree(machine.cpu(previous))) {
      return previous;
    }
    int fallback = previousAllowed ? previous : -1;
    int idle = nearestIdle(task);
    if (idle >= 0) {
      return idle;
    }
    return fallback >= 0 ? fallback : leastLoaded(task, allowed);
  }

  /**
   * {@code select_task_rq_fair} of a guest: a CPU that has halted is not available, since the
   * hypervisor has taken it ({@code vcpu_is_preempted}). Only one that is awake with nothing to run
   * is, as in an interrupt that came while it was idle.
   */
  private int selectAwake(Task task, int previous) {
    int target = wakeAffine(task, previous);
    if (isAwake(target) || target == previous) {
      return target;
    }
    return isAwake(previous) ? previous : target;
  }

  /** {@code wake_affine}: the waker's CPU or the task's previous one. */
  private int wakeAffine(Task task, int previous) {
    if (executing == null) {
      return previous;
    }
    int waker = executing.id();
    if (waker == previous
        || !task.affinity().contains(waker)
        || !takes(executing, task)
        || !machine.profile().shareCache(waker, previous)
        || isAwake(previous)) {
      return previous;
    }
    return isAwake(waker) || isLessLoaded(waker, previous, task) ? waker : previous;
  }

  /** {@code available_idle_cpu}, where the others have halted. */
  private boolean isAwake(int cpu) {
    return isFree(machine.cpu(cpu)) && machine.cpu(cpu).isLooping();
  }

  /** {@code wake_affine_weight}: whether the waker's CPU would have less to do with the task. */
  private boolean isLessLoaded(int waker, int previous, Task task) {
    task.load.elapse(machine.nowNs(), 0);
    long its = task.load.value();
    long here = machine.cpu(waker).runQueue().load() + its;
    long there = Math.max(0, machine.cpu(previous).runQueue().load() - its);
    return here * 100 < there * (100 + (IMBALANCE_PERCENT - 100) / 2);
  }

  /** Tells which CPU executes from now on; returns which did. */
  Cpu executing(Cpu cpu) {
    Cpu outer = executing;
    executing = cpu;
    return outer;
  }

  /** An idle CPU that a task may run on, of its cache if there is one; -1 if there is none. */
  private int nearestIdle(Task task) {
    if (task.migrationDisableDepth > 0) {
      return -1;
    }
    CpuMask allowed = task.affinity();
    int nearest = -1;
    for (int cpu = nextAllowedIdle(allowed, 0); cpu >= 0; cpu = nextAllowedIdle(allowed, cpu + 1)) {
      if (isFree(machine.cpu(cpu)) && takes(machine.cpu(cpu), task)) {
        if (machine.profile().shareCache(cpu, task.cpu.id())) {
          return cpu;
        }
        nearest = nearest < 0 ? cpu : nearest;
      }
    }
    return nearest;
  }

  private boolean isFree(Cpu cpu) {
    return isIdle(cpu.id()) && cpu.isIdle();
  }

  /** {@code is_cpu_allowed}: an interrupt's thread may run on a CPU that comes up. */
  static boolean takes(Cpu cpu, Task task) {
    return cpu.isOnline()
        && (cpu.isActive() || task.isPinned() || task.followsIrq && !cpu.scheduler().isDying());
  }

  /** Moves a runnable task off a CPU that takes it no more. */
  void migrate(Task task) {
    Cpu target = machine.cpu(select(task));
    task.cpu = target;
    target.scheduler().enqueue(task);
  }

  private int nextAllowedIdle(CpuMask allowed, int from) {
    for (int word = from >>> 6; word < idleWords.length; word++) {
      long bits = idleWords[word];
      if (word == from >>> 6) {
        bits &= -1L << from;
      }
      while (bits != 0) {
        int cpu = (word << 6) + Long.numberOfTrailingZeros(bits);
        if (allowed.contains(cpu)) {
          return cpu;
        }
        bits &= bits - 1;
      }
    }
    return -1;
  }

  private int leastLoaded(Task task, CpuMask allowed) {
    int best = leastLoadedOf(task, allowed);
    if (best < 0) {
      // select_fallback_rq: an affinity without a usable CPU is not obeyed.
      best = leastLoadedOf(task, machine.allCpus());
    }
    if (best < 0) {
      throw new IllegalStateException(task + ": no CPU is online");
    }
    return best;
  }

  private int leastLoadedOf(Task task, CpuMask allowed) {
    int best = -1;
    for (int cpu = allowed.next(0);
        cpu >= 0 && cpu < machine.cpuCount();
        cpu = allowed.next(cpu + 1)) {
      if (takes(machine.cpu(cpu), task)
          && (best < 0
              || machine.cpu(cpu).runQueue().size() < machine.cpu(best).runQueue().size())) {
        best = cpu;
      }
    }
    return best;
  }

  /**
   * {@code nohz_balancer_kick}, at the tick of a CPU on which tasks wait: sends an idle CPU that
   * may take one of them to look for work.
   */
  void kickIdle(Exec x, Cpu busy) {
    RunQueue queue = busy.runQueue();
    for (int i = 0; i < queue.fairCount(); i++) {
      int idle = nearestIdle(queue.fair(i));
      if (idle >= 0) {
        x.charge(Cost.IPI_SEND);
        machine
            .trace()
            .emit(
                machine.nowNs(), busy.id(), Tracepoint.IPI_SEND_CPU, idle, Machine.IRQ_RESCHEDULE);
        machine.cpu(idle).kickToBalance();
        return;
      }
    }
  }

  /**
   * {@code sched_balance_newidle} and, if it was sent for it, {@code sched_balance_rq}: a waiting
   * task from the busiest CPU, for one about to idle. One with a warm cache stays where it is
   * ({@code task_hot}), unless a CPU that was sent has found only such ones before.
   */
  Task pullFor(Cpu idle) {
    CpuScheduler puller = idle.scheduler();
    boolean sent = puller.balances;
    puller.balances = false;
    if (waiting == 0 || !idle.isActive()) {
      return null;
    }
    boolean hot = sent && puller.balanceFailures > CACHE_NICE_TRIES;
    Cpu busiest = busiestFor(idle, hot);
    if (busiest == null) {
      if (sent && busiestFor(idle, true) != null) {
        puller.balanceFailures++;
      }
      return null;
    }
    puller.balanceFailures = 0;
    busiest.updateCurrent();
    Task task = busiest.runQueue().steal(idle.id(), hot, busiest.currentTask());
    idle.runQueue().place(task, null);
    task.readyAtNs = machine.nowNs() + machine.costNs(Cost.CONTEXT_SWITCH);
    return task;
  }

  private Cpu busiestFor(Cpu idle, boolean hot) {
    Cpu busiest = null;
    for (int id = 0; id < machine.cpuCount(); id++) {
      Cpu cpu = machine.cpu(id);
      if (cpu != idle
          && cpu.currentTask() != null
          && cpu.runQueue().size() > (busiest == null ? 0 : busiest.runQueue().size())
          && cpu.runQueue().canSteal(idle.id(), hot)) {
        busiest = cpu;
      }
    }
    return busiest;
  }
}
