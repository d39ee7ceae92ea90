package policies.completion.rtthreadperbio;

import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * Ends bios with {@link block.bio.BioFlag#COMPLETE_IN_RT_THREAD} from a per-CPU SCHED_FIFO thread,
 * and the others from a per-CPU work item: the wish that EROFS has voiced in the review of the
 * series, for a file system that knows which of its reads an application waits for.
 */
@Component(name = RtThreadPerBioCompletionPolicy.ID)
@PolicyId(RtThreadPerBioCompletionPolicy.ID)
@PolicySource("none yet: asked for in the review of the series of 2026-03-25 (v4)")
@Designate(ocd = RtThreadPerBioCompletionPolicy.Config.class)
public final class RtThreadPerBioCompletionPolicy implements CompletionPolicy {
  static final String ID = "completion.rt-thread-per-bio";
  private static final int PRIORITY_MAX = 99;
  private final int priority;

  /** What can be set. */
  @ObjectClassDefinition(name = "Completion policy: real-time thread for bios that ask")
  public @interface Config {
    /** SCHED_FIFO priority. */
    @AttributeDefinition(
        name = "Priority",
        description =
            "SCHED_FIFO priority of the threads, 1 to 99, no unit. 50, the default, is"
                + " sched_set_fifo; 1 is sched_set_fifo_low, as EROFS has it.")
    int priority() default 50;
  }

  /** Refuses a priority that is out of range. */
  @Activate
  public RtThreadPerBioCompletionPolicy(Config config) {
    priority = config.priority();
    if (priority < 1 || priority > PRIORITY_MAX) {
      throw new IllegalArgumentException(
          ID + ": priority is " + priority + "; it must be from 1 to " + PRIORITY_MAX);
    }
  }

  @Override
  public CompletionDeferral attach(CompletionHost host) {
    return new PerBioDeferral(host, priority);
  }
}
