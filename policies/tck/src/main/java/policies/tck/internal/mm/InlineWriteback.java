package policies.tck.internal.mm;

import mm.core.AddressSpace;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import sim.kernel.Exec;

/** The writer writes its own range out: for trials of something else. */
final class InlineWriteback implements WritebackPolicy {
  @Override
  public WritebackDeferral attach(WritebackHost host) {
    return new WritebackDeferral() {
      @Override
      public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
        host.flushRange(x, mapping, pos, countBytes);
      }

      @Override
      public void detach() {
        // There is nothing pending.
      }
    };
  }
}
