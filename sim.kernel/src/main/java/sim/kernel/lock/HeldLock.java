package sim.kernel.lock;

import sim.kernel.Exec;
import sim.kernel.Task;

/** A lock that code holds over steps, and that can be taken from it if it breaks. */
interface HeldLock {
  /** Gives it back, in the name of its holder. */
  void unlock(Exec x);

  /** A task that holds it, or waits for it, is no longer on a CPU. */
  default void leavesCpu(Task task) {}
}
