package sim.kernel.workqueue;

import sim.kernel.Cpu;
import sim.kernel.Step;
import sim.kernel.time.Timer;

/** A work item with a timer before it ({@code struct delayed_work}). */
public final class DelayedWork extends Work {
  final Timer timer;
  Cpu cpu;

  /**
   * A delayed work item that is not queued.
   *
   * @param name the function's name, for the trace
   * @param function its first step, in a worker's task
   */
  public DelayedWork(String name, Step function) {
    super(name, function);
    timer = new Timer(x -> x.machine().workqueues().delayExpired(x, this));
  }
}
