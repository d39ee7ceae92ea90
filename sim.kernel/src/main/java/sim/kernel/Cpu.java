package sim.kernel;

import sim.kernel.check.Rule;
import sim.kernel.event.Alarm;
import sim.kernel.event.EventHandler;
import sim.kernel.event.EventQueue;
import sim.kernel.machine.Cost;

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
  private final CpuScheduler scheduler;
  private final RunQueue runQueue;
  private final InterruptExec hardirq;
  private final InterruptExec softirq;
  private final IrqQueue irqs = new IrqQueue();
  private final Hardirqs hardirqs;
  private final Softirqs softirqs;
  private final long[] timeNs = new long[CpuTime.values().length];

  /** The task on this CPU, its scheduler's to set; null if idle. */
  Task task;

  /** {@code TIF_NEED_RESCHED}, and the lazy one: its scheduler's to set. */
  boolean needResched;

  boolean needReschedLazy;
  private boolean inHardirq;
  private boolean inSoftirq;
  private boolean looping;
  private boolean online = true;
  private boolean takesDeviceIrqs = true;

  private Exec charging;
  private long chargeStartNs;
  private boolean kickPending;

  /** The end of what is charged; not set while a lock is spun for. */
  private final Alarm chargeEnd;

  private final EventHandler kick = arg -> kicked();

  Cpu(Machine machine, int id) {
    this.machine = machine;
    this.events = machine.events();
    this.id = id;
    this.chargeEnd = events.newAlarm(arg -> chargeEnded());
    this.scheduler = new CpuScheduler(this);
    this.runQueue = scheduler.runQueue();
    this.hardirq = new InterruptExec(this, ExecContext.HARDIRQ);
    this.softirq = new InterruptExec(this, ExecContext.SOFTIRQ);
    this.hardirqs = new Hardirqs(this, irqs);
    this.softirqs = machine.build().rt() ? new ThreadedSoftirqs(this) : new InterruptSoftirqs(this);
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
    return scheduler.isActive();
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

  /** {@code need_resched}, in an interrupt: whether another task is to run after it. */
  boolean hasToSwitch() {
    return needResched || task == null && !runQueue().isEmpty();
  }

  /** Whether a reschedule has been asked for ({@code need_resched()}, the lazy flag included). */
  public boolean needResched() {
    return needResched || needReschedLazy;
  }

  RunQueue runQueue() {
    return runQueue;
  }

  CpuScheduler scheduler() {
    return scheduler;
  }

  Softirqs softirqs() {
    return softirqs;
  }

  boolean isLooping() {
    return looping;
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
        || exec.irqDisableDepth == 0
            && !((exec.stepFlags & Exec.IRQS_OFF) != 0 && exec.remainingNs > 0);
  }

  /**
   * {@code raise_softirq}: served on the way out of the interrupt, or by ksoftirqd; on PREEMPT_RT
   * by a thread.
   */
  public void raiseSoftirq(Softirq vector) {
    softirqs.raise(vector);
  }

  /** Softirq vectors that are raised and not served yet, a bit each by ordinal. */
  public int pendingSoftirqs() {
    return softirqs.pending();
  }

  void enterSoftirq() {
    inSoftirq = true;
    softirq.softirqServing = 1;
    softirqs.begin(softirq);
  }

  boolean inInterrupt() {
    return inHardirq || inSoftirq;
  }

  boolean inSoftirq() {
    return inSoftirq;
  }

  // --- the loop -------------------------------------------------------------------------------

  private void run() {
    looping = true;
    boolean isInterrupted = true;
    // Ends: a step that throws is abandoned with the code that it belongs to, which is finite.
    while (isInterrupted) {
      try {
        loop();
        isInterrupted = false;
      } catch (Throwable thrown) {
        if (!machine.oopses().survives(current(), thrown)) {
          throw thrown;
        }
      }
    }
    looping = false;
  }

  private void loop() {
    long instantNs = events.nowNs();
    int steps = machine.stepsAt(instantNs);
    Step step = null;
    while (true) {
      if (!irqs.isEmpty() && irqsDeliverable()) {
        inHardirq = true;
        hardirqs.enter(hardirq);
      }
      Exec x = inHardirq ? hardirq : inSoftirq ? softirq : task;
      if (x == task && !online && x != null) {
        scheduler.parkAtDeath();
        continue;
      }
      if (x == null) {
        if (!online || !scheduler.pickNext()) {
          break;
        }
        continue;
      }
      if (x == task && (needResched || needReschedLazy) && scheduler.needsSwitch()) {
        scheduler.preempt();
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
        scheduler.leaveToSleep();
        continue;
      }
      if (!x.hasStep()) {
        finish(x);
        continue;
      }
      x.preemptPoint = false;
      x.stepFlags = 0;
      step = x.popStep();
      step.run(x);
      if (++steps > STEPS_PER_INSTANT_MAX && events.nowNs() == instantNs) {
        throw overrun(x, step, instantNs);
      }
    }
    machine.noteSteps(instantNs, steps);
  }

  private InstantOverrunException overrun(Exec x, Step step, long instantNs) {
    machine.noteSteps(instantNs, 0);
    return new InstantOverrunException(
        x
            + ": more than "
            + STEPS_PER_INSTANT_MAX
            + " steps at virtual time "
            + instantNs
            + " ns; a loop charges no time and never ends",
        step);
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
    chargeEnd.set(endNs);
    return false;
  }

  private void chargeEnded() {
    Exec x = charging;
    charging = null;
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
    if (chargeEnd.clear()) {
      x.remainingNs -= ranNs;
    }
  }

  void spinReleased(Exec x) {
    if (charging == x && !chargeEnd.isSet()) {
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
      if (softirqs.servedAtIrqExit()) {
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
    scheduler.switchFrom(exiting);
  }

  void scheduleKick(long delayNs) {
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

  // --- hotplug --------------------------------------------------------------------------------

  /** {@code sched_cpu_activate}: tasks may be put here again. */
  public void activate() {
    scheduler.activate();
  }

  /** {@code sched_cpu_deactivate}: tasks that can run elsewhere are pushed away. */
  public void deactivate() {
    scheduler.deactivate();
  }

  /**
   * {@code smpboot_park_threads} and {@code sched_cpu_wait_empty}: step function, in a task;
   * returns when the CPU's softirq threads rest and no task is bound to stay here by {@link
   * Exec#migrateDisable}.
   */
  public void awaitEmpty(Exec x) {
    softirqs.park(true);
    scheduler.awaitEmpty(x);
  }

  /** {@code smpboot_unpark_threads}: ends {@link #awaitEmpty}. */
  public void unpark() {
    softirqs.park(false);
  }

  void migrationDisabled(Exec x) {
    scheduler.migrationDisabled();
  }

  void migrationEnabled(Exec x) {
    scheduler.migrationEnabled(x);
  }

  /** The CPU dies: called on it in a hard interrupt; interrupts that wait go to another CPU. */
  public void takeDown() {
    online = false;
    takesDeviceIrqs = false;
    hardirqs.moveTo(machine.firstOnlineCpu());
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
    scheduler.bringUp();
    if (!runQueue.isEmpty()) {
      scheduleKick(0);
    }
  }

  /**
   * {@code takeover_tasklets} and its kin: softirqs left on this dead CPU become {@code other}'s.
   */
  public void moveSoftirqsTo(Cpu other) {
    machine.timers().moveExpired(this, other);
    softirqs.moveTo(other);
  }

  @Override
  public String toString() {
    return "CPU " + id;
  }
}
