package sim.kernel;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * One step of simulated code: runs at one virtual instant.
 *
 * <p>A step changes state, charges the CPU time that this takes ({@link Exec#charge}), and says
 * what follows with {@link Exec#then}: the charge elapses first, interrupts may steal time from it,
 * and only then does the next step run. A step that names nothing to follow returns to whoever
 * called {@code then} before it, last in, first out, as a C function returns to its caller.
 * Whatever another CPU or an interrupt may observe separately has to be a step of its own.
 *
 * <p>Keep steps in fields: a method reference written in a loop is allocated each time.
 */
@ConsumerType
@FunctionalInterface
public interface Step {
  /**
   * Runs this step.
   *
   * @param x the execution it runs in: a task, a softirq or a hard interrupt
   */
  void run(Exec x);
}
