package policies.writeback.kickcountedv4;

import mm.core.AddressSpace;
import mm.core.spi.writeback.DontcacheKick;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import org.osgi.service.component.annotations.Component;
import sim.kernel.Exec;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * The writer wakes its inode's flusher and returns, as the fourth and fifth version of the series
 * did: a kick is taken back when it was served, so that one in between is lost, and the approximate
 * counter may miss the last pages of each CPU.
 */
@Component(name = KickCountedV4WritebackPolicy.ID)
@PolicyId(KickCountedV4WritebackPolicy.ID)
@PolicySource("mm/filemap.c, series of 2026-05-01 and 05-04 (v4, v5), not merged as such")
public final class KickCountedV4WritebackPolicy implements WritebackPolicy {
  static final String ID = "writeback.kick-counted-v4";

  @Override
  public WritebackDeferral attach(WritebackHost host) {
    return new WritebackDeferral() {
      @Override
      public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
        host.startDontcache(x, mapping, DontcacheKick.CLEARED_AFTER);
      }

      @Override
      public void detach() {
        // Dirty folios stay where they are: nothing is pending here.
      }
    };
  }
}
