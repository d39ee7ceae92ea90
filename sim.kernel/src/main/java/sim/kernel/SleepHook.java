package sim.kernel;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Told when a worker's task blocks and wakes: what {@code wq_worker_sleeping} and {@code
 * wq_worker_running} are for.
 */
@ConsumerType
public interface SleepHook {
  /** Called on the task's CPU when it leaves the CPU to block. */
  void sleeping(Task task);

  /** Called when the task is made runnable again. */
  void running(Task task);
}
