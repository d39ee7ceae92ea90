package block.bio.spi.completion;

import org.osgi.annotation.versioning.ConsumerType;

/** A way to end bios whose end wants a task: an immutable factory, one for any number of runs. */
@ConsumerType
@FunctionalInterface
public interface CompletionPolicy {
  /**
   * Comes into use in a run. Called between two events, once for each time it comes into use.
   *
   * @param host the run's block layer, for this use only
   * @return the state of this use, new each time
   * @throws sim.kernel.spi.PolicyRefusedException if it can't serve the host's machine
   */
  CompletionDeferral attach(CompletionHost host);
}
