package policies.writeback.kickbdi;

import mm.core.AddressSpace;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import org.osgi.service.component.annotations.Component;
import sim.kernel.Exec;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * The writer wakes the flushers of the whole device and returns, as the second version of the
 * series did before pages were counted: they write everything that is dirty, DONTCACHE or not.
 */
@Component(name = KickBdiWritebackPolicy.ID)
@PolicyId(KickBdiWritebackPolicy.ID)
@PolicySource(
    "fs/fs-writeback.c wb_start_writeback(), series of 2026-04-08 (v2), not merged as such")
public final class KickBdiWritebackPolicy implements WritebackPolicy {
  static final String ID = "writeback.kick-bdi";

  @Override
  public WritebackDeferral attach(WritebackHost host) {
    return new WritebackDeferral() {
      @Override
      public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
        host.startAll(x, mapping);
      }

      @Override
      public void detach() {
        // Dirty folios stay where they are: nothing is pending here.
      }
    };
  }
}
