package policies.eviction.batched;

import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionDeferral;
import mm.core.spi.eviction.EvictionHost;
import mm.core.spi.eviction.EvictionPolicy;
import mm.core.spi.eviction.EvictionTask;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * Unmaps folios as they come; the clean ones share a TLB flush, and stay locked until then; a dirty
 * anonymous or shmem folio is flushed for at once, before it is written out. What {@code
 * shrink_folio_list} does in every released kernel.
 */
@Component(name = BatchedEvictionPolicy.ID)
@PolicyId(BatchedEvictionPolicy.ID)
@PolicySource("mm/vmscan.c shrink_folio_list(), mm/rmap.c try_to_unmap_flush_dirty()")
@Designate(ocd = BatchedEvictionPolicy.Config.class)
public final class BatchedEvictionPolicy implements EvictionPolicy {
  static final String ID = "eviction.batched";
  private static final int FOLIOS_MAX = 255;
  private final int foliosPerBatch;

  /** What can be set. */
  @ObjectClassDefinition(name = "Eviction policy: batched TLB flush")
  public @interface Config {
    /** Folios in a batch. */
    @AttributeDefinition(
        name = "Batch",
        description =
            "Clean folios that share a flush, 1 to 255. 31, the default, is what a folio_batch"
                + " holds; 1 flushes for each.")
    int folios() default 31;
  }

  /** Refuses a batch that is out of range. */
  @Activate
  public BatchedEvictionPolicy(Config config) {
    foliosPerBatch = config.folios();
    if (foliosPerBatch < 1 || foliosPerBatch > FOLIOS_MAX) {
      throw new IllegalArgumentException(
          ID + ": folios is " + foliosPerBatch + "; it must be from 1 to " + FOLIOS_MAX);
    }
  }

  @Override
  public EvictionDeferral attach(EvictionHost host) {
    return new EvictionDeferral() {
      @Override
      public EvictionBatch newBatch(EvictionTask task) {
        return new UnmappedBatch(task, foliosPerBatch);
      }

      @Override
      public void detach() {
        // All state is in the batches, which have handed back.
      }
    };
  }
}
