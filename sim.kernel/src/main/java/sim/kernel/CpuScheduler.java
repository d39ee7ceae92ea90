package sim.kernel;

import sim.kernel.event.EventHandler;
import sim.kernel.event.EventQueue;
import sim.kernel.machine.Cost;
import sim.kernel.machine.PreemptModel;
import sim.kernel.trace.Tracepoint;
import sim.kernel.wait.WaitQueue;

/**
 * Which task is on one CPU ({@code kernel/sched/core.c}): wake-ups, preemption by the build's
 * model, switches, the tick, and what CPU hotplug does to its tasks. {@link Cpu} runs what is
 * chosen here.
 */
final class CpuScheduler {
  private final Cpu cpu;
  private final Machine machine;
  private final EventQueue events;
  private final RunQueue runQueue;
  private final PreemptModel preempt;
  private final boolean preemption;

  /** Whether a task that serves softirqs, or keeps them off, can be preempted. */
  private final boolean bhPreemptible;

  private final EventHandler tick = arg -> ticked();
  private final EventHandler reschedIpi;
  private final Step tickStep = this::tickStep;
  private boolean tickPending;
  private boolean active = true;
  private boolean dying;

  /** Tasks here that may not leave, and who waits for them to be allowed to. */
  private int migrationDisabled;

  private final WaitQueue waitEmpty = new WaitQueue();

  CpuScheduler(Cpu cpu) {
    this.cpu = cpu;
    machine = cpu.machine();
    events = machine.events();
    runQueue = new RunQueue(events);
    preempt = machine.build().preempt();
    preemption = machine.build().preemption();
    bhPreemptible = machine.build().rt();
    reschedIpi = arg -> cpu.raiseIrq(Machine.IRQ_RESCHEDULE, CpuScheduler::noHandler);
  }

  private static void noHandler(Exec x) {
    // A reschedule IPI has no handler: what it is for happens on the way out.
  }

  RunQueue runQueue() {
    return runQueue;
  }

  boolean isActive() {
    return active;
  }

  /** {@code cpu_dying}: the CPU has left the scheduler and goes on down. */
  boolean isDying() {
    return dying;
  }

  void bringUp() {
    dying = false;
  }

  // --- preemption -----------------------------------------------------------------------------

  /** Whether the running task has to go now; a reschedule has been asked for. */
  boolean needsSwitch() {
    Task running = cpu.task;
    if (running.spinning && running.spinsForOwner && cpu.needResched) {
      running.spinning = false;
    }
    if (running.preemptCount > 0
        || running.irqDisableDepth > 0
        || running.spinning
        || (running.stepFlags & Exec.IRQS_OFF) != 0 && running.remainingNs > 0) {
      return false;
    }
    if (!bhPreemptible && (running.bhDisableDepth > 0 || running.softirqServing > 0)) {
      return false;
    }
    if (running.remainingNs > 0 ? running.userCharge : running.preemptPoint) {
      return true;
    }
    if (!cpu.needResched || preempt.compareTo(PreemptModel.LAZY) < 0) {
      return false;
    }
    return running.rcuDepth == 0 || preemption;
  }

  void preempt() {
    Task preempted = cpu.task;
    if (isPushed(preempted)) {
      switchFrom(preempted);
      machine.scheduler().migrate(preempted);
      return;
    }
    runQueue.addPreempted(preempted);
    machine.scheduler().waiting(1);
    switchFrom(preempted);
  }

  /**
   * {@code balance_push}: whether a task that is about to run, or has just run, on a CPU that goes
   * is to run elsewhere. A worker that was bound to the CPU when that began is none until {@code
   * workqueue:online}.
   */
  private boolean isPushed(Task task) {
    return !active && task.migrationDisableDepth == 0 && !Scheduler.takes(cpu, task);
  }

  private void requestResched() {
    if (cpu.needResched) {
      return;
    }
    cpu.needResched = true;
    if (!cpu.isLooping() && !cpu.inInterrupt()) {
      events.schedule(events.nowNs() + machine.costNs(Cost.IPI), reschedIpi, 0);
    }
  }

  /** {@code rt_mutex_setprio}: a task of this CPU has another priority; 0 makes it fair. */
  void setPriority(Task changed, int priority) {
    boolean wasQueued = changed.queued;
    if (wasQueued) {
      runQueue.remove(changed);
    }
    changed.schedClass = priority > 0 ? SchedClass.FIFO : SchedClass.FAIR;
    changed.fifoPriority = priority;
    if (wasQueued) {
      runQueue.place(changed, cpu.task);
      runQueue.addLast(changed);
      if (cpu.task != null && runQueue.preempts(changed, cpu.task)) {
        requestResched();
      }
    } else if (changed == cpu.task) {
      runQueue.place(changed, null);
      if (runQueue.fifoAbove(priority)) {
        requestResched();
      }
    }
  }

  // --- switching ------------------------------------------------------------------------------

  void leaveToSleep() {
    Task sleeper = cpu.task;
    sleeper.asleep = true;
    if (sleeper.sleepHook != null && !sleeper.lockWait) {
      sleeper.sleepHook.sleeping(sleeper);
    }
    switchFrom(sleeper);
  }

