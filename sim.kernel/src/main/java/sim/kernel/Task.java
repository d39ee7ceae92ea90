package sim.kernel;

import java.util.Arrays;
import java.util.Objects;
import sim.kernel.check.Rule;
import sim.kernel.trace.Tracepoint;

/** A simulated task ({@code struct task_struct}): user process, kthread or kernel worker. */
public final class Task extends Exec {
  private static final int[] WEIGHTS = {
    88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100, 4904,
    3906, 3121, 2501, 1991, 1586, 1277, 1024, 820, 655, 526, 423, 335, 272, 215, 172, 137, 110, 87,
    70, 56, 45, 36, 29, 23, 18, 15
  };

  private final int id;
  private final String name;
  private final boolean kernelThread;
  private CpuMask affinity;
  private boolean memalloc;
  private Object[] locals = new Object[4];

  SchedClass schedClass = SchedClass.FAIR;
  int fifoPriority;
  int nice;
  int weight = 1024;

  /** Fair class: weighted time received, nanoseconds. */
  long vruntimeNs;

  /** Fair class: {@link #vruntimeNs} by which the current request should have been served. */
  long deadlineNs;

  /** CPU time received, nanoseconds ({@code sum_exec_runtime}). */
  long runtimeNs;

  /** SCHED_FIFO priority without what it inherits; 0 for a fair task. */
  private int normalPriority;

  /** Wants to block, or is blocked. */
  boolean blocking;

  /** What it blocks for is a sleeping spinlock ({@code TASK_RTLOCK_WAIT}). */
  boolean lockWait;

  /** Goes with its interrupt when that goes to another CPU. */
  boolean followsIrq;

  /** Off the CPU and off the run queue. */
  boolean asleep;

  boolean exited;

  /** On a run queue, waiting for a CPU. */
  boolean queued;

  /** Earliest time of the first instruction after a wake-up on an idle CPU. */
  long readyAtNs;

  SleepHook sleepHook;
  private Step beforeBlock;

  /** Runs it in the place of a CPU; null for a task that is scheduled. */
  IdealRunner idealRunner;

  /** Since when it has waited for something that has to come; -1 if it doesn't. */
  private long hungSinceNs = -1;

  Task(Machine machine, int id, String name, boolean kernelThread, CpuMask affinity) {
    super(machine);
    this.id = id;
    this.name = Objects.requireNonNull(name, "name");
    this.kernelThread = kernelThread;
    this.affinity = Objects.requireNonNull(affinity, "affinity");
    int first = affinity.next(0);
    if (first < 0 || first >= machine.cpuCount()) {
      throw new IllegalArgumentException(
          name
              + ": affinity is "
              + affinity
              + "; the machine has CPUs 0 to "
              + (machine.cpuCount() - 1));
    }
    cpu = machine.cpu(first);
    blocking = true;
    asleep = true;
  }

  /** Number in this machine, from 1 ({@code pid}). */
  public int id() {
    return id;
  }

  /** Name ({@code comm}). */
  public String name() {
    return name;
  }

  /** Whether this is a kernel worker, whose time counts as {@link CpuTime#WORKER}. */
  public boolean isKernelThread() {
    return kernelThread;
  }

  /** {@code SCHED_NORMAL} with a nice value from -20 to 19. */
  public Task withNice(int value) {
    if (value < -20 || value > 19) {
      throw new IllegalArgumentException(
          name + ": nice is " + value + "; it must be from -20 to 19");
    }
    schedClass = SchedClass.FAIR;
    normalPriority = 0;
    nice = value;
    weight = WEIGHTS[value + 20];
    return this;
  }

  /**
   * {@code SCHED_FIFO}: {@code sched_set_fifo_low} is priority 1, {@code sched_set_fifo} 50. Set
   * before the first wake-up.
   */
  public Task withFifo(int priority) {
    if (priority < 1 || priority > 99) {
      throw new IllegalArgumentException(
          name + ": SCHED_FIFO priority is " + priority + "; it must be from 1 to 99");
    }
    schedClass = SchedClass.FIFO;
    fifoPriority = priority;
    normalPriority = priority;
    return this;
  }

  /** Told of this task's blocking and waking; set before the first wake-up. */
  public Task withSleepHook(SleepHook hook) {
    sleepHook = hook;
    return this;
  }

  /**
   * Runs a step of a layer inside {@link #block}, whenever this task is about to block: what {@code
   * sched_submit_work} does for plugged I/O. The step may charge and must push none.
   */
  public void setBeforeBlock(Step step) {
    beforeBlock = step;
  }

  /** CPUs this task may run on. */
  public CpuMask affinity() {
    return affinity;
  }

  /** Whether it is a kernel thread of one CPU, which stays there while that CPU goes down. */
  boolean isPinned() {
    return kernelThread && affinity.count() == 1 && !followsIrq;
  }

  /** Whether it may be put on a CPU now. */
  boolean mayRunOn(int id) {
    return migrationDisableDepth == 0 ? affinity.contains(id) : cpu.id() == id;
  }

  /** Changes where this task may run, from its next wake-up on. */
  public void setAffinity(CpuMask mask) {
    affinity = Objects.requireNonNull(mask, "mask");
  }

  /** Scheduling class, an inherited one included. */
  public SchedClass schedClass() {
    return schedClass;
  }

  /** SCHED_FIFO priority, an inherited one included; 0 for a fair task. */
  public int fifoPriority() {
    return schedClass == SchedClass.FIFO ? fifoPriority : 0;
  }

