package sim.kernel.time;

import java.util.ArrayDeque;
import sim.kernel.Cpu;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.SchedClass;
import sim.kernel.Softirq;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.event.EventHandler;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/**
 * The timer wheel ({@code kernel/time/timer.c}): timers expire at ticks, in TIMER softirq on their
 * CPU, never early and by up to one granule of their level late. Also sleeps of exact length, as
 * high resolution timers give.
 */
public final class TimerWheel {
  private static final int LEVELS = 9;
  private static final int LEVEL_SHIFT = 3;
  private static final int LEVEL_SLOTS = 64;

  private final Machine machine;
  private final long tickNs;
  private final PerCpu[] perCpu;
  private final EventHandler hrtimerFired;
  private Task[] sleepers = new Task[64];

  /** Expired timers of one CPU that TIMER softirq has not run yet. */
  private final class PerCpu {
    final Cpu cpu;
    final ArrayDeque<Timer> expired = new ArrayDeque<>();
    final Step next = this::next;
    final Step interrupt = this::interrupt;
    boolean interruptRaised;

    /** Sleepers whose time has come and that HRTIMER softirq is to wake; PREEMPT_RT only. */
    final ArrayDeque<Task> sleepers = new ArrayDeque<>();

    final Step hrtimerInterrupt = this::hrtimerInterrupt;

    PerCpu(Cpu cpu) {
      this.cpu = cpu;
    }

    void expire(Timer timer) {
      if (!cpu.isOnline()) {
        // timers_dead_cpu: what a dead CPU left armed has moved to another.
        timer.cpu = machine.firstOnlineCpu();
        perCpu[timer.cpu.id()].expire(timer);
        return;
      }
      timer.handle = 0;
      timer.expired = true;
      expired.addLast(timer);
      if (!interruptRaised) {
        interruptRaised = true;
        cpu.raiseIrq(Machine.IRQ_TIMER, interrupt);
      }
    }

    private void interrupt(Exec x) {
      interruptRaised = false;
      x.charge(Cost.TICK);
      cpu.raiseSoftirq(Softirq.TIMER);
    }

    private void hrtimerInterrupt(Exec x) {
      x.charge(Cost.TICK);
      cpu.raiseSoftirq(Softirq.HRTIMER);
    }

    private void wakeSleepers(Exec x) {
      // Ends when none is left; each turn takes one off.
      while (!sleepers.isEmpty()) {
        x.charge(Cost.WAKE);
        sleepers.pollFirst().wake();
      }
    }

    private void next(Exec x) {
      Timer timer = expired.pollFirst();
      if (timer == null) {
        return;
      }
      x.then(next);
      timer.expired = false;
      machine.trace().emit(x.nowNs(), cpu.id(), Tracepoint.TIMER_EXPIRE, timer.expiresTick);
      timer.function().run(x);
    }
  }

  /** {@code timers_dead_cpu}: timers that expired on a dead CPU and did not run are another's. */
  public void moveExpired(Cpu dead, Cpu other) {
    ArrayDeque<Timer> left = perCpu[dead.id()].expired;
    // Ends when none is left; each turn takes one off.
    while (!left.isEmpty()) {
      Timer timer = left.pollFirst();
      timer.cpu = other;
      perCpu[other.id()].expired.addLast(timer);
    }
    perCpu[other.id()].sleepers.addAll(perCpu[dead.id()].sleepers);
    perCpu[dead.id()].sleepers.clear();
  }

  /** A wheel without timers. */
  public TimerWheel(Machine machine) {
    this.machine = machine;
    tickNs = machine.build().tickNs();
    perCpu = new PerCpu[machine.cpuCount()];
    for (int cpu = 0; cpu < perCpu.length; cpu++) {
      perCpu[cpu] = new PerCpu(machine.cpu(cpu));
    }
    machine.openSoftirq(Softirq.TIMER, x -> perCpu[x.cpu().id()].next.run(x));
    machine.openSoftirq(Softirq.HRTIMER, x -> perCpu[x.cpu().id()].wakeSleepers(x));
    hrtimerFired = machine.build().rt() ? this::expireOnRt : this::wakeSleeper;
  }

  /** Ticks since the start of the run ({@code jiffies}). */
  public long jiffies() {
    return machine.nowNs() / tickNs;
  }

  /** The smallest number of ticks that lasts at least {@code ns} ({@code nsecs_to_jiffies}, up). */
  public long ticksOf(long ns) {
    return (ns + tickNs - 1) / tickNs;
  }

  /**
   * {@code mod_timer}: arms or re-arms a timer.
   *
   * @param cpu where it expires
   * @param delayTicks ticks from now, at least 0
   */
  public void arm(Timer timer, Cpu cpu, long delayTicks) {
    disarm(timer);
    timer.cpu = cpu;
    timer.expiresTick = expiryTick(jiffies(), delayTicks);
    PerCpu target = perCpu[cpu.id()];
    timer.handle =
        machine.events().schedule(timer.expiresTick * tickNs, arg -> target.expire(timer), 0);
  }

  /** Rounds up by one granule of the level that the delay falls in ({@code calc_index}). */
  static long expiryTick(long nowTick, long delayTicks) {
    int level = 0;
    while (level < LEVELS - 1 && delayTicks >= (long) (LEVEL_SLOTS - 1) << level * LEVEL_SHIFT) {
      level++;
    }
    int shift = level * LEVEL_SHIFT;
    return (nowTick + delayTicks >> shift) + 1 << shift;
  }

  /** {@code del_timer}: false if it was not pending. */
  public boolean disarm(Timer timer) {
    if (timer.handle != 0) {
      machine.events().cancel(timer.handle);
      timer.handle = 0;
      return true;
    }
    if (timer.expired) {
      timer.expired = false;
      perCpu[timer.cpu.id()].expired.remove(timer);
      return true;
    }
    return false;
  }

  /**
   * {@code schedule_timeout}: blocks the current task for a number of ticks, rounded as timers are.
   * Allocates a timer; for pauses, not for the hot path.
   */
  public void scheduleTimeout(Exec x, long ticks) {
    x.mightSleep();
    Task task = x.task();
    arm(new Timer(softirq -> task.wake()), x.cpu(), ticks);
    x.block();
  }

  /** Blocks the current task for exactly {@code ns} ({@code schedule_hrtimeout}). */
  public void sleep(Exec x, long ns) {
    x.mightSleep();
    Task task = x.task();
    if (task.id() >= sleepers.length) {
      sleepers = java.util.Arrays.copyOf(sleepers, Math.max(task.id() + 1, sleepers.length * 2));
    }
    sleepers[task.id()] = task;
    machine.events().schedule(x.nowNs() + x.chargedNs() + ns, hrtimerFired, task.id());
    x.block();
  }

  /**
   * {@code hrtimer_setup_sleeper_on_stack} of PREEMPT_RT: a SCHED_FIFO task is woken by the timer's
   * interrupt, at once; a fair one by HRTIMER softirq.
   */
  private void expireOnRt(long taskId) {
    Task task = sleepers[(int) taskId];
    if (task.schedClass() == SchedClass.FIFO) {
      task.wake();
      return;
    }
    Cpu cpu = task.cpu().isOnline() ? task.cpu() : machine.firstOnlineCpu();
    perCpu[cpu.id()].sleepers.addLast(task);
    cpu.raiseIrq(Machine.IRQ_TIMER, perCpu[cpu.id()].hrtimerInterrupt);
  }

  private void wakeSleeper(long taskId) {
    sleepers[(int) taskId].wake();
  }
}
