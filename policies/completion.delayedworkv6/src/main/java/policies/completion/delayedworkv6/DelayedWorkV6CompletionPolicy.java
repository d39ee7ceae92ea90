package policies.completion.delayedworkv6;

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
 * Ends bios from a per-CPU delayed work item, as the sixth version of the series did before it was
 * merged without the delay: the first bio of a batch arms a timer of one tick, and the worker makes
 * way when the CPU is wanted.
 */
@Component(name = DelayedWorkV6CompletionPolicy.ID)
@PolicyId(DelayedWorkV6CompletionPolicy.ID)
@PolicySource("block/bio.c bio_complete_work_fn(), series of 2026-05-14 (v6), not merged as such")
@Designate(ocd = DelayedWorkV6CompletionPolicy.Config.class)
public final class DelayedWorkV6CompletionPolicy implements CompletionPolicy {
  static final String ID = "completion.delayed-work-v6";
  private static final long DELAY_TICKS_MAX = 1_000;
  private final long delayTicks;

  /** What can be set. */
  @ObjectClassDefinition(name = "Completion policy: per-CPU delayed work, v6")
  public @interface Config {
    /** Ticks of delay. */
    @AttributeDefinition(
        name = "Delay",
        description =
            "Ticks (of 1/HZ s) from a batch's first bio to its timer, 0 to 1000, rounded up by one"
                + " as timers are. 1, the default, is what was posted; 0 queues at once.")
    long delay_ticks() default 1;
  }

  /** Refuses a delay that is out of range. */
  @Activate
  public DelayedWorkV6CompletionPolicy(Config config) {
    delayTicks = config.delay_ticks();
    if (delayTicks < 0 || delayTicks > DELAY_TICKS_MAX) {
      throw new IllegalArgumentException(
          ID + ": delay.ticks is " + delayTicks + "; it must be from 0 to " + DELAY_TICKS_MAX);
    }
  }

  @Override
  public CompletionDeferral attach(CompletionHost host) {
    return new DelayedWorkDeferral(host, delayTicks);
  }
}
