package sim.kernel;

import sim.kernel.check.Rule;
import sim.kernel.event.EventHandler;
import sim.kernel.event.EventQueue;
import sim.kernel.machine.Cost;
import sim.kernel.machine.PreemptModel;
import sim.kernel.trace.Tracepoint;

/**
 * One simulated CPU: a context stack of task, softirq and hard interrupt over the event queue.
 *
 * <p>The loop in {@link #run} is the hot path of every simulation. It runs steps at the current
 * virtual instant until one charges time; if nothing else is due before that charge ends, the clock
 * moves on at once, which gives the same order as an event would.
 */
public final class Cpu {
  /** Steps that may run at one virtual instant before the run is declared stuck. */
  private static final int STEPS_PER_INSTANT_MAX = 5_000_000;

  private static final int USER = CpuTime.USER.ordinal();

  private final Machine machine;
  private final EventQueue events;
  private final int id;
  private final RunQueue runQueue;
  private final InterruptExec hardirq;
  private final InterruptExec softirq;
  private final SoftirqState softirqs;
  private final long[] timeNs = new long[CpuTime.values().length];

  private final IrqQueue irqs = new IrqQueue();

  /** The task on this CPU; null if idle. */
  private Task task;

  private boolean inHardirq;
  private boolean inSoftirq;
  private boolean looping;
  private boolean needResched;
  private boolean needReschedLazy;
  private boolean tickPending;
  private boolean online = true;
  private boolean takesDeviceIrqs = true;
  private boolean active = true;

  private Exec charging;
  private long chargeStartNs;
  private long chargeHandle;
  private boolean kickPending;
  private int irqNumber;

  private final EventHandler chargeEnd = arg -> chargeEnded();
  private final EventHandler kick = arg -> kicked();
  private final EventHandler tick = arg -> ticked();
  private final EventHandler reschedIpi = arg -> raiseIrq(Machine.IRQ_RESCHEDULE, Cpu::noHandler);
  private final Step hardirqExit = this::hardirqExit;
  private final Step tickStep = this::tickStep;

  Cpu(Machine machine, int id) {
    this.machine = machine;
    this.events = machine.events();
    this.id = id;
    this.runQueue = new RunQueue(events);
    this.hardirq = new InterruptExec(this, ExecContext.HARDIRQ);
    this.softirq = new InterruptExec(this, ExecContext.SOFTIRQ);
    this.softirqs = new SoftirqState(this);
  }

  /** The machine this belongs to. */
  public Machine machine() {
    return machine;
  }

  /** Number, from 0. */
  public int id() {
    return id;
  }

  /** Whether this CPU takes interrupts and runs its own kernel threads. */
  public boolean isOnline() {
    return online;
  }

  /** Whether the scheduler puts tasks here that could run elsewhere. */
  public boolean isActive() {
    return active;
  }

  /** The task on this CPU; null if it is idle. */
  public Task currentTask() {
    return task;
  }

  /** Whether no task is on this CPU and none waits for it. */
  public boolean isIdle() {
    return task == null && runQueue.isEmpty();
  }

  /** What runs on this CPU: the top of its context stack; null if it is idle. */
  public Exec current() {
    return inHardirq ? hardirq : inSoftirq ? softirq : task;
  }

  /** Virtual nanoseconds spent so far in one kind of context. */
  public long timeNs(CpuTime kind) {
    return timeNs[kind.ordinal()];
  }

  /** Whether a reschedule has been asked for ({@code need_resched()}, the lazy flag included). */
  public boolean needResched() {
    return needResched || needReschedLazy;
  }

  RunQueue runQueue() {
    return runQueue;
  }

  // --- interrupts -----------------------------------------------------------------------------

  /**
   * A hard interrupt of a device that is meant for this CPU arrives now; at another CPU if this one
   * is down or not yet far enough on its way up. It is entered at once, or when the CPU enables
   * interrupts or leaves the interrupt it is in.
   *
   * @param irq number for the trace
   * @param handler first step of the handler, in {@link ExecContext#HARDIRQ}
   */
  public void raiseDeviceIrq(int irq, Step handler) {
    (takesDeviceIrqs ? this : machine.firstCpuForDevices()).raiseIrq(irq, handler);
  }

  /** As {@link #raiseDeviceIrq}, for the CPU's own: IPIs and timers. */
  public void raiseIrq(int irq, Step handler) {
    if (!online) {
      machine.firstOnlineCpu().raiseIrq(irq, handler);
      return;
    }
    irqs.add(irq, handler);
    if (!looping && irqsDeliverable()) {
      interruptCharge();
      run();
    }
  }

