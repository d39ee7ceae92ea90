package block.bio.direct;

import org.osgi.annotation.versioning.ConsumerType;
import sim.kernel.Exec;

/** Who is told that an asynchronous direct I/O has ended ({@code ki_complete}). */
@ConsumerType
@FunctionalInterface
public interface DirectIoEnd {
  /**
   * Called once a submission, in the context that ended its last bio; in the submitting task if no
   * bio was needed. {@link DirectIo#result} is final; {@code io} may be submitted again from here
   * on.
   */
  void ended(Exec x, DirectIo io);
}
