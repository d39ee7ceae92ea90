package policies.writeback.inline;

import mm.core.AddressSpace;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import org.osgi.service.component.annotations.Component;
import sim.kernel.Exec;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * The writer writes its own range out before its call returns, as kernels 6.15 to 7.1 do: it walks
 * the range, builds the bios and submits them, and waits for whatever submission waits for.
 */
@Component(name = InlineWritebackPolicy.ID)
@PolicyId(InlineWritebackPolicy.ID)
@PolicySource("mm/filemap.c filemap_fdatawrite_range_kick(), 6.15 to 7.1")
public final class InlineWritebackPolicy implements WritebackPolicy {
  static final String ID = "writeback.inline";

  @Override
  public WritebackDeferral attach(WritebackHost host) {
    return new WritebackDeferral() {
      @Override
      public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
        host.flushRange(x, mapping, pos, countBytes);
      }

      @Override
      public void detach() {
        // Dirty folios stay where they are: nothing is pending here.
      }
    };
  }
}