  private boolean irqsDeliverable() {
    if (inHardirq) {
      return false;
    }
    Exec exec = current();
    return exec == null
        || exec.irqDisableDepth == 0 && !(exec.irqOffCharge && exec.remainingNs > 0);
  }

  private void enterHardirq() {
    irqNumber = irqs.number();
    Step handler = irqs.poll();
    inHardirq = true;
    machine.trace().emit(events.nowNs(), id, Tracepoint.IRQ_HANDLER_ENTRY, irqNumber);
    hardirq.charge(Cost.HARDIRQ_ENTRY);
    hardirq.then(hardirqExit);
    hardirq.then(handler);
  }

  private void hardirqExit(Exec x) {
    x.charge(Cost.HARDIRQ_EXIT);
    machine.trace().emit(events.nowNs(), id, Tracepoint.IRQ_HANDLER_EXIT, irqNumber);
  }

  private static void noHandler(Exec x) {
    // A reschedule IPI has no handler: what it is for happens on the way out.
  }

  /** {@code raise_softirq}: served on the way out of the interrupt, or by ksoftirqd. */
  public void raiseSoftirq(Softirq vector) {
    softirqs.raise(vector);
    if (!inHardirq && !inSoftirq && (task == null || task.bhDisableDepth == 0)) {
      softirqs.wakeKsoftirqd();
    }
  }

  /** Softirq vectors that are raised and not served yet, a bit each by ordinal. */
  public int pendingSoftirqs() {
    return softirqs.pending();
  }

  void softirqsAfterEnable() {
    if (softirqs.pending() != 0 && !inHardirq && !inSoftirq) {
      enterSoftirq();
    }
  }

  private void enterSoftirq() {
    inSoftirq = true;
    softirq.softirqServing = 1;
    softirqs.begin(softirq);
  }

  private boolean softirqsServable() {
    return softirqs.pending() != 0
        && online
        && !inSoftirq
        && softirqs.servedOnExit()
        && (task == null || task.bhDisableDepth == 0 && task.softirqServing == 0);
  }

  boolean inInterrupt() {
    return inHardirq || inSoftirq;
  }

  // --- the loop -------------------------------------------------------------------------------

  private void run() {
    looping = true;
    int steps = 0;
    long instantNs = events.nowNs();
    while (true) {
      if (!irqs.isEmpty() && irqsDeliverable()) {
        enterHardirq();
      }
      Exec x = inHardirq ? hardirq : inSoftirq ? softirq : task;
      if (x == task && !online && x != null) {
        parkAtDeath();
        continue;
      }
      if (x == null) {
        if (!online || !pickNext()) {
          break;
        }
        continue;
      }
      if (x == task && needsSwitch()) {
        preempt();
        continue;
      }
      if (x.remainingNs > 0) {
        if (!elapse(x)) {
          break;
        }
        steps = 0;
        instantNs = events.nowNs();
        continue;
      }
      if (x.spinning) {
        charging = x;
        chargeStartNs = events.nowNs();
        break;
      }
      if (x == task && task.blocking) {
        leaveToSleep();
        continue;
      }
      if (!x.hasStep()) {
        finish(x);
        continue;
      }
      x.preemptPoint = false;
      x.irqOffCharge = false;
      x.popStep().run(x);
      if (++steps > STEPS_PER_INSTANT_MAX && events.nowNs() == instantNs) {
        looping = false;
        throw new IllegalStateException(
            x
                + ": more than "
                + STEPS_PER_INSTANT_MAX
                + " steps at virtual time "
                + instantNs
                + " ns; a loop charges no time and never ends");
      }
    }
    looping = false;
  }

  /** Lets the charge of {@code x} elapse; false if that needs an event. */
  private boolean elapse(Exec x) {
    long endNs = events.nowNs() + x.remainingNs;
    if (endNs < events.peekTimeNs() && endNs <= machine.horizonNs()) {
      spent(x, x.remainingNs);
      x.remainingNs = 0;
      x.userCharge = false;
      events.advanceTo(endNs);
      return true;
    }
    charging = x;
    chargeStartNs = events.nowNs();
    chargeHandle = events.schedule(endNs, chargeEnd, 0);
    return false;
  }

  private void chargeEnded() {
    Exec x = charging;
    charging = null;
    chargeHandle = 0;
    spent(x, x.remainingNs);
    x.remainingNs = 0;
    x.userCharge = false;
    run();
  }

