package policies.completion.workqueuev4;

import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import org.osgi.service.component.annotations.Component;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * Ends bios from a per-CPU work item, as the first version of the series that deferred bios did: a
 * bio is deferred outside a task only, each one queues the work, and nothing is known of CPUs that
 * go but when they are dead.
 */
@Component(name = WorkqueueV4CompletionPolicy.ID)
@PolicyId(WorkqueueV4CompletionPolicy.ID)
@PolicySource("block/bio.c, series of 2026-03-25 (v4), not merged as such")
public final class WorkqueueV4CompletionPolicy implements CompletionPolicy {
  static final String ID = "completion.workqueue-v4";

  @Override
  public CompletionDeferral attach(CompletionHost host) {
    return new WorkqueueV4Deferral(host);
  }
}
