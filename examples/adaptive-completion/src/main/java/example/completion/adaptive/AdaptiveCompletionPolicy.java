package example.completion.adaptive;

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
 * Ends bios from a per-CPU work item, which shares the CPU with fair tasks, as long as it keeps up;
 * a bio that finds the oldest one waiting for longer than that has a real-time thread end them all.
 * So an idle CPU pays for no thread, and a busy one is preempted once a batch, not once a bio.
 */
@Component(name = AdaptiveCompletionPolicy.ID)
@PolicyId(AdaptiveCompletionPolicy.ID)
@PolicySource("none: a proposal")
@Designate(ocd = AdaptiveCompletionPolicy.Config.class)
public final class AdaptiveCompletionPolicy implements CompletionPolicy {
  static final String ID = "completion.adaptive";
  private static final long AGE_US_MAX = 1_000_000;
  private static final int PRIORITY_MAX = 99;
  private final long ageNs;
  private final int priority;

  /** What can be set. */
  @ObjectClassDefinition(name = "Completion policy: adaptive")
  public @interface Config {
    /** Age. */
    @AttributeDefinition(
        name = "Age",
        description =
            "Microseconds that the oldest bio of a CPU has waited when the next one calls the"
                + " thread, 0 to 1000000. 500 is the default; 0 calls it for each bio but the"
                + " first of a batch.")
    long age_us() default 500;

    /** SCHED_FIFO priority. */
    @AttributeDefinition(
        name = "Priority",
        description =
            "SCHED_FIFO priority of the threads, 1 to 99, no unit. 50, the default, is"
                + " sched_set_fifo.")
    int priority() default 50;
  }

  /** Refuses what is out of range. */
  @Activate
  public AdaptiveCompletionPolicy(Config config) {
    requireWithin("age.us", config.age_us(), 0, AGE_US_MAX);
    requireWithin("priority", config.priority(), 1, PRIORITY_MAX);
    ageNs = config.age_us() * 1_000;
    priority = config.priority();
  }

  private static void requireWithin(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          ID + ": " + key + " is " + value + "; it must be from " + least + " to " + most);
    }
  }

  @Override
  public CompletionDeferral attach(CompletionHost host) {
    return new AdaptiveDeferral(host, ageNs, priority);
  }
}