  /** Takes the CPU from whatever it charges or spins for; the rest of the charge is kept. */
  private void interruptCharge() {
    if (charging == null) {
      return;
    }
    Exec x = charging;
    long ranNs = events.nowNs() - chargeStartNs;
    charging = null;
    spent(x, ranNs);
    if (chargeHandle != 0) {
      events.cancel(chargeHandle);
      chargeHandle = 0;
      x.remainingNs -= ranNs;
    }
  }

  void spinReleased(Exec x) {
    if (charging == x && chargeHandle == 0) {
      interruptCharge();
      scheduleKick(machine.costNs(Cost.SPINLOCK_HANDOFF));
    }
  }

  private void spent(Exec x, long ns) {
    timeNs[x.userCharge ? USER : x.timeKind().ordinal()] += ns;
    if (x == task) {
      task.runtimeNs += ns;
      runQueue.ran(task, ns);
    }
  }

  private void finish(Exec x) {
    if (x != task && x.leaksAtomic()) {
      Rule rule = x == hardirq ? Rule.HARDIRQ_LEAK : Rule.SOFTIRQ_LEAK;
      machine.checker().report(rule, x, x.atomicCounts());
      x.forgetAtomic();
    }
    if (x == hardirq) {
      inHardirq = false;
      if (softirqsServable()) {
        enterSoftirq();
      }
    } else if (x == softirq) {
      inSoftirq = false;
      softirq.softirqServing = 0;
    } else {
      exit(task);
    }
  }

  private void exit(Task exiting) {
    if (!exiting.maySleep()) {
      machine.checker().report(Rule.EXIT_IN_ATOMIC, exiting, exiting.atomicCounts());
    }
    if (!exiting.heldLocks().isEmpty()) {
      machine.checker().report(Rule.LOCKS_AT_EXIT, exiting, exiting.heldLocks().toString());
    }
    exiting.exited = true;
    exiting.asleep = true;
    switchFrom(exiting);
  }

  // --- scheduling -----------------------------------------------------------------------------

  private boolean needsSwitch() {
    if (!needResched && !needReschedLazy) {
      return false;
    }
    Task running = task;
    if (running.preemptCount > 0
        || running.irqDisableDepth > 0
        || running.bhDisableDepth > 0
        || running.softirqServing > 0
        || running.spinning
        || running.irqOffCharge && running.remainingNs > 0) {
      return false;
    }
    if (running.remainingNs > 0 ? running.userCharge : running.preemptPoint) {
      return true;
    }
    if (!needResched || machine.build().preempt().compareTo(PreemptModel.LAZY) < 0) {
      return false;
    }
    return running.rcuDepth == 0 || machine.build().preemption();
  }

  private void preempt() {
    Task preempted = task;
    if (!active && !preempted.isPinned()) {
      switchFrom(preempted);
      machine.scheduler().migrate(preempted);
      return;
    }
    runQueue.addPreempted(preempted);
    machine.scheduler().waiting(1);
    switchFrom(preempted);
  }

  /** The task of a CPU that has just died keeps its place until the CPU is back. */
  private void parkAtDeath() {
    runQueue.addPreempted(task);
    machine.scheduler().waiting(1);
    task = null;
    machine.scheduler().idle(id, true);
  }

  private void leaveToSleep() {
    Task sleeper = task;
    sleeper.asleep = true;
    if (sleeper.sleepHook != null) {
      sleeper.sleepHook.sleeping(sleeper);
    }
    switchFrom(sleeper);
  }

  private void switchFrom(Task previous) {
    needResched = false;
    needReschedLazy = false;
    task = null;
    Task next = takeNext();
    machine
        .trace()
        .emit(
            events.nowNs(),
            id,
            Tracepoint.SCHED_SWITCH,
            previous.id(),
            next == null ? 0 : next.id());
    if (next == null) {
      machine.scheduler().idle(id, true);
      return;
    }
    begin(next);
    if (next != previous) {
      next.remainingNs += machine.costNs(Cost.CONTEXT_SWITCH);
    }
  }

  /** On an idle CPU: puts the next runnable task on it; false if there is none. */
  private boolean pickNext() {
    Task next = takeNext();
    if (next == null) {
      return false;
    }
    machine.scheduler().idle(id, false);
    machine.trace().emit(events.nowNs(), id, Tracepoint.SCHED_SWITCH, 0, next.id());
    begin(next);
    next.remainingNs += Math.max(0, next.readyAtNs - events.nowNs());
    return true;
  }

  private Task takeNext() {
    Task next = runQueue.pick();
    if (next == null) {
      next = machine.scheduler().pullFor(this);
    }
    if (next != null) {
      machine.scheduler().waiting(-1);
    }
    return next;
  }

