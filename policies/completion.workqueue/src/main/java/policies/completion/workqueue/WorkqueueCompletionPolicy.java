package policies.completion.workqueue;

import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import org.osgi.service.component.annotations.Component;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * Ends bios from a per-CPU work item, as the series that was merged for 7.3 does ({@code
 * block/bio.c}): a list a CPU, and its work is queued when the list was empty.
 */
@Component(name = WorkqueueCompletionPolicy.ID)
@PolicyId(WorkqueueCompletionPolicy.ID)
@PolicySource("block/bio.c bio_queue_completion(), bio_complete_work_fn(), 7.3")
public final class WorkqueueCompletionPolicy implements CompletionPolicy {
  static final String ID = "completion.workqueue";

  @Override
  public CompletionDeferral attach(CompletionHost host) {
    return new WorkqueueDeferral(host);
  }
}
