package policies.completion.highpriworkqueue;

import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import org.osgi.service.component.annotations.Component;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * Ends bios as {@code completion.workqueue} does, from workers of nice -20: what remains of the
 * wait for a busy CPU if the merged series had asked for {@code WQ_HIGHPRI}.
 */
@Component(name = HighpriWorkqueueCompletionPolicy.ID)
@PolicyId(HighpriWorkqueueCompletionPolicy.ID)
@PolicySource("block/bio.c bio_complete_work_fn(), 7.3, with WQ_HIGHPRI")
public final class HighpriWorkqueueCompletionPolicy implements CompletionPolicy {
  static final String ID = "completion.highpri-workqueue";

  @Override
  public CompletionDeferral attach(CompletionHost host) {
    return new HighpriWorkqueueDeferral(host);
  }
}
