package launcher.scenario.run.testing;

import mm.core.AddressSpace;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import sim.kernel.Exec;

/** Flushes what was written in the writer's own task. */
public final class InlineWritebackPolicy implements WritebackPolicy {
  @Override
  public WritebackDeferral attach(WritebackHost host) {
    return new WritebackDeferral() {
      @Override
      public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
        host.flushRange(x, mapping, pos, countBytes);
      }

      @Override
      public void detach() {
        // Keeps nothing.
      }
    };
  }
}
