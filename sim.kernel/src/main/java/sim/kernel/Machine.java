package sim.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sim.kernel.check.ContextChecker;
import sim.kernel.event.EventQueue;
import sim.kernel.hotplug.CpuHotplug;
import sim.kernel.machine.Cost;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.random.RandomStreams;
import sim.kernel.spi.PolicyBreachException;
import sim.kernel.time.TimerWheel;
import sim.kernel.trace.Trace;
import sim.kernel.trace.Tracepoint;
import sim.kernel.workqueue.Workqueues;

/** One run's machine: its clock and events, CPUs, tasks, chance, trace and rule checker. */
public final class Machine {
  /** Interrupt number of the tick and of expiring timers. */
  public static final int IRQ_TIMER = 0xec;

  /** Interrupt number of the reschedule IPI. */
  public static final int IRQ_RESCHEDULE = 0xfd;

  /** Interrupt number of the single-function IPI. */
  public static final int IRQ_CALL_FUNCTION = 0xfb;

  /** Events that may fire at one virtual instant before the run is declared stuck. */
  private static final int EVENTS_PER_INSTANT_MAX = 1_000_000;

  /** Tasks that may be made; a policy that makes one for each bio comes here. */
  private static final int TASKS_MAX = 1 << 17;

  private final MachineProfile profile;
  private final KernelBuild build;
  private final long[] costNs;
  private final EventQueue events = new EventQueue();
  private final RandomStreams streams;
  private final Trace trace;
  private final ContextChecker checker;
  private final Scheduler scheduler;
  private final Cpu[] cpus;
  private final Step[] softirqHandlers = new Step[Softirq.values().length];
  private final List<Task> tasks = new ArrayList<>();
  private final TimerWheel timers;
  private final Workqueues workqueues;
  private final CpuHotplug hotplug;
  private long progressNs = ContextChecker.PROGRESS_INTERVAL_NS;
  private long horizonNs = Long.MAX_VALUE - 1;
  private boolean halted;

  /** Number of tasks at which no more are made. */
  private int tasksMax = TASKS_MAX;

  private final Oopses oopses = new Oopses(this);

  /** Steps done at {@link #instantNs}. */
  private int instantSteps;

  private long instantNs;

  /** Tells who calls; null if nobody asks. */
  private Supplier<Object> callers;

  private Consumer<String> refused;

  /** Read by callers from outside, which differ from any value that it ever has. */
  private volatile Object driver;

  /**
   * A machine at virtual time 0, all CPUs online and idle.
   *
   * @param profile CPUs, build and costs
   * @param seed the run's only source of chance
   * @param trace where the run's events go
   */
  public Machine(MachineProfile profile, long seed, Trace trace) {
    this.profile = Objects.requireNonNull(profile, "profile");
    this.trace = Objects.requireNonNull(trace, "trace");
    build = profile.build();
    costNs = new long[Cost.values().length];
    for (Cost cost : Cost.values()) {
      costNs[cost.ordinal()] = profile.ns(cost);
    }
    streams = new RandomStreams(seed);
    checker = new ContextChecker(this);
    scheduler = new Scheduler(this, profile.cpus());
    cpus = new Cpu[profile.cpus()];
    for (int id = 0; id < cpus.length; id++) {
      cpus[id] = new Cpu(this, id);
    }
    timers = new TimerWheel(this);
    workqueues = new Workqueues(this);
    hotplug = new CpuHotplug(this);
  }

  /** The clock and what is due. */
  public EventQueue events() {
    return events;
  }

  /** Virtual nanoseconds since the start of the run. */
  public long nowNs() {
    return events.nowNs();
  }

  /** CPUs, build and costs. */
  public MachineProfile profile() {
    return profile;
  }

  /** The kernel's build. */
  public KernelBuild build() {
    return build;
  }

  /** Virtual nanoseconds of one operation. */
  public long costNs(Cost cost) {
    return costNs[cost.ordinal()];
  }

  /** Named streams of chance. */
  public RandomStreams streams() {
    return streams;
  }

  /** Where events are traced. */
  public Trace trace() {
    return trace;
  }

  /** What this run watches itself for. */
  public ContextChecker checker() {
    return checker;
  }

  /** The timer wheel. */
  public TimerWheel timers() {
    return timers;
  }

  /** Worker pools and workqueues. */
  public Workqueues workqueues() {
    return workqueues;
  }

  /** CPU hotplug. */
  public CpuHotplug hotplug() {
    return hotplug;
  }

