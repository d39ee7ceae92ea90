package block.bio.spi.completion;

import block.bio.Bio;
import org.osgi.annotation.versioning.ProviderType;
import sim.kernel.Exec;
import sim.kernel.Machine;

/** What the block layer offers one use of a policy. */
@ProviderType
public interface CompletionHost {
  /** The run's machine: CPUs, workqueues, kthreads, timers, costs. */
  Machine machine();

  /**
   * Ends a bio ({@code bi_end_io}): calls its owner here, in this task. The owner may push steps
   * with {@code x.then}; they run before whatever the caller pushed earlier.
   *
   * @param bio taken by {@code defer} and not ended since
   * @throws IllegalStateException if this use doesn't have the bio: it was ended before, was handed
   *     back, or never deferred. Also recorded as a complaint, as is a call outside a task.
   */
  void endBio(Exec x, Bio bio);

  /**
   * Ends a bio here and now as if in a task, whatever the context, and at no cost: no kernel can.
   * For bounds only.
   *
   * @param bio taken by {@code defer} and not ended since
   */
  void endBioAsTask(Exec x, Bio bio);
}
