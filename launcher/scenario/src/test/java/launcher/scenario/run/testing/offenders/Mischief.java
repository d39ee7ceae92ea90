package launcher.scenario.run.testing.offenders;

import java.util.EnumSet;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.event.EventHandler;
import sim.kernel.lock.LockClass;
import sim.kernel.lock.SpinLock;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;

/** Does something wrong that needs no family: on a worker, or in an event. */
final class Mischief {
  private static final int WHEN = 5;

  private final Machine machine;
  private final Offence offence;
  private final SpinLock lock = new SpinLock(new LockClass("offender.lock"));
  private final Step loops = this::loops;
  private final EventHandler eventLoops = this::eventLoops;
  private int calls;
  private int ends;

  Mischief(Machine machine, Offence offence) {
    this.machine = machine;
    this.offence = offence;
  }

  /** Whether what is ended now is to be ended again. */
  boolean isDueToEnd() {
    return ++ends == WHEN;
  }

  /** Called first thing in each of the policy's calls. */
  void called(Exec x) {
    if (++calls != WHEN) {
      return;
    }
    switch (offence) {
      case CALL_THROWS -> throw new UnsupportedOperationException("can't");
      case CALL_THROWS_AN_ERROR -> throw new NoClassDefFoundError("a/bundle/that/was/Refreshed");
      case CALL_THROWS_HOLDING -> {
        lock.lock(x);
        x.preemptDisable();
        x.irqDisable();
        throwsNow(x);
      }
      case CALL_STEP_THROWS_HOLDING -> takesLock(x);
      case STEP_THROWS -> onWorker(x, this::throwsNow);
      case STEP_THROWS_HOLDING -> onWorker(x, this::takesLock);
      case EVENT_THROWS -> machine.events().schedule(x.nowNs(), arg -> throwsNow(null), 0);
      case STEP_LOOPS -> onWorker(x, loops);
      case EVENT_LOOPS -> machine.events().schedule(x.nowNs(), eventLoops, 0);
      case EVENTS_WITHOUT_END -> onWorker(x, this::schedulesForEver);
      case WORK_WITHOUT_END -> onWorker(x, this::queuesForEver);
      case TASKS_WITHOUT_END -> onWorker(x, this::makesTasksForEver);
      default -> {}
    }
  }

  private void onWorker(Exec x, Step step) {
    Workqueue queue =
        machine
            .workqueues()
            .alloc("offender", Workqueue.ACTIVE_DEFAULT, EnumSet.noneOf(Workqueue.Flag.class));
    machine.workqueues().queue(x, queue, new Work("offend", step));
  }

  private void throwsNow(Exec x) {
    throw new UnsupportedOperationException("can't");
  }

  private void takesLock(Exec x) {
    x.then(this::throwsNow);
    lock.lock(x);
    x.preemptDisable();
    x.irqDisable();
  }

  private void loops(Exec x) {
    x.then(loops);
  }

  private void eventLoops(long arg) {
    machine.events().schedule(machine.nowNs(), eventLoops, 0);
  }

  private void schedulesForEver(Exec x) {
    while (true) {
      machine.events().schedule(machine.nowNs() + 1_000_000_000, eventLoops, 0);
    }
  }

  private void queuesForEver(Exec x) {
    Workqueue queue =
        machine.workqueues().alloc("offender2", 1, EnumSet.noneOf(Workqueue.Flag.class));
    while (true) {
      machine.workqueues().queue(x, queue, new Work("offend", y -> {}));
    }
  }

  private void makesTasksForEver(Exec x) {
    while (true) {
      machine.newTask("offender", true, CpuMask.of(0));
    }
  }
}
