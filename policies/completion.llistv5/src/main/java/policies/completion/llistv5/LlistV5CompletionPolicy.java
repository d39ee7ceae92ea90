package policies.completion.llistv5;

import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import org.osgi.service.component.annotations.Component;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * Ends bios from a per-CPU delayed work item, as the fifth version of the series did: a lockless
 * list that is pushed to without disabling interrupts, and a timer of one tick that its first bio
 * arms.
 */
@Component(name = LlistV5CompletionPolicy.ID)
@PolicyId(LlistV5CompletionPolicy.ID)
@PolicySource("block/bio.c, series of 2026-04-08 (v5), not merged as such")
public final class LlistV5CompletionPolicy implements CompletionPolicy {
  static final String ID = "completion.llist-v5";

  @Override
  public CompletionDeferral attach(CompletionHost host) {
    return new LlistV5Deferral(host);
  }
}