  private void begin(Task next) {
    next.cpu = this;
    task = next;
    if (!runQueue.isEmpty()) {
      startTick();
    }
  }

  /** A task has become runnable here. */
  void enqueue(Task woken) {
    boolean idle = task == null;
    runQueue.place(woken, task);
    runQueue.addLast(woken);
    machine.scheduler().waiting(1);
    if (idle) {
      woken.readyAtNs = events.nowNs() + machine.costNs(Cost.WORKER_WAKEUP);
      if (!looping && !inInterrupt()) {
        scheduleKick(0);
      }
      return;
    }
    startTick();
    if (runQueue.preempts(woken, task)) {
      boolean lazy =
          machine.build().preempt() == PreemptModel.LAZY && woken.schedClass == SchedClass.FAIR;
      if (lazy) {
        needReschedLazy = true;
      } else {
        requestResched();
      }
    }
  }

  private void requestResched() {
    if (needResched) {
      return;
    }
    needResched = true;
    if (!looping && !inInterrupt()) {
      events.schedule(events.nowNs() + machine.costNs(Cost.IPI), reschedIpi, 0);
    }
  }

  private void scheduleKick(long delayNs) {
    if (!kickPending) {
      kickPending = true;
      events.schedule(events.nowNs() + delayNs, kick, 0);
    }
  }

  /** An idle CPU is told, by an IPI, to look for work on busy ones. */
  void kickToBalance() {
    scheduleKick(machine.costNs(Cost.IPI));
  }

  private void kicked() {
    kickPending = false;
    if (charging == null) {
      run();
    }
  }

  private void startTick() {
    if (!tickPending) {
      tickPending = true;
      long tickNs = machine.build().tickNs();
      events.schedule((events.nowNs() / tickNs + 1) * tickNs, tick, 0);
    }
  }

  private void ticked() {
    tickPending = false;
    if (task != null && !runQueue.isEmpty()) {
      raiseIrq(Machine.IRQ_TIMER, tickStep);
    }
  }

  private void tickStep(Exec x) {
    x.charge(Cost.TICK);
    if (task == null || runQueue.isEmpty()) {
      return;
    }
    startTick();
    machine.scheduler().kickIdle(x, this);
    boolean lazyModel = machine.build().preempt() == PreemptModel.LAZY;
    if (needReschedLazy || runQueue.fairServerTick(task)) {
      needResched = true;
    } else if (runQueue.sliceUsed(task)) {
      if (lazyModel) {
        needReschedLazy = true;
      } else {
        needResched = true;
      }
    }
  }

  // --- hotplug --------------------------------------------------------------------------------

  /** {@code sched_cpu_activate}: tasks may be put here again. */
  public void activate() {
    active = true;
  }

  /** {@code sched_cpu_deactivate}: tasks that can run elsewhere are pushed away. */
  public void deactivate() {
    active = false;
    for (Task moved = runQueue.removeMigratable(); moved != null; ) {
      machine.scheduler().waiting(-1);
      machine.scheduler().migrate(moved);
      moved = runQueue.removeMigratable();
    }
    if (task != null && !task.isPinned()) {
      needResched = true;
    }
  }

  /** The CPU dies: called on it in a hard interrupt; interrupts that wait go to another CPU. */
  public void takeDown() {
    online = false;
    takesDeviceIrqs = false;
    while (!irqs.isEmpty()) {
      int irq = irqs.number();
      Step handler = irqs.poll();
      Cpu other = machine.firstOnlineCpu();
      events.schedule(events.nowNs(), arg -> other.raiseIrq(irq, handler), 0);
    }
  }

  /**
   * {@code irq_affinity_online_cpu}: managed interrupts of devices that are meant for this CPU come
   * here again.
   */
  public void takeDeviceIrqs() {
    takesDeviceIrqs = true;
  }

  /** Whether interrupts of devices that are meant for it come here. */
  boolean takesDeviceIrqs() {
    return takesDeviceIrqs;
  }

  /**
   * The CPU is started: it takes its own interrupts and runs its own kernel threads. Those of
   * devices follow with {@link #takeDeviceIrqs}.
   */
  public void bringUp() {
    online = true;
    if (!runQueue.isEmpty()) {
      scheduleKick(0);
    }
  }

  /**
   * {@code takeover_tasklets} and its kin: softirqs left on this dead CPU become {@code other}'s.
   */
  public void moveSoftirqsTo(Cpu other) {
    softirqs.moveTo(other);
  }

  @Override
  public String toString() {
    return "CPU " + id;
  }
}
