package policies.eviction.batchedv4;

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
 * batch, which shares one TLB flush. Before it each is locked again, and goes back to its list if
 * somebody has it locked, mapped, pinned or under writeback; the others stay locked until they are
 * written out.
 *
 * <p>That is safe as long as nobody else writes such a folio: one that a driver writes between its
 * unlocking and the check misses stores as in {@code eviction.batched-unsafe}.
 */
@Component(name = BatchedV4EvictionPolicy.ID)
@PolicyId(BatchedV4EvictionPolicy.ID)
@PolicySource("\"mm/vmscan: flush TLB for every 31 folios evictions\", v4, 2026-05-25")
public final class BatchedV4EvictionPolicy implements EvictionPolicy {
  static final String ID = "eviction.batched-v4";

  @Override
  public EvictionDeferral attach(EvictionHost host) {
    return new EvictionDeferral() {
      @Override
      public EvictionBatch newBatch(EvictionTask task) {
        return new RecheckedBatch(task);
      }

      @Override
      public void detach() {
        // All state is in the batches, which have handed back.
      }
    };
  }
}
