package block.bio.spi.completion;

import block.bio.Bio;
import block.bio.BioFlag;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import sim.kernel.Exec;

/** The pending bios of one policy in one run. */
@ConsumerType
public interface CompletionDeferral {
  /**
   * Whether this bio's end is to be deferred. Asked for each bio with {@link
   * block.bio.BioFlag#COMPLETE_IN_TASK}, in the context in which it completed; and for each bio
   * that another policy handed over, in an interrupt on the CPU it was pending on. If not, it ends
   * there and then. On PREEMPT_RT both are a thread with softirqs disabled, in which {@code inTask}
   * holds and nothing may sleep. Merged series: {@code bio_in_atomic()}.
   */
  default boolean wants(Exec x, Bio bio) {
    return x.inAtomic();
  }

  /**
   * Whether a bio whose own end asks for a task is to be deferred, that end to be called again then
   * ({@code bio_complete_in_task()}). Asked in the context of that end, the second one too.
   *
   * @return as {@link #wants}, once: a bio that was deferred has its task, even on a build that
   *     can't tell that it is one
   */
  default boolean wantsFromHandler(Exec x, Bio bio) {
    return !bio.has(BioFlag.COMPLETE_IN_TASK) && wants(x, bio);
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
   * @return those of one CPU that ask for the same task in the order in which they came; never null
   */
  List<Bio> detach();

  /**
   * Whether somebody will come for the bios of a CPU: a work item, timer or thread that ends them
   * is pending or running. Asked between steps, while the deferral has bios that completed there;
   * changes nothing. What a hotplug callback will do need not be counted: nothing is asked about a
   * CPU on its way.
   *
   * @return true, for a deferral that can't say: that it ends none is then seen after 30 s only
   */
  default boolean drains(int cpu) {
    return true;
  }

  /** Number of bios it has; for displays. */
  int pending();
}
