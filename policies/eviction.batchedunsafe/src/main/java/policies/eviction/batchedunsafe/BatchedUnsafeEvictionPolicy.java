package policies.eviction.batchedunsafe;

import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionDeferral;
import mm.core.spi.eviction.EvictionHost;
import mm.core.spi.eviction.EvictionPolicy;
import mm.core.spi.eviction.EvictionTask;
import org.osgi.service.component.annotations.Component;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * Unmaps folios as they come, unlocks the dirty anonymous and shmem ones and keeps 31 of them in a
 * batch, which shares one TLB flush, as the series was first posted. While a folio is unlocked its
 * TLB entries still let other CPUs store to it: whoever else writes it out meanwhile misses these
 * stores, and the batch frees it as clean. Wrong on purpose; the run says which store was lost.
 */
@Component(name = BatchedUnsafeEvictionPolicy.ID)
@PolicyId(BatchedUnsafeEvictionPolicy.ID)
@PolicySource("\"mm, vmscan: flush TLB for every 31 folios evictions\", v1, 2026-03-09")
public final class BatchedUnsafeEvictionPolicy implements EvictionPolicy {
  static final String ID = "eviction.batched-unsafe";

  @Override
  public EvictionDeferral attach(EvictionHost host) {
    return new EvictionDeferral() {
      @Override
      public EvictionBatch newBatch(EvictionTask task) {
        return new UnlockedBatch(task);
      }

      @Override
      public void detach() {
        // All state is in the batches, which have handed back.
      }
    };
  }
}