  /**
   * {@code rt_mutex_setprio}: lends the task the priority of whoever waits for a lock of its own,
   * or takes it back.
   *
   * @param waiter the highest SCHED_FIFO priority of those that wait; 0 if they are fair, or none
   */
  public void inheritPriority(int waiter) {
    int before = fifoPriority();
    int now = Math.max(normalPriority, waiter);
    if (now != before) {
      machine
          .trace()
          .emit(
              nowNs(),
              cpu.id(),
              Tracepoint.SCHED_PI_SETPRIO,
              id,
              kernelPriority(before),
              kernelPriority(now));
      cpu.scheduler().setPriority(this, now);
    }
  }

  /** {@code task_struct.prio}: 0 to 98 for SCHED_FIFO, the highest first; 120 is nice 0. */
  private int kernelPriority(int fifo) {
    return fifo > 0 ? 99 - fifo : 120 + nice;
  }

  /** CPU time received so far, interrupts left out ({@code sum_exec_runtime}). */
  public long runtimeNs() {
    return runtimeNs;
  }

  /** Whether it is on a CPU ({@code on_cpu}): running, spinning or interrupted. */
  public boolean isOnCpu() {
    return cpu.currentTask() == this;
  }

  /**
   * As {@link #spin}, for a lock that is slept for if that takes long: ends too when something else
   * is to run on its CPU ({@code need_resched()}). The next step finds out which it was.
   */
  public void spinForOwner() {
    spin();
    spinsForOwner = true;
  }

  /** Whether it is blocked, off its CPU. */
  public boolean isAsleep() {
    return asleep;
  }

  void waitsUninterruptibly() {
    hungSinceNs = nowNs();
  }

  /**
   * Virtual time since when it has waited for something that has to come; -1 if it runs, or sleeps
   * for want of work.
   */
  public long waitsSinceNs() {
    return hungSinceNs;
  }

  /** Whether its last step has returned. */
  public boolean hasExited() {
    return exited;
  }

  /** {@code wake_up_process}: makes it runnable if it is blocked or about to block. */
  public void wake() {
    if (!blocking || exited || lockWait) {
      return;
    }
    wakeUp();
  }

  private void wakeUp() {
    blocking = false;
    hungSinceNs = -1;
    if (asleep && idealRunner != null) {
      idealRunner.woken();
    } else if (asleep) {
      machine.scheduler().enqueueWoken(this);
    }
  }

  /**
   * Has an ideal task run a step, and what follows it, from this instant on; it must have ended
   * what it was given before.
   *
   * @param near the CPU that it counts as being on
   * @throws IllegalStateException if it is not from {@link Machine#newIdealTask}
   */
  public void runIdeally(Cpu near, Step body) {
    if (idealRunner == null) {
      throw new IllegalStateException(this + ": is scheduled; only an ideal task can do this");
    }
    idealRunner.begin(near, body);
  }

  /**
   * {@code schedule_rtlock}: blocks for a sleeping spinlock when this step's charge has elapsed,
   * until {@link #lockGranted}. Legal in an RCU section; nobody else's {@link #wake} ends it, no
   * plug is flushed and no worker pool is told.
   *
   * @throws IllegalStateException if the step has blocked already
   */
  public void blockForLock() {
    if (blocking) {
      throw new IllegalStateException(
          this + ": waits for a lock in a step that blocks; take the lock in a step of its own");
    }
    blocking = true;
    lockWait = true;
    waitsUninterruptibly();
  }

  /** The lock that {@link #blockForLock} waits for is this task's. */
  public void lockGranted() {
    wakeUp();
    lockWait = false;
  }

  @Override
  public void block() {
    if (!maySleep()) {
      machine.checker().report(Rule.SCHEDULE_IN_ATOMIC, this, "schedule");
    }
    blocking = true;
    if (beforeBlock != null) {
      beforeBlock.run(this);
    }
  }

  @Override
  public ExecContext context() {
    return softirqServing > 0 && asTaskDepth == 0 ? ExecContext.SOFTIRQ : ExecContext.TASK;
  }

  @Override
  public Task task() {
    return this;
  }

  @Override
  CpuTime timeKind() {
    if (softirqServing > 0) {
      return CpuTime.SOFTIRQ;
    }
    return kernelThread ? CpuTime.WORKER : CpuTime.SYSTEM;
  }

  /** {@code memalloc_noreclaim_save}: it reclaims memory ({@code PF_MEMALLOC}) from now on. */
  public void beginMemalloc() {
    memalloc = true;
  }

  /** {@code memalloc_noreclaim_restore}. */
  public void endMemalloc() {
    memalloc = false;
  }

  /** {@code PF_MEMALLOC}: whether it reclaims memory, and must not wait for what needs memory. */
  public boolean isMemalloc() {
    return memalloc;
  }

  /** The value of a layer's field; null until it is set. */
  @SuppressWarnings("unchecked")
  public <T> T local(TaskLocal<T> field) {
    return field.slot < locals.length ? (T) locals[field.slot] : null;
  }

  /** Sets a layer's field. */
  public <T> void setLocal(TaskLocal<T> field, T value) {
    if (field.slot >= locals.length) {
      locals = Arrays.copyOf(locals, field.slot + 4);
    }
    locals[field.slot] = value;
  }

  @Override
  public String toString() {
    return name + "-" + id;
  }
}
