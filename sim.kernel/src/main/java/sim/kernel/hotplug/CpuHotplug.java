package sim.kernel.hotplug;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import sim.kernel.Cpu;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.check.Rule;
import sim.kernel.lock.LockClass;
import sim.kernel.lock.Mutex;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;
import sim.kernel.wait.WaitQueue;

/**
 * CPU hotplug ({@code kernel/cpu.c}): a walk along numbered states, up or down, with each
 * subsystem's callback in its section, and back again if one fails.
 */
public final class CpuHotplug {
  /** Result of an operation that was refused: the CPU is there already, or is the last one. */
  public static final int EBUSY = -16;

  private record Registered(String name, HotplugCallback startup, HotplugCallback teardown) {}

  /** Stands where an operation is to fail and nothing is registered. */
  private static final Registered NOTHING = new Registered("cpuhp:fail", null, null);

  private final Machine machine;
  private final TreeMap<Integer, Registered> states = new TreeMap<>();
  private final Mutex lock = new Mutex(new LockClass("cpu_hotplug_lock"));
  private final Task[] threads;
  private final int[] reached;

  /** The CPU whose operation holds the lock, or waits for its readers; -1 if there is none. */
  private int moving = -1;

  /** The task that asked for that operation. */
  private Task movingControl;

  private int readers;
  private final WaitQueue readersGone = new WaitQueue();
  private final WaitQueue operationEnds = new WaitQueue();
  private final Step awaitOperation = this::awaitOperation;

  /** All CPUs up; no callbacks. */
  public CpuHotplug(Machine machine) {
    this.machine = machine;
    threads = new Task[machine.cpuCount()];
    reached = new int[machine.cpuCount()];
    Arrays.fill(reached, CpuHotplugState.ONLINE.number());
    register(
        CpuHotplugState.ACTIVE,
        "sched:active",
        (x, cpu) -> machine.cpu(cpu).activate(),
        (x, cpu) -> machine.cpu(cpu).deactivate());
    register(
        CpuHotplugState.WORKQUEUE_ONLINE,
        "workqueue:online",
        (x, cpu) -> machine.workqueues().rebind(cpu),
        (x, cpu) -> machine.workqueues().unbind(cpu));
    if (machine.build().rt()) {
      register(
          CpuHotplugState.SCHED_WAIT_EMPTY,
          "sched:waitempty",
          (x, cpu) -> machine.cpu(cpu).unpark(),
          (x, cpu) -> machine.cpu(cpu).awaitEmpty(x));
    }
    register(
        CpuHotplugState.IRQ_AFFINITY_ONLINE,
        "irq/affinity:online",
        (x, cpu) -> machine.cpu(cpu).takeDeviceIrqs(),
        null);
    register(
        CpuHotplugState.SOFTIRQ_DEAD,
        "softirq:dead",
        null,
        (x, cpu) -> machine.cpu(cpu).moveSoftirqsTo(x.cpu()));
  }

  /**
   * {@code cpuhp_setup_state_nocalls}: registers a subsystem's callbacks without running them for
   * the CPUs that are up.
   *
   * @param state slot; a dynamic one gives the next free number of its range
   * @param name as the kernel names it, {@code block/bio:complete:online}
   * @param startup run on the way up; null for nothing
   * @param teardown run on the way down; null for nothing
   * @return the number given, which {@link #remove} takes
   */
  public int register(
      CpuHotplugState state, String name, HotplugCallback startup, HotplugCallback teardown) {
    int end = state.number() + state.slots();
    for (int number = state.number(); number < end; number++) {
      if (!states.containsKey(number)) {
        states.put(number, new Registered(name, startup, teardown));
        return number;
      }
    }
    throw new IllegalStateException(
        name
            + ": no free slot at state "
            + state
            + "; taken by "
            + states.get(state.number()).name());
  }

  /** {@code cpuhp_remove_state_nocalls}. */
  public void remove(int number) {
    if (states.remove(number) == null) {
      throw new IllegalArgumentException("no callbacks are registered at state " + number);
    }
  }

  /** The number of the last state that {@code cpu} has passed on its way up. */
  public int stateOf(int cpu) {
    return reached[cpu];
  }

  /** Whether an operation on {@code cpu} has begun and is not over, its rolling back included. */
  public boolean isMoving(int cpu) {
    return moving == cpu;
  }