  void switchFrom(Task previous) {
    cpu.needResched = false;
    cpu.needReschedLazy = false;
    cpu.task = null;
    previous.heldLocks().leaveCpu(previous);
    Task next = takeNext();
    machine
        .trace()
        .emit(
            events.nowNs(),
            cpu.id(),
            Tracepoint.SCHED_SWITCH,
            previous.id(),
            next == null ? 0 : next.id());
    if (next == null) {
      machine.scheduler().idle(cpu.id(), true);
      return;
    }
    begin(next);
    if (next != previous) {
      next.remainingNs += machine.costNs(Cost.CONTEXT_SWITCH);
    }
  }

  /** On an idle CPU: puts the next runnable task on it; false if there is none. */
  boolean pickNext() {
    Task next = takeNext();
    if (next == null) {
      return false;
    }
    machine.scheduler().idle(cpu.id(), false);
    machine.trace().emit(events.nowNs(), cpu.id(), Tracepoint.SCHED_SWITCH, 0, next.id());
    begin(next);
    next.remainingNs += Math.max(0, next.readyAtNs - events.nowNs());
    return true;
  }

  private Task takeNext() {
    Task next = runQueue.pick();
    while (next != null && isPushed(next)) {
      machine.scheduler().waiting(-1);
      machine.scheduler().migrate(next);
      next = runQueue.pick();
    }
    if (next == null) {
      next = machine.scheduler().pullFor(cpu);
    }
    if (next != null) {
      machine.scheduler().waiting(-1);
    }
    return next;
  }

  private void begin(Task next) {
    next.cpu = cpu;
    cpu.task = next;
    if (!runQueue.isEmpty()) {
      startTick();
    }
  }

  /** A task has become runnable here. */
  void enqueue(Task woken) {
    Task task = cpu.task;
    runQueue.place(woken, task);
    runQueue.addLast(woken);
    machine.scheduler().waiting(1);
    if (task == null) {
      woken.readyAtNs = events.nowNs() + machine.costNs(Cost.WORKER_WAKEUP);
      if (!cpu.isLooping() && !cpu.inInterrupt()) {
        woken.readyAtNs += machine.costNs(Cost.IDLE_EXIT);
        cpu.scheduleKick(0);
      }
      return;
    }
    startTick();
    if (runQueue.preempts(woken, task)) {
      boolean lazy = preempt == PreemptModel.LAZY && woken.schedClass == SchedClass.FAIR;
      if (lazy) {
        cpu.needReschedLazy = true;
      } else {
        requestResched();
      }
    }
  }

  // --- the tick -------------------------------------------------------------------------------

  private void startTick() {
    if (!tickPending) {
      tickPending = true;
      long tickNs = machine.build().tickNs();
      events.schedule((events.nowNs() / tickNs + 1) * tickNs, tick, 0);
    }
  }

  private void ticked() {
    tickPending = false;
    if (cpu.task != null && !runQueue.isEmpty()) {
      cpu.raiseIrq(Machine.IRQ_TIMER, tickStep);
    }
  }

  private void tickStep(Exec x) {
    x.charge(Cost.TICK);
    Task task = cpu.task;
    if (task == null || runQueue.isEmpty()) {
      return;
    }
    startTick();
    machine.scheduler().kickIdle(x, cpu);
    if (cpu.needReschedLazy || runQueue.fairServerTick(task)) {
      cpu.needResched = true;
    } else if (runQueue.sliceUsed(task)) {
      if (preempt == PreemptModel.LAZY) {
        cpu.needReschedLazy = true;
      } else {
        cpu.needResched = true;
      }
    }
  }

  // --- hotplug --------------------------------------------------------------------------------

  void activate() {
    active = true;
    dying = false;
  }

  void deactivate() {
    active = false;
    dying = true;
    for (Task moved = runQueue.removeMigratable(); moved != null; ) {
      machine.scheduler().waiting(-1);
      machine.scheduler().migrate(moved);
      moved = runQueue.removeMigratable();
    }
    if (cpu.task != null && !cpu.task.isPinned()) {
      cpu.needResched = true;
    }
  }

  /** The task of a CPU that has just died keeps its place until the CPU is back. */
  void parkAtDeath() {
    runQueue.addPreempted(cpu.task);
    machine.scheduler().waiting(1);
    cpu.task = null;
    machine.scheduler().idle(cpu.id(), true);
  }

  void migrationDisabled() {
    migrationDisabled++;
  }

  void migrationEnabled(Exec x) {
    migrationDisabled--;
    if (!active) {
      if (x == cpu.task && !cpu.task.isPinned()) {
        cpu.needResched = true;
      }
      if (migrationDisabled == 0) {
        waitEmpty.wakeAll(x);
      }
    }
  }

  /** {@code balance_hotplug_wait}: step function; returns when no task is bound to stay. */
  void awaitEmpty(Exec x) {
    if (migrationDisabled > 0) {
      x.then(this::awaitEmpty);
      waitEmpty.sleep(x);
    }
  }
}
