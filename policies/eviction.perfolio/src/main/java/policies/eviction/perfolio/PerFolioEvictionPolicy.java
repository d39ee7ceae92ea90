package policies.eviction.perfolio;

import java.util.Objects;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionDeferral;
import mm.core.spi.eviction.EvictionHost;
import mm.core.spi.eviction.EvictionPolicy;
import mm.core.spi.eviction.EvictionTask;
import org.osgi.service.component.annotations.Component;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * Unmaps a folio and flushes the TLBs for it alone, before the next one is looked at: what a task
 * does that unmaps without {@code TTU_BATCH_FLUSH}, and what reclaim does for each dirty folio that
 * it writes.
 */
@Component(name = PerFolioEvictionPolicy.ID)
@PolicyId(PerFolioEvictionPolicy.ID)
@PolicySource("mm/rmap.c try_to_unmap_one(), without TTU_BATCH_FLUSH")
public final class PerFolioEvictionPolicy implements EvictionPolicy {
  static final String ID = "eviction.per-folio";

  @Override
  public EvictionDeferral attach(EvictionHost host) {
    return new EvictionDeferral() {
      @Override
      public EvictionBatch newBatch(EvictionTask task) {
        return new PerFolioBatch(Objects.requireNonNull(task, "task"));
      }

      @Override
      public void detach() {
        // All state is in the batches, which have handed back.
      }
    };
  }
}