  /**
   * Whether this is a teardown callback of {@code cpu}, which is dead by now: nobody else can touch
   * what is its own, unless it was left to somebody.
   */
  public boolean isDeadCallback(Exec x, int cpu) {
    return moving == cpu && x.task() == movingControl && !machine.cpu(cpu).isOnline();
  }

  /**
   * {@code cpus_read_lock}: no CPU comes or goes until {@link #readUnlock}. A step function, in a
   * task that may sleep; in a callback, and in what it waits for, it waits for itself.
   */
  public void readLock(Exec x) {
    complainInCallback(x, "cpus_read_lock");
    awaitOperation(x);
  }

  private void awaitOperation(Exec x) {
    if (moving < 0) {
      readers++;
      return;
    }
    x.then(awaitOperation);
    operationEnds.sleep(x);
  }

  /** {@code cpus_read_unlock}. */
  public void readUnlock(Exec x) {
    readers--;
    if (readers == 0) {
      readersGone.wakeAll(x);
    }
  }

  private void complainInCallback(Exec x, String what) {
    boolean callback =
        moving >= 0
            && x.task() != null
            && (x.task() == movingControl || x.task() == threads[moving]);
    if (callback) {
      machine.checker().report(Rule.HOTPLUG_LOCK, x, what + " in a callback for CPU " + moving);
    }
  }

  /**
   * {@code cpu_down}: result 0, {@link #EBUSY}, or what the failing callback returned, in which
   * case the CPU is up again.
   *
   * @param x a task; may sleep
   * @param failAt number of a state whose teardown is to fail with {@link #EBUSY}, whether or not
   *     anything is registered there; -1 for none
   */
  public void down(Exec x, int cpu, int failAt) {
    new Transition(cpu, false, failAt).begin(x);
  }

  /** {@code cpu_up}: as {@link #down}, the other way. */
  public void up(Exec x, int cpu, int failAt) {
    new Transition(cpu, true, failAt).begin(x);
  }

  private int onlineCpus() {
    int count = 0;
    for (int cpu = 0; cpu < machine.cpuCount(); cpu++) {
      count += machine.cpu(cpu).isOnline() ? 1 : 0;
    }
    return count;
  }

  /** One operation on one CPU: its direction, place and outcome. */
  private final class Transition {
    private final Cpu target;
    private final int cpu;
    private final int failAt;
    private boolean up;
    private boolean rollback;
    private int place;

    /** Whose callback runs; it may be removed meanwhile. */
    private int calling;

    private long outcome;
    private Task control;
    private final Step locked = this::locked;
    private final Step readersLeft = this::readersLeft;
    private final Step advance = this::advance;
    private final Step returned = this::returned;
    private final Step unlock = this::unlock;
    private final Step threadDone = this::threadDone;
    private final Step park = this::park;

    Transition(int cpu, boolean up, int failAt) {
      this.cpu = cpu;
      this.target = machine.cpu(cpu);
      this.up = up;
      this.failAt = failAt;
    }

    void begin(Exec x) {
      complainInCallback(x, "cpus_write_lock");
      control = x.task();
      x.then(locked);
      lock.lock(x);
    }

    private void locked(Exec x) {
      x.then(unlock);
      if (target.isOnline() == up || !up && onlineCpus() == 1) {
        outcome = EBUSY;
        return;
      }
      moving = cpu;
      movingControl = control;
      x.then(readersLeft);
    }

    private void readersLeft(Exec x) {
      if (readers > 0) {
        x.then(readersLeft);
        readersGone.sleep(x);
        return;
      }
      place = reached[cpu];
      x.then(advance);
      if (!up && control.cpu() == target) {
        moveControlAway(x);
      }
    }

    /** The controlling task may not stand on the CPU that goes. */
    private void moveControlAway(Exec x) {
      CpuMask before = control.affinity();
      control.setAffinity(machine.onlineCpusBut(cpu));
      x.then(y -> control.setAffinity(before));
      machine.timers().sleep(x, 0);
    }

    private void unlock(Exec x) {
      moving = -1;
      operationEnds.wakeAll(x);
      x.setResult(outcome);
      lock.unlock(x);
    }

    private boolean atomicSection(int number) {
      return number >= CpuHotplugState.AP_STARTING.number()
          && number < CpuHotplugState.TEARDOWN_CPU.number();
    }

