package policies.writeback.kicknodecounted;

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
 * The writer wakes its inode's flusher and returns, as the third version of the series did: the
 * flusher writes as many pages as are dirty and dropbehind on the whole node, other devices' too,
 * split among the groups of its device by what each of them writes.
 */
@Component(name = KickNodeCountedWritebackPolicy.ID)
@PolicyId(KickNodeCountedWritebackPolicy.ID)
@PolicySource("mm/filemap.c, series of 2026-04-26 (v3), not merged as such")
public final class KickNodeCountedWritebackPolicy implements WritebackPolicy {
  static final String ID = "writeback.kick-node-counted";

  @Override
  public WritebackDeferral attach(WritebackHost host) {
    return new WritebackDeferral() {
      @Override
      public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
        host.startDontcache(x, mapping, DontcacheKick.NODE_WIDE);
      }

      @Override
      public void detach() {
        // Dirty folios stay where they are: nothing is pending here.
      }
    };
  }
}
