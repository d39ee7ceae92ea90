package policies.eviction.ideal;

import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionDeferral;
import mm.core.spi.eviction.EvictionHost;
import mm.core.spi.eviction.EvictionPolicy;
import mm.core.spi.eviction.EvictionTask;
import org.osgi.service.component.annotations.Component;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * The bound of its family: unmaps a folio, and every TLB has forgotten it at no cost. No machine
 * can; no policy can be faster.
 */
@Component(name = IdealEvictionPolicy.ID)
@PolicyId(IdealEvictionPolicy.ID)
@PolicySource("none: a bound")
public final class IdealEvictionPolicy implements EvictionPolicy {
  static final String ID = "eviction.ideal";

  @Override
  public EvictionDeferral attach(EvictionHost host) {
    return new EvictionDeferral() {
      @Override
      public EvictionBatch newBatch(EvictionTask task) {
        return new ForgottenFolio(task);
      }

      @Override
      public void detach() {
        // All state is in the batches, which have handed back.
      }
    };
  }
}