  /**
   * Names how to tell who calls, such as by thread: from now on {@link #requireRunsOwn} refuses
   * everybody but whoever drives this machine.
   *
   * @param callers who is calling; compared by identity
   * @param refused told of each call that is refused, by the refused caller: with the policy's id
   */
  public void setCallers(Supplier<Object> callers, Consumer<String> refused) {
    this.callers = callers;
    this.refused = refused;
    drivenByCaller();
  }

  /** Whoever calls this drives the machine from now on. */
  public void drivenByCaller() {
    driver = callers == null ? null : callers.get();
  }

  /**
   * Refuses a call from outside the run, before anything is touched: called first thing by what a
   * layer offers to policies.
   *
   * @param policyId whose call it is said to be
   * @throws PolicyBreachException if it isn't made by whoever drives this machine
   */
  public void requireRunsOwn(String policyId) {
    if (callers != null && callers.get() != driver) {
      refused.accept(policyId);
      throw new PolicyBreachException(
          policyId + ": called from outside its run, by " + callers.get() + "; refused");
    }
  }

  /** Names who answers for code that throws; without one, whatever is thrown ends the run. */
  public void setOopsHandler(OopsHandler handler) {
    oopses.answeredBy(handler);
  }

  /**
   * Throws on what a layer that has caught it can't blame on the policy that it had called: that
   * there is no memory, and what has broken this machine already. Exceptions, and errors of
   * linking, of assertions and of recursion, are a fault of that policy.
   */
  public void requireSurvivable(Throwable thrown) {
    oopses.requireSurvivable(thrown);
  }

  /** Code that may have made most of the tasks was abandoned: there is room for others again. */
  void makeRoomForTasks() {
    tasksMax = tasks.size() + TASKS_MAX;
  }

  Oopses oopses() {
    return oopses;
  }

  /** Steps that a CPU has done at a virtual time, since the clock came there. */
  int stepsAt(long timeNs) {
    return instantNs == timeNs ? instantSteps : 0;
  }

