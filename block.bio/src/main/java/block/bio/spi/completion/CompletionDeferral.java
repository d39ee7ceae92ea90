package block.bio.spi.completion;

import block.bio.Bio;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import sim.kernel.Exec;

/** The pending bios of one policy in one run. */
@ConsumerType
public interface CompletionDeferral {
  /**
   * Whether this bio's end is to be deferred. Asked for each bio with {@link
   * block.bio.BioFlag#COMPLETE_IN_TASK}, in the context in which it completed; and for each bio
   * that another policy handed over, in {@code HARDIRQ} on the CPU it was pending on. If not, it
   * ends there and then. Merged series: {@code bio_in_atomic()}.
   */
  default boolean wants(Exec x, Bio bio) {
    return x.inAtomic();
  }

  /**
   * Takes over a completed bio, right after {@link #wants} has said yes and in the same context.
   * May push steps with {@code x.then}.
   *
   * @param bio not taken now; its link is the deferral's to use, as in a {@link block.bio.BioList}
   */
  void defer(Exec x, Bio bio);

  /**
   * Leaves the run: hands back each bio that was not given to {@link CompletionHost#endBio}, those
   * that a worker had already taken from its list included. Called once, between two events; the
   * deferral's tasks and timers may still run afterwards and must find nothing.
   *
   * @return by CPU and then by arrival; never null
   */
  List<Bio> detach();

  /** Number of bios it has; for displays. */
  int pending();
}