    /** The next state with a callback in the current direction; null at the end of the walk. */
    private Map.Entry<Integer, Registered> next() {
      Map.Entry<Integer, Registered> state =
          up ? states.higherEntry(place) : states.floorEntry(place);
      // Ends: the states come to an end.
      while (state != null && isEmpty(state)) {
        state = up ? states.higherEntry(state.getKey()) : states.lowerEntry(state.getKey());
      }
      return failsBefore(state) ? Map.entry(failAt, NOTHING) : state;
    }

    /** {@code cpuhp_step_empty}: nothing is called, unless it is to fail. */
    private boolean isEmpty(Map.Entry<Integer, Registered> state) {
      boolean fails = state.getKey() == failAt && !rollback;
      return callback(state.getValue()) == null && !fails;
    }

    private HotplugCallback callback(Registered state) {
      return up ? state.startup() : state.teardown();
    }

    /** Whether the place at which the walk is to fail comes before a registered state. */
    private boolean failsBefore(Map.Entry<Integer, Registered> state) {
      if (failAt < 0 || rollback || states.containsKey(failAt)) {
        return false;
      }
      return up
          ? failAt > place && (state == null || failAt < state.getKey())
          : failAt <= place && (state == null || failAt > state.getKey());
    }

    private void advance(Exec x) {
      boolean inThread = x.task() == threads[cpu];
      if (!inThread && up && !target.isOnline() && passes(CpuHotplugState.BRINGUP_CPU.number())) {
        x.then(advance);
        place = CpuHotplugState.BRINGUP_CPU.number();
        target.bringUp();
        return;
      }
      if (!inThread && !up && target.isOnline() && passes(CpuHotplugState.TEARDOWN_CPU.number())) {
        x.then(advance);
        place = CpuHotplugState.TEARDOWN_CPU.number() - 1;
        takeDown(x);
        return;
      }
      Map.Entry<Integer, Registered> state = next();
      if (state == null) {
        if (!inThread) {
          reached[cpu] = up ? CpuHotplugState.ONLINE.number() : 0;
        }
        return;
      }
      boolean onThread = state.getKey() > CpuHotplugState.TEARDOWN_CPU.number();
      if (onThread && !inThread) {
        x.then(advance);
        callThread(x);
        return;
      }
      if (!onThread && inThread) {
        return;
      }
      x.then(returned);
      call(x, state.getKey(), state.getValue());
    }

    /** Whether the next state in the current direction lies beyond {@code number}. */
    private boolean passes(int number) {
      Map.Entry<Integer, Registered> state = next();
      return state == null || (up ? state.getKey() > number : state.getKey() < number);
    }

    private void call(Exec x, int number, Registered state) {
      calling = number;
      x.setResult(0);
      machine
          .trace()
          .emit(
              x.nowNs(),
              x.cpu().id(),
              Tracepoint.CPUHP_ENTER,
              cpu,
              number,
              machine.trace().name(state.name()));
      if (number == failAt && !rollback) {
        x.setResult(EBUSY);
        return;
      }
      if (atomicSection(number)) {
        x.irqsOff();
      }
      callback(state).run(x, cpu);
    }

    private void returned(Exec x) {
      int number = calling;
      x.then(advance);
      x.charge(Cost.HOTPLUG_CALLBACK);
      machine.trace().emit(x.nowNs(), x.cpu().id(), Tracepoint.CPUHP_EXIT, cpu, number, x.result());
      if (x.result() != 0 && !rollback) {
        outcome = x.result();
        rollback = true;
        up = !up;
      }
      // A failing state keeps its side: the walk back begins at the one passed before it.
      place = up ? number : number - 1;
    }

    /** Goes on in the CPU's own thread, the controlling task waiting. */
    private void callThread(Exec x) {
      if (threads[cpu] == null) {
        threads[cpu] = machine.newTask("cpuhp/" + cpu, true, CpuMask.of(cpu)).withFifo(1);
        threads[cpu].then(park);
      }
      threads[cpu].then(threadDone);
      threads[cpu].then(advance);
      threads[cpu].wake();
      x.block();
    }

    private void threadDone(Exec x) {
      control.wake();
    }

    private void park(Exec x) {
      x.then(park);
      x.block();
    }

    /**
     * {@code takedown_cpu}: the CPU leaves with interrupts disabled, the controlling task waits.
     */
    private void takeDown(Exec x) {
      machine
          .events()
          .schedule(x.nowNs(), arg -> target.raiseIrq(Machine.IRQ_CALL_FUNCTION, this::die), 0);
      x.block();
    }

    private void die(Exec x) {
      target.takeDown();
      control.wake();
    }
  }
}
