package sim.kernel;

import sim.kernel.event.EventHandler;

/**
 * Runs a task of {@link Machine#newIdealTask} in the place of a CPU: all that it can do at an
 * instant, at that instant, between what the CPUs do.
 */
final class IdealRunner {
  /** Steps at one virtual instant before the run is declared stuck. */
  private static final int STEPS_PER_INSTANT_MAX = 20_000_000;

  private final Task task;
  private final EventHandler run = arg -> run();

  IdealRunner(Task task) {
    this.task = task;
  }

  void begin(Cpu cpu, Step body) {
    if (!task.blocking || task.hasStep()) {
      throw new IllegalStateException(task + ": has not ended what it began before");
    }
    task.cpu = cpu;
    task.setAffinity(CpuMask.of(cpu.id()));
    task.then(body);
    task.wake();
  }

  void woken() {
    task.asleep = false;
    task.machine().events().schedule(task.nowNs(), run, 0);
  }

  private void run() {
    try {
      loop();
    } catch (Throwable thrown) {
      if (!task.machine().oopses().survives(task, thrown)) {
        throw thrown;
      }
      task.remainingNs = 0;
      task.spinning = false;
      if (!task.blocking) {
        loop();
      }
    }
    task.blocking = true;
    task.asleep = true;
  }

  private void loop() {
    int steps = 0;
    while (!task.blocking && task.hasStep()) {
      Step step = task.popStep();
      if (++steps > STEPS_PER_INSTANT_MAX || task.spinning) {
        throw new InstantOverrunException(
            task + ": spins, or loops for ever, at virtual time " + task.nowNs() + " ns", step);
      }
      step.run(task);
      // The scheduler's and user mode's charges don't ask whether time is taken.
      task.remainingNs = 0;
    }
  }
}
