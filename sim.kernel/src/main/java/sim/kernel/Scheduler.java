package sim.kernel;

import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/** Chooses CPUs for woken tasks and moves waiting ones to idle CPUs. */
final class Scheduler {
  private final Machine machine;
  private final long[] idleWords;

  /** Whether a CPU at rest has to be woken by others. */
  private final boolean halts;

  private int waiting;

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
    Cpu target = machine.cpu(select(task));
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
    if (previousAllowed && isFree(machine.cpu(previous))) {
      return halts ? awakeInstead(previous, allowed) : previous;
    }
    int fallback = previousAllowed ? previous : -1;
    int idle = nearestIdle(task);
    if (idle >= 0) {
      return idle;
    }
    return fallback >= 0 ? fallback : leastLoaded(task, allowed);
  }

  /**
   * {@code wake_affine_idle} of a guest, whose halted CPUs are not available since the hypervisor
   * has taken them ({@code vcpu_is_preempted}): the CPU whose interrupt wakes the task, if it has
   * nothing else to do and shares the cache.
   */
  private int awakeInstead(int previous, CpuMask allowed) {
    for (int cpu = nextAllowedIdle(allowed, 0); cpu >= 0; cpu = nextAllowedIdle(allowed, cpu + 1)) {
      Cpu awake = machine.cpu(cpu);
      if (awake.isLooping() && awake.isActive() && machine.profile().shareCache(cpu, previous)) {
        return cpu;
      }
    }
    return previous;
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

  /** {@code newidle_balance}: a waiting task from the busiest CPU, for one about to idle. */
  Task pullFor(Cpu idle) {
    if (waiting == 0 || !idle.isActive()) {
      return null;
    }
    Cpu busiest = null;
    for (int id = 0; id < machine.cpuCount(); id++) {
      Cpu cpu = machine.cpu(id);
      if (cpu != idle
          && cpu.currentTask() != null
          && cpu.runQueue().size() > (busiest == null ? 0 : busiest.runQueue().size())
          && cpu.runQueue().canSteal(idle.id())) {
        busiest = cpu;
      }
    }
    Task task = busiest == null ? null : busiest.runQueue().steal(idle.id());
    if (task != null) {
      task.vruntimeNs += idle.runQueue().baseVruntimeNs() - busiest.runQueue().baseVruntimeNs();
      RunQueue.renewDeadline(task);
      task.readyAtNs = machine.nowNs() + machine.costNs(Cost.CONTEXT_SWITCH);
    }
    return task;
  }
}
