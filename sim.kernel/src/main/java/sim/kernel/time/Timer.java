package sim.kernel.time;

import sim.kernel.Cpu;
import sim.kernel.Step;

/** A timer of the wheel ({@code struct timer_list}); runs in TIMER softirq. */
public final class Timer {
  private final Step function;
  long handle;
  long expiresTick;
  Cpu cpu;
  boolean expired;

  /** A timer that is not armed. */
  public Timer(Step function) {
    this.function = function;
  }

  /** Whether it is armed, or has expired and not run yet. */
  public boolean isPending() {
    return handle != 0 || expired;
  }

  Step function() {
    return function;
  }
}
