package sim.kernel.lock;

import sim.kernel.Exec;

/** A lock that code holds over steps, and that can be taken from it if it breaks. */
interface HeldLock {
  /** Gives it back, in the name of its holder. */
  void unlock(Exec x);
}
