package launcher.scenario.internal.workload;

import sim.kernel.Exec;

/** How a job's I/O gets into the kernel and back ({@code struct ioengine_ops}). */
interface JobEngine {
  /**
   * Takes a unit; it is queued afterwards, or has completed and the job was told. Step function of
   * the job's task.
   */
  void queue(Exec x, IoUnit unit);

  /** Hands what is queued to the kernel. Step function of the job's task. */
  void commit(Exec x);

  /**
   * Commits, waits for completions and tells the job of each. Step function of the job's task.
   *
   * @param min how many to wait for, at least 1 and no more than there are units queued or in
   *     flight
   * @param max how many to take at most, at least {@code min}
   */
  void await(Exec x, int min, int max);

  /** Ends an {@link #await} before anything has completed; in any context. */
  default void interrupt() {
    // Only what is asynchronous is awaited.
  }

  /** Lets go of what the job holds, at its end. Step function of the job's task. */
  default void close(Exec x) {
    // Most engines hold nothing.
  }
}