  void noteSteps(long timeNs, int steps) {
    instantNs = timeNs;
    instantSteps = steps;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** Number of CPUs. */
  public int cpuCount() {
    return cpus.length;
  }

  /** The CPU numbered {@code id}. */
  public Cpu cpu(int id) {
    return cpus[id];
  }

  /** All CPUs. */
  public CpuMask allCpus() {
    return CpuMask.firstCpus(cpus.length);
  }

  /** The online CPU with the lowest number; one is always online. */
  public Cpu firstOnlineCpu() {
    for (Cpu cpu : cpus) {
      if (cpu.isOnline()) {
        return cpu;
      }
    }
    throw new IllegalStateException("no CPU is online");
  }

  /** The CPU with the lowest number that takes interrupts of devices. */
  Cpu firstCpuForDevices() {
    for (Cpu cpu : cpus) {
      if (cpu.takesDeviceIrqs()) {
        return cpu;
      }
    }
    return firstOnlineCpu();
  }

  /** The online CPUs without one of them. */
  public CpuMask onlineCpusBut(int without) {
    return CpuMask.of(
        Arrays.stream(cpus)
            .filter(cpu -> cpu.isOnline() && cpu.id() != without)
            .mapToInt(Cpu::id)
            .toArray());
  }

  /** All tasks ever created, in order. */
  public List<Task> tasks() {
    return Collections.unmodifiableList(tasks);
  }

  /**
   * Creates a task, blocked. Name its first step with {@link Exec#then}, then {@link Task#wake} it.
   *
   * @param name {@code comm}, also in the trace
   * @param kernelThread whether its time counts as a kernel worker's
   * @param affinity CPUs it may run on
   */
  public Task newTask(String name, boolean kernelThread, CpuMask affinity) {
    if (tasks.size() == tasksMax) {
      throw new IllegalStateException(name + ": " + TASKS_MAX + " tasks were made; more can't be");
    }
    Task task = new Task(this, tasks.size() + 1, name, kernelThread, affinity);
    tasks.add(task);
    trace.emit(
        nowNs(),
        task.cpu().id(),
        Tracepoint.TASK_NEWTASK,
        task.id(),
        trace.name(name),
        kernelThread ? 1 : 0);
    return task;
  }

  /** Creates a user task and wakes it: {@code body} is its first step. */
  public Task spawn(String name, CpuMask affinity, Step body) {
    Task task = newTask(name, false, affinity);
    task.then(body);
    task.wake();
    return task;
  }

  /**
   * Creates a task that no kernel has: when it can run it does so at that very instant, whatever
   * the CPUs do, and nothing that it does takes time. It can sleep. It is what policies that ship
   * as a bound use, by {@link Task#runIdeally}.
   */
  public Task newIdealTask(String name) {
    Task task = newTask(name, true, CpuMask.of(0));
    task.beginAsTask();
    task.idealRunner = new IdealRunner(task);
    return task;
  }

  /** {@code open_softirq}: names the handler of a vector. */
  public void openSoftirq(Softirq vector, Step handler) {
    softirqHandlers[vector.ordinal()] = handler;
  }

  Step softirqHandler(Softirq vector) {
    return softirqHandlers[vector.ordinal()];
  }

  /**
   * {@code request_irq}: a device's interrupt on one CPU.
   *
   * @param irq number for the trace
   * @param name the device's, for the thread that PREEMPT_RT gives it: {@code irq/256-nvme0q1}
   */
  public IrqAction requestIrq(int irq, String name, Cpu cpu) {
    return build.rt() ? new ThreadedIrqAction(irq, name, cpu) : new HardIrqAction(irq, cpu);
  }

  /**
   * {@code smp_call_function_single_async}: runs {@code handler} in a hard interrupt on another
   * CPU. The sender is charged its share.
   */
  public void sendIpi(Exec sender, Cpu target, Step handler) {
    sender.charge(Cost.IPI_SEND);
    trace.emit(nowNs(), sender.cpu().id(), Tracepoint.IPI_SEND_CPU, target.id(), IRQ_CALL_FUNCTION);
    events.schedule(
        nowNs() + costNs(Cost.IPI), arg -> target.raiseIrq(IRQ_CALL_FUNCTION, handler), 0);
  }

  /** Latest virtual time to which a CPU may move the clock by itself. */
  long horizonNs() {
    return horizonNs;
  }

  /**
   * Runs every event due at or before {@code timeNs} and leaves the clock there, or where {@link
   * #haltAtThisInstant} was called. In how many calls a run is run makes no difference to it.
   *
   * @return whether anything is still to come
   */
  public boolean runUntil(long timeNs) {
    halted = false;
    while (progressNs <= timeNs && !halted) {
      runEvents(progressNs);
      if (!halted) {
        checker.checkProgress();
        progressNs += ContextChecker.PROGRESS_INTERVAL_NS;
      }
    }
    if (!halted) {
      runEvents(timeNs);
    }
    return events.size() > 0;
  }

  /**
   * Has {@link #runUntil} return once everything due at this virtual time has been done. Called in
   * the middle of an event, by whoever drives the run: it is over, or has to wait for something
   * from outside.
   */
  public void haltAtThisInstant() {
    halted = true;
    horizonNs = events.nowNs();
  }

  private void runEvents(long timeNs) {
    horizonNs = timeNs;
    boolean isInterrupted = true;
    // Ends: an event that throws is gone, with the code that it belongs to.
    while (isInterrupted) {
      try {
        fireUntilHorizon();
        isInterrupted = false;
      } catch (Throwable thrown) {
        if (!oopses.survives(null, thrown)) {
          throw thrown;
        }
      }
    }
    if (events.nowNs() < horizonNs) {
      events.advanceTo(horizonNs);
    }
  }

  private void fireUntilHorizon() {
    long firedNs = -1;
    int count = 0;
    while (events.peekTimeNs() <= horizonNs) {
      events.fireNext();
      if (events.nowNs() != firedNs) {
        firedNs = events.nowNs();
        count = 0;
      } else if (++count > EVENTS_PER_INSTANT_MAX) {
        count = 0;
        oopses.overrun(
            "more than "
                + EVENTS_PER_INSTANT_MAX
                + " events at virtual time "
                + firedNs
                + " ns; one brings the next for ever");
      }
    }
  }

  /** Runs until no event is left; for tests and workloads that end by themselves. */
  public void runToIdle() {
    horizonNs = Long.MAX_VALUE - 1;
    while (events.fireNext()) {
      // Each event may add others; a run that never idles has to be bounded by runUntil.
    }
  }

  /** Emits each CPU's time by kind, the totals that reports show. */
  public void traceCpuTime() {
    for (Cpu cpu : cpus) {
      for (CpuTime kind : CpuTime.values()) {
        trace.emit(nowNs(), cpu.id(), Tracepoint.CPU_TIME, kind.ordinal(), cpu.timeNs(kind));
      }
    }
  }
}
