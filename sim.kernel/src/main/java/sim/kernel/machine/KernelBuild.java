package sim.kernel.machine;

import java.util.Objects;

/**
 * The build and boot options of a kernel that decide where code may be preempted.
 *
 * @param preempt model the kernel was booted with
 * @param preemptDynamic {@code CONFIG_PREEMPT_DYNAMIC}: compiled preemptible, whatever was booted
 * @param debugAtomicSleep {@code CONFIG_DEBUG_ATOMIC_SLEEP}: switches the preempt count on
 * @param hz ticks a second: 100, 250, 300 or 1000
 */
public record KernelBuild(
    PreemptModel preempt, boolean preemptDynamic, boolean debugAtomicSleep, int hz) {

  /** A distribution's kernel: dynamic preemption booted as {@code none}, 250 ticks a second. */
  public static final KernelBuild DEFAULT = new KernelBuild(PreemptModel.NONE, true, false, 250);

  /** Refuses tick rates that no kernel offers. */
  public KernelBuild {
    Objects.requireNonNull(preempt, "preempt");
    if (hz != 100 && hz != 250 && hz != 300 && hz != 1000) {
      throw new IllegalArgumentException("hz is " + hz + "; it must be 100, 250, 300 or 1000");
    }
  }

  /** {@code CONFIG_PREEMPT_RT}: spinlocks sleep, interrupt handlers and softirqs are threads. */
  public boolean rt() {
    return preempt == PreemptModel.RT;
  }

  /** {@code CONFIG_PREEMPTION}: kernel code is compiled preemptible and RCU readers are counted. */
  public boolean preemption() {
    return preemptDynamic || preempt.compareTo(PreemptModel.LAZY) >= 0;
  }

  /**
   * {@code CONFIG_PREEMPT_COUNT}: the preempt count is kept, so that {@code preemptible()} works.
   */
  public boolean preemptCount() {
    return preemption() || debugAtomicSleep;
  }

  /** Nanoseconds from one tick to the next. */
  public long tickNs() {
    return 1_000_000_000L / hz;
  }
}
