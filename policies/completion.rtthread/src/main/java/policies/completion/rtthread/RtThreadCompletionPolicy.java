package policies.completion.rtthread;

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
 * Ends bios from a per-CPU SCHED_FIFO thread, which EROFS on Android asks for ({@code
 * fs/erofs/zdata.c}, {@code CONFIG_EROFS_FS_PCPU_KTHREAD}): it runs ahead of every fair task.
 */
@Component(name = RtThreadCompletionPolicy.ID)
@PolicyId(RtThreadCompletionPolicy.ID)
@PolicySource("fs/erofs/zdata.c erofs_init_percpu_worker(), CONFIG_EROFS_FS_PCPU_KTHREAD")
@Designate(ocd = RtThreadCompletionPolicy.Config.class)
public final class RtThreadCompletionPolicy implements CompletionPolicy {
  static final String ID = "completion.rt-thread";
  private static final int PRIORITY_MAX = 99;
  private final int priority;

  /** What can be set. */
  @ObjectClassDefinition(name = "Completion policy: per-CPU real-time thread")
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
  public RtThreadCompletionPolicy(Config config) {
    priority = config.priority();
    if (priority < 1 || priority > PRIORITY_MAX) {
      throw new IllegalArgumentException(
          ID + ": priority is " + priority + "; it must be from 1 to " + PRIORITY_MAX);
    }
  }

  @Override
  public CompletionDeferral attach(CompletionHost host) {
    return new RtThreadDeferral(host, priority);
  }
}
