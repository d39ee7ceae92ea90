package policies.completion.unboundworkqueue;

import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import org.osgi.service.component.annotations.Component;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * Ends bios from an unbound high-priority workqueue, as EROFS does without threads of its own: the
 * scheduler finds a CPU of the same cache, so that a busy one does not hold its bios up.
 */
@Component(name = UnboundWorkqueueCompletionPolicy.ID)
@PolicyId(UnboundWorkqueueCompletionPolicy.ID)
@PolicySource("fs/erofs/zdata.c z_erofs_workqueue, WQ_UNBOUND | WQ_HIGHPRI")
public final class UnboundWorkqueueCompletionPolicy implements CompletionPolicy {
  static final String ID = "completion.unbound-workqueue";

  @Override
  public CompletionDeferral attach(CompletionHost host) {
    return new UnboundWorkqueueDeferral(host);
  }
}
