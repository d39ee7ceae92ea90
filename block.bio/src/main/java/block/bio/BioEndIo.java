package block.bio;

import org.osgi.annotation.versioning.ConsumerType;
import sim.kernel.Exec;

/** What a bio's owner does when it has ended ({@code bi_end_io}). */
@ConsumerType
@FunctionalInterface
public interface BioEndIo {
  /**
   * Called once for each submitted bio, in hard interrupt, softirq or task context: whichever the
   * device, the queue and the completion policy lead to. May push steps with {@code x.then}. The
   * bio's status is final; the owner gives it back with {@link BioPool#free} here or later.
   */
  void endIo(Exec x, Bio bio);
}
